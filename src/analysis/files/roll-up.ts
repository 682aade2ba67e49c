import type { FileChange } from './stack-layers.ts'

/** A change, or all those below a directory together; `entries` is how many it stands for. */
export interface RolledChange extends FileChange {
  readonly entries: number
}

/** Sums up, in each layer, all that lies more than `depth` directories deep into the directory at that depth. */
export function rollUp(changes: readonly FileChange[], depth: number | null): RolledChange[] {
  if (depth === null) return changes.map((change) => ({ ...change, entries: 1 }))
  const rolled = new Map<string, RolledChange>()
  for (const change of changes) {
    const path = cut(change.path, depth)
    const key = `${change.layer}\0${path}`
    const known = rolled.get(key)
    if (known !== undefined) rolled.set(key, merged(known, change))
    else rolled.set(key, { ...asDirectory(change, path), entries: 1 })
  }
  return [...rolled.values()]
}

/** What lies below a directory that is not named itself changes that directory. */
const asDirectory = (change: FileChange, path: string): FileChange =>
  path === change.path ? change : { ...change, path, kind: 'directory', what: 'changed' }

function merged(sum: RolledChange, change: FileChange): RolledChange {
  const { what, kind } = change.path === sum.path ? change : sum
  return {
    ...sum,
    // A directory that is named again, with changes below it, has changed.
    what: what === 'kept' ? 'changed' : what,
    kind,
    contentBytes: sum.contentBytes + change.contentBytes,
    diskBytes: sum.diskBytes === null || change.diskBytes === null ? null : sum.diskBytes + change.diskBytes,
    hidesEntries: sum.hidesEntries + change.hidesEntries,
    hidesBytes: sum.hidesBytes + change.hidesBytes,
    entries: sum.entries + 1,
  }
}

function cut(path: string, depth: number): string {
  let end = -1
  for (let level = 0; level < depth; level++) {
    end = path.indexOf('/', end + 1)
    if (end === -1) return path
  }
  return depth === 0 ? '' : path.slice(0, end)
}
