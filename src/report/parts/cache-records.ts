import { cacheRecordBytes } from '../../analysis/cache-bytes.ts'
import type { Catalog, StoreCatalog } from '../../analysis/catalog.ts'
import { sharedRecords } from '../../analysis/references.ts'
import { evidenceOf } from '../evidence.ts'
import type { ReportCacheRecord } from '../schema.ts'
import { byId } from './fields.ts'

/** The build records of a store. */
export function cacheRecordsOf(catalog: Catalog, at: StoreCatalog): ReportCacheRecord[] {
  const records = catalog.model.cacheRecords.filter((record) => record.store === at.store.id)
  const shared = sharedRecords(at, records)
  // A record is in use while a build runs: without an engine none is, with one only the engine knows.
  const isAtRest = catalog.model.roots.find(({ path }) => path === at.store.root)?.engineRunning === false
  return records.sort(byId).map((record) => ({
    id: record.id,
    store: record.store,
    type: record.type,
    description: record.description,
    parents: [...record.parents],
    createdAt: record.createdAt,
    lastUsedAt: record.lastUsedAt,
    usageCount: record.usageCount,
    inUse: isAtRest ? false : null,
    shared: shared.has(record.id),
    mutable: record.mutable,
    size: {
      content: cacheRecordBytes(catalog, record),
      disk:
        record.layer !== null || at.holdsAll(record.path)
          ? (catalog.sizes.sum(at.store.root, [record.path, ...(record.otherPaths ?? [])])?.diskBytes ?? null)
          : null,
    },
    layer: record.layer,
    path: record.path,
    twins: [...record.twins],
    evidence: evidenceOf({ kind: 'cache-record', record, store: at.store }),
  }))
}
