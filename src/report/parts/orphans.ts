import type { Orphan } from '../../analysis/orphans/orphan.ts'
import type { ReportOrphan } from '../schema.ts'
import { sizeOf } from './fields.ts'

/** What nobody owns, as the report says it. */
export const orphanOf = ({ modifiedMs, size, searched, ...orphan }: Orphan): ReportOrphan => ({
  ...orphan,
  searched: [...searched],
  modified: modifiedMs === null ? null : new Date(modifiedMs).toISOString(),
  size: sizeOf(size),
})
