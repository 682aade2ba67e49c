import { groupBy } from '../model/group-by.ts'
import type { ReportUnjudged } from './schema.ts'

/** Places that are not judged for one and the same reason, the largest first. */
export interface UnjudgedGroup {
  readonly because: string
  readonly places: readonly ReportUnjudged[]
  /** Their bytes on disk; null where nothing was measured. */
  readonly disk: number | null
}

/** What is not judged by its reasons: one record that cannot be read conceals the owners of many places. */
export function unjudgedByReason(unjudged: readonly ReportUnjudged[]): UnjudgedGroup[] {
  return [...groupBy(unjudged, ({ because }) => because)].map(([because, places]) => ({
    because,
    places: places.toSorted((a, b) => (b.size.disk ?? 0) - (a.size.disk ?? 0)),
    disk: sumOf(places),
  }))
}

function sumOf(places: readonly ReportUnjudged[]): number | null {
  let sum = 0
  for (const { size } of places) {
    if (size.disk === null) return null
    sum += size.disk
  }
  return sum
}
