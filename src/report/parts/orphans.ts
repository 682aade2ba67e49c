import type { Catalog } from '../../analysis/catalog.ts'
import type { Orphan, Withheld } from '../../analysis/orphans/orphan.ts'
import type { ReportOrphan, ReportUnjudged } from '../schema.ts'
import { sizeOf } from './fields.ts'

/** What nobody owns, as the report says it. */
export const orphanOf = ({ modifiedMs, size, searched, ...orphan }: Orphan): ReportOrphan => ({
  ...orphan,
  searched: [...searched],
  modified: modifiedMs === null ? null : new Date(modifiedMs).toISOString(),
  size: sizeOf(size),
})

/** What is not judged, with what it takes. */
export const unjudgedOf = ({ sizes }: Catalog, { root, path, because }: Withheld): ReportUnjudged => ({
  root,
  path,
  because,
  size: sizeOf(sizes.total(root, path)),
})
