import { isAbsolute, normalize, relative, resolve } from 'node:path'
import { Claims } from '../model/claims.ts'
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

/** Names that stand at the top of data roots: a path of another place is cut before one of them. */
const TOP =
  /^(?:overlay2|fuse-overlayfs|overlay|aufs|vfs|btrfs|zfs|devicemapper|image|graph|containers|volumes|buildkit|containerd|plugins|network|swarm|tmp|trust|runtimes|init|execdriver|libpod|secrets|[a-z]+-(?:images|layers|containers)|io\.containerd\..+)$/

/**
 * Finds where a path lies in one of the roots: one below a root, one relative to a root, or one as it stood where the
 * root was written (`/var/lib/docker/overlay2/…` of a disk that is mounted elsewhere). A short link of `l/` is read.
 * What is not there lies where the most of its directories are. Null where it can be in none of them.
 */
export function locate(query: string, roots: readonly string[], workingDirectory: string): Location | null {
  const absolute = resolve(workingDirectory, query)
  for (const root of roots) {
    if (absolute === root) return locationOf(root, '')
    if (absolute.startsWith(`${root}/`)) return locationOf(root, absolute.slice(root.length + 1))
  }
  let found: Location | null = null
  let depth = 0
  for (const path of isAbsolute(query) ? cuts(absolute) : inside(query))
    for (const root of roots) {
      const location = locationOf(root, path)
      const there = location.exists ? Number.POSITIVE_INFINITY : existingDepth(root, path)
      if (there > depth) [found, depth] = [location, there]
    }
  const isInside = !isAbsolute(query) && inside(query).length > 0
  if (!isInside || found?.exists === true) return found
  return belowDriver(query, roots) ?? found
}

const OVERLAY_HOMES = ['overlay2', 'fuse-overlayfs', 'overlay']

/** What `lower` and `link` hold, and a directory by its id: they are relative to the driver's own directory. */
function belowDriver(query: string, roots: readonly string[]): Location | null {
  const path = /^[A-Z2-7]{26}$/.test(query) ? `l/${query}` : query
  for (const root of roots)
    for (const home of OVERLAY_HOMES)
      for (const inHome of inside(`${home}/${path}`)) {
        const location = locationOf(root, inHome)
        if (location.exists) return location
      }
  return null
}

/** What a path may be called below a root: from each name on that can stand at the top of one. */
function cuts(path: string): string[] {
  const parts = path.split('/')
  return parts.flatMap((part, index) => (TOP.test(part) ? [parts.slice(index).join('/')] : []))
}

/** A relative path without detours; none where it climbs. */
const inside = (path: string): string[] =>
  normalize(path).startsWith('..') ? [] : [relative('/', resolve('/', path))]

/** How many of the directories on the way to a path are there. */
function existingDepth(root: string, path: string): number {
  const tree = new LocalTree(root)
  const parts = path.split('/')
  const missing = parts.findIndex((_, index) => !exists(tree, parts.slice(0, index + 1).join('/')))
  return missing === -1 ? parts.length : missing
}

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
  const stat = statOf(root, path)
  if (stat === null) return null
  if (stat.kind !== 'directory')
    return { contentBytes: stat.sizeBytes, diskBytes: stat.diskBytes ?? 0, files: 1 }
  const whole = new Claims()
  whole.add('', 'other', null, null)
  const { measurement } = measureRoot(path === '' ? root : `${root}/${path}`, whole, new Set(), {
    onProgress: () => true,
  })
  return measurement.tallies.at(0) ?? emptyTally()
}

function statOf(root: string, path: string) {
  try {
    return new LocalTree(root).stat(path)
  } catch {
    return null
  }
}
