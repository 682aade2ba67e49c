import type { LayerEntry, LayerListing } from '../../model/layer-files.ts'
import { kindOf } from '../../tree/local.ts'
import type { DirectoryReader } from '../directory-reader.ts'
import type { Inode } from '../reader.ts'

/**
 * What a whole tree has beyond those below it, nearest first: entries that differ in kind, mode, owner, length or time,
 * as the engines tell (pkg/archive changes.go), and those that are gone.
 */
export function compareTrees(directory: DirectoryReader, below: readonly DirectoryReader[]): LayerListing {
  const entries: LayerEntry[] = []
  const [base] = below
  const isBaseGone = base?.exists() === false
  for (const { path, stats } of directory.walk()) {
    const before = base?.at(path) ?? null
    if (before === null || isChanged(stats, before)) entries.push(directory.entry(path, stats))
  }
  return {
    source: 'comparison',
    path: directory.path,
    entries,
    whiteouts: base === undefined || isBaseGone ? [] : goneFrom(base, directory),
    opaque: [],
    opaqueKnown: true,
    problems: isBaseGone
      ? [`${base.path} below it is no directory any more, so that all of ${directory.path} counts as added`]
      : [],
  }
}

/** The topmost entries of a tree that another has not. */
function goneFrom(base: DirectoryReader, directory: DirectoryReader): string[] {
  const gone: string[] = []
  const pending = ['']
  for (let at = pending.pop(); at !== undefined; at = pending.pop()) {
    for (const name of base.names(at)) {
      const path = at === '' ? name : `${at}/${name}`
      const now = directory.at(path)
      if (now === null) gone.push(path)
      else if (now.isDirectory() && base.at(path)?.isDirectory() === true) pending.push(path)
    }
  }
  return gone
}

function isChanged(now: Inode, before: Inode): boolean {
  if (now.dev === before.dev && now.ino === before.ino) return false
  const isDirectory = now.isDirectory()
  return (
    kindOf(now) !== kindOf(before) ||
    (now.mode & 0o7777) !== (before.mode & 0o7777) ||
    now.uid !== before.uid ||
    now.gid !== before.gid ||
    now.rdev !== before.rdev ||
    (!isDirectory && (now.size !== before.size || !isSameTime(now.mtimeMs, before.mtimeMs)))
  )
}

/** Times of archives have whole seconds only: where one has no fraction, the seconds decide. */
const isSameTime = (a: number, b: number): boolean =>
  a === b || (Math.floor(a / 1000) === Math.floor(b / 1000) && (a % 1000 === 0 || b % 1000 === 0))
