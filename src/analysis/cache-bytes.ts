import type { CacheRecord } from '../model/model.ts'
import type { Catalog } from './catalog.ts'
import { snapshotUsage } from './snapshot-usage.ts'

/** The size of a cache record as BuildKit has it: recorded, else what its files hold; null where that was not measured. */
export function cacheRecordBytes(catalog: Catalog, record: CacheRecord): number | null {
  if (record.recordedBytes !== null || record.path === null) return record.recordedBytes
  const store = catalog.store(record.store)?.store
  return store?.layout === 'containerd'
    ? snapshotUsage(catalog, store, record.path)
    : catalog.sizes.content(record.root, record.path)
}
