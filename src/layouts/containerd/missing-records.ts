import type { Source } from '../source.ts'
import type { NamespaceRows } from './meta.ts'
import { type ContainerdPlaces, snapshotHomes } from './places.ts'
import type { Snapshotter } from './snapshotter.ts'

/**
 * Reports the database of all namespaces where it is gone while content or snapshots lie there: a containerd that has
 * never held anything has neither. False where nothing is missed.
 */
export function reportMissingMeta(
  source: Source,
  places: ContainerdPlaces,
  snapshotters: Iterable<Snapshotter>,
): boolean {
  if (!source.isMissing(places.meta)) return false
  const blobs = source
    .list(places.content)
    .reduce((sum, { name }) => sum + source.list(`${places.content}/${name}`).length, 0)
  const snapshots = [...snapshotters].reduce((sum, each) => sum + snapshotsOf(source, each), 0)
  if (blobs + snapshots === 0) return false
  source.report({
    code: 'records-missing',
    path: places.meta,
    message: `The database ${places.meta} is missing although there are ${blobs} blobs and ${snapshots} snapshots: which images and containers they belong to is unknown.`,
    hint: 'Do not start containerd before the database is put back from a backup: without it, it removes them all.',
  })
  return true
}

const snapshotsOf = (source: Source, { path, name, snapshots }: Snapshotter): number =>
  snapshots?.size ??
  snapshotHomes({ path, driver: name }).reduce((sum, home) => sum + source.list(home).length, 0)

/** Reports the database of a snapshotter that is gone while rows of a namespace lead to its snapshots. */
export function reportMissingSnapshotters(
  source: Source,
  snapshotters: Iterable<Snapshotter>,
  namespaces: readonly NamespaceRows[],
): void {
  for (const { name, path, snapshots } of snapshotters) {
    const count = namespaces.reduce((sum, rows) => sum + (rows.snapshots.get(name)?.size ?? 0), 0)
    if (snapshots !== null || count === 0 || !source.isMissing(`${path}/metadata.db`)) continue
    source.report({
      code: 'records-missing',
      path: `${path}/metadata.db`,
      message: `The database ${path}/metadata.db is missing although there are ${count} records of snapshots in it: which directory holds which of them, and how large they are, is unknown.`,
      hint: 'Do not start containerd before the database is put back from a backup: without it, it may remove the directories.',
    })
  }
}
