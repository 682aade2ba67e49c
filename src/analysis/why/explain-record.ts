import { cacheFiles } from '../../layouts/buildkit/places.ts'
import type { CacheRecord } from '../../model/model.ts'
import type { Catalog } from '../catalog.ts'
import type { Told } from './explanation.ts'
import { recordOwner } from './owners.ts'

export function explainRecord(catalog: Catalog, record: CacheRecord): Told {
  const children = catalog.model.cacheRecords.filter(
    (each) => each.store === record.store && each.parents.includes(record.id),
  )
  const store = catalog.store(record.store)?.store
  const files = store === undefined ? null : cacheFiles(store)
  return {
    owners: [recordOwner(record)],
    evidence:
      files === null
        ? []
        : [
            { path: files.records, says: `record ${record.id}: ${record.type}, ${record.description}` },
            { path: files.data, says: `its data is in ${record.path ?? record.cacheId ?? 'no directory'}` },
          ],
    alsoUsedBy: children.map(recordOwner),
    since: record.createdAt,
  }
}
