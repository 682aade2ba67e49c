import { isAbsolute, resolve } from 'node:path'
import { emptyTally, type Tally } from '../model/places.ts'
import { LocalTree } from '../tree/local.ts'
import { measureRoot } from './measure.ts'

/** A path of a root, and the links that were read on the way to it. */
export interface Location {
  readonly root: string
  readonly path: string
  readonly exists: boolean
  readonly links: readonly { readonly path: string; readonly says: string }[]
}

/** Names that stand at the top of data roots: a path of another place is cut before the first of them. */
const TOPS =
  /\/(overlay2|fuse-overlayfs|overlay|aufs|vfs|btrfs|zfs|devicemapper|image|graph|containers|volumes|buildkit|containerd|plugins|network|swarm|tmp|trust|runtimes|init|execdriver|libpod|secrets|[a-z]+-(?:images|layers|containers)|io\.containerd\.[^/]+)(\/|$)/

/**
 * Finds where a path lies in one of the roots: one below a root, one relative to a root, or one as it stood where the
 * root was written (`/var/lib/docker/overlay2/…` of a disk that is mounted elsewhere). A short link of `l/` is read.
 * Null where it can be in none of them.
 */
export function locate(query: string, roots: readonly string[], workingDirectory: string): Location | null {
  const written = query.replace(/\/+$/, '') || '/'
  for (const root of roots) {
    const absolute = resolve(isAbsolute(written) ? written : resolve(workingDirectory, written))
    if (absolute === root) return locationOf(root, '')
    if (absolute.startsWith(`${root}/`)) return locationOf(root, absolute.slice(root.length + 1))
  }
  const [first] = roots
  if (!isAbsolute(written)) {
    const found = roots
      .map((root) => locationOf(root, clean(written)))
      .find((location) => location?.exists === true)
    return found ?? null
  }
  const top = TOPS.exec(written)
  return first === undefined || top === null ? null : locationOf(first, clean(written.slice(top.index + 1)))
}

const clean = (path: string): string =>
  path
    .split('/')
    .filter((part) => part !== '' && part !== '.' && part !== '..')
    .join('/')

function locationOf(root: string, path: string): Location {
  const tree = new LocalTree(root)
  const link = /^([^/]+)\/l\/([A-Z2-7]{26})(\/.*)?$/.exec(path)
  if (link !== null) {
    const [, home = '', name = '', rest = ''] = link
    const at = `${home}/l/${name}`
    const target = linkTarget(tree, at)
    const id = target === null ? null : (/^\.\.\/([^/]+)\/diff$/.exec(target)?.[1] ?? null)
    if (target !== null && id !== null && id !== '..') {
      const inside = `${home}/${id}/diff${rest}`
      return { root, path: inside, exists: exists(tree, inside), links: [{ path: at, says: target }] }
    }
  }
  return { root, path, exists: path === '' || exists(tree, path), links: [] }
}

function linkTarget(tree: LocalTree, path: string): string | null {
  try {
    return tree.readlink(path)
  } catch {
    return null
  }
}

function exists(tree: LocalTree, path: string): boolean {
  try {
    return tree.stat(path) !== null
  } catch {
    return false
  }
}

/** What lies at a path and below it; null where nothing does. */
export function measurePath(root: string, path: string): Tally | null {
  const whole = { path: '', place: 'other', owner: null, store: null, content: false } as const
  const stat = statOf(root, path)
  if (stat === null) return null
  if (stat.kind !== 'directory')
    return { contentBytes: stat.sizeBytes, diskBytes: stat.diskBytes ?? 0, files: 1 }
  const { measurement } = measureRoot(path === '' ? root : `${root}/${path}`, [whole], new Set(), {
    onProgress: () => true,
  })
  return measurement.tallies[0] ?? emptyTally()
}

function statOf(root: string, path: string) {
  try {
    return new LocalTree(root).stat(path)
  } catch {
    return null
  }
}
