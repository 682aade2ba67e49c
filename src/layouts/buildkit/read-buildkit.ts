import type { CacheRecord } from '../../model/model.ts'
import type { Collector } from '../collector.ts'
import { readDatabase } from '../database.ts'
import type { LayerdbStore } from '../layerdb/read-layerdb-store.ts'
import { reportUnsafeName } from '../layerdb/records.ts'
import type { Source } from '../source.ts'
import { listedRecords, readRecordRows } from './record-list.ts'
import type { RecordRow } from './records.ts'
import { type ResolvedSnapshot, SnapshotMap } from './snapshots.ts'

/**
 * Reads BuildKit's cache records of a Docker root and joins each to the directory and the layer that hold its data.
 * `stores` are the image stores of the root, the one that was in use last before the others.
 */
export function readBuildkit(source: Source, collector: Collector, stores: readonly LayerdbStore[]): void {
  const snapshotDatabase = readDatabase(
    source,
    'buildkit/snapshots.db',
    'which directories belong to the build cache is',
  )
  const snapshots = new SnapshotMap(snapshotDatabase?.file ?? null)
  snapshotDatabase?.reportDamage()
  const at = storeOf(snapshots, stores)
  if (at === undefined) return
  const rows = readRows(source)
  if (rows !== null && rows.size > 0) reportMissingMap(source)
  const records = listedRecords(source, 'buildkit/metadata_v2.db', rows ?? new Map()).map(({ row, twins }) =>
    joinRecord(source, row, twins, snapshots, at),
  )
  for (const record of records) collector.cacheRecords.push(record)
  collectStrayClaims(source, collector, at, snapshots, records, rows !== null)
  checkDatabases(source)
}

/** The map names directories of the storage driver that it was made with: the one that has the most of them. */
function storeOf(snapshots: SnapshotMap, stores: readonly LayerdbStore[]): LayerdbStore | undefined {
  const [last, ...others] = stores
  if (others.length === 0) return last
  const named = [...snapshots.keys()].flatMap((key) => snapshots.resolve(key).cacheId ?? [])
  const found = ({ present }: LayerdbStore): number => named.filter((id) => present.has(id)).length
  return stores.toSorted((a, b) => found(b) - found(a))[0]
}

/** Only the map says which directories are those of the records. */
function reportMissingMap(source: Source): void {
  const path = 'buildkit/snapshots.db'
  if (!source.isMissing(path)) return
  source.report({
    code: 'database-damaged',
    path,
    message: `The database ${path} is missing although there are cache records; which directories belong to the build cache is unknown.`,
  })
}

/** What the other databases hold is not shown, but damage to them is: an engine may not start on it. */
function checkDatabases(source: Source): void {
  readDatabase(
    source,
    'buildkit/containerdmeta.db',
    'the leases and blobs of the build cache are',
  )?.reportDamage()
}

/** Null where the records cannot be read, or are missing although there is a snapshot map. */
function readRows(source: Source): Map<string, RecordRow> | null {
  const path = 'buildkit/metadata_v2.db'
  const rows = readRecordRows(source, path) ?? readRecordRows(source, 'buildkit/metadata.db')
  if (rows === null && source.isMissing(path) && !source.isMissing('buildkit/snapshots.db'))
    source.report({
      code: 'database-damaged',
      path,
      message: `The database ${path} is missing although there is a build cache; which of its directories are in use is unknown.`,
    })
  return rows
}

function joinRecord(
  source: Source,
  row: RecordRow,
  twins: readonly RecordRow[],
  snapshots: SnapshotMap,
  at: LayerdbStore,
): CacheRecord {
  const snapshot = snapshots.resolve(row.snapshotKey)
  const layer = snapshot.chainId === null ? undefined : at.layers.get(snapshot.chainId)
  const cacheId = snapshot.cacheId ?? layer?.cacheId ?? null
  if (snapshot.unsafe !== null)
    reportUnsafeName(source, {
      path: 'buildkit/snapshots.db',
      subject: { kind: 'cache-record', id: row.id },
      says: snapshot.unsafe,
      driverHome: at.driver.homes[0] ?? at.driver.name,
      removedBy: 'docker builder prune or docker system prune',
    })
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
    recordedBytes: row.blobOnly ? 0 : recordedBytes(row, twins, snapshot, layer?.recordedBytes ?? null),
    layer: layer === undefined ? null : layer.id,
    cacheId,
    path: cacheId !== null && at.present.has(cacheId) ? at.driver.directory(cacheId) : null,
    twins: twins.map((twin) => twin.id),
  }
}

/** The first of: the record's own size, its twin's, the snapshot map's, the layer's. */
function recordedBytes(
  row: RecordRow,
  twins: readonly RecordRow[],
  snapshot: ResolvedSnapshot,
  layerBytes: number | null,
): number | null {
  return row.size ?? twins.find((twin) => twin.size !== null)?.size ?? snapshot.size ?? layerBytes
}

/** Directories that only the snapshot map names: no record stands for them and no layer does. */
function collectStrayClaims(
  source: Source,
  collector: Collector,
  at: LayerdbStore,
  snapshots: SnapshotMap,
  records: readonly CacheRecord[],
  recordsKnown: boolean,
): void {
  const owned = new Set(records.map((record) => record.cacheId))
  for (const layer of at.layers.values()) owned.add(layer.cacheId)
  for (const key of snapshots.keys()) {
    const { cacheId, chainId } = snapshots.resolve(key)
    if (cacheId === null || owned.has(cacheId) || !at.present.has(cacheId)) continue
    owned.add(cacheId)
    collector.snapshotClaims.push({
      root: source.root,
      store: at.store.id,
      key,
      cacheId,
      chainId,
      recordsKnown,
    })
    if (!recordsKnown) continue
    source.report({
      code: 'cache-claim-without-record',
      path: at.driver.directory(cacheId),
      message: `${at.driver.directory(cacheId)} is named by BuildKit's snapshot map alone: no cache record and no layer stands for it. It survives every prune.`,
    })
  }
}
