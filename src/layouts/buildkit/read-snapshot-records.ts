import type { CacheRecord } from '../../model/model.ts'
import type { Collector } from '../collector.ts'
import type { NamespaceStore } from '../containerd/read-containerd.ts'
import type { SnapshotData } from '../containerd/snapshotter.ts'
import type { Source } from '../source.ts'
import { workerPath } from './places.ts'
import { type ListedRecord, listedRecords, readRecordRows } from './record-list.ts'

/**
 * Reads the build cache of a dockerd that keeps its images in containerd. A record's files are a snapshot named by the
 * record, beside the images' own: what a build made and exported is on the disk twice. Gives the keys of the snapshots
 * that are no layers because they belong to records.
 */
export function readSnapshotRecords(
  source: Source,
  collector: Collector,
  at: NamespaceStore,
): ReadonlySet<string> {
  const path = workerPath(at.store.driver)
  const rows = readRecordRows(source, path) ?? new Map()
  const own = new Set<string>()
  for (const listed of listedRecords(source, path, rows))
    collector.cacheRecords.push(joinRecord(source, listed, at, own))
  return own
}

function joinRecord(
  source: Source,
  { row, twins }: ListedRecord,
  at: NamespaceStore,
  own: Set<string>,
): CacheRecord {
  const keyed = at.rows.snapshots.get(at.snapshotter.name)
  const dataOf = (key: string): SnapshotData | null =>
    at.snapshotter.snapshots?.get(keyed?.get(key)?.name ?? '') ?? null
  const isLayer = row.snapshotKey.startsWith('sha256:')
  const main = dataOf(row.snapshotKey)
  const keys = [row.snapshotKey, ...twins.map((twin) => twin.snapshotKey)]
  const beside = [...keys.slice(1), ...keys.map((key) => `${key}-view`)]
  for (const key of isLayer ? beside : [row.snapshotKey, ...beside]) if (keyed?.has(key)) own.add(key)
  return {
    root: source.root,
    store: at.store.id,
    id: row.id,
    type: row.type,
    description: row.description,
    parents: row.parents,
    createdAt: row.createdAt,
    lastUsedAt: row.lastUsedAt,
    usageCount: row.usageCount,
    mutable: !row.committed,
    // It counts the snapshot and the compressed form together.
    recordedBytes: row.size ?? twins.find((twin) => twin.size !== null)?.size ?? null,
    layer: isLayer && keyed?.has(row.snapshotKey) ? row.snapshotKey : null,
    cacheId: main === null ? null : String(main.id),
    path: main?.path ?? null,
    otherPaths: beside.flatMap((key) => dataOf(key)?.path ?? []),
    baseLayer: isLayer ? null : (keyed?.get(row.snapshotKey)?.parent ?? null),
    snapshotBytes: main?.usageBytes ?? null,
    blob: row.blob,
    blobParents: row.blobParents,
    twins: twins.map((twin) => twin.id),
  }
}
