import { type CacheBytes, cacheBytes } from './cache-bytes.ts'
import type { Report, ReportCacheRecord } from './schema.ts'

/** The records of the build cache of one kind, and what they come to. */
export interface CacheKind {
  readonly type: string
  /** The largest first. */
  readonly records: readonly ReportCacheRecord[]
  readonly disk: CacheBytes
  readonly content: number | null
  /** Content bytes of what neither an image nor a running build uses, as docker counts what can be reclaimed. */
  readonly reclaimable: number | null
  /** The last use that lies longest back; null where none is known. */
  readonly oldestUse: string | null
}

const bytesOf = ({ size }: ReportCacheRecord): number => size.disk ?? size.content ?? 0

/** The build cache by kind, the heaviest first. */
export function cacheKinds(report: Report): CacheKind[] {
  const groups = new Map<string, ReportCacheRecord[]>()
  for (const record of report.cacheRecords) {
    const group = groups.get(record.type)
    if (group === undefined) groups.set(record.type, [record])
    else group.push(record)
  }
  return [...groups]
    .map(([type, records]) => kindOf(report, type, records))
    .sort((a, b) => weightOf(b) - weightOf(a) || (a.type < b.type ? -1 : 1))
}

const weightOf = ({ disk: { own, withImages }, content }: CacheKind): number =>
  own === null || withImages === null ? (content ?? 0) : own + withImages

function kindOf(report: Report, type: string, records: readonly ReportCacheRecord[]): CacheKind {
  const free = records.filter(({ shared, inUse }) => !shared && inUse !== true)
  const uses = records.flatMap(({ lastUsedAt }) => lastUsedAt ?? [])
  return {
    type,
    records: records.toSorted((a, b) => bytesOf(b) - bytesOf(a) || (a.id < b.id ? -1 : 1)),
    disk: cacheBytes(report, records),
    content: sum(records.map(({ size }) => size.content)),
    reclaimable: sum(free.map(({ size }) => size.content)),
    oldestUse: uses.reduce<string | null>(
      (oldest, time) => (oldest === null || Date.parse(time) < Date.parse(oldest) ? time : oldest),
      null,
    ),
  }
}

/** What is known of all: one unknown part makes the sum unknown. */
const sum = (parts: readonly (number | null)[]): number | null =>
  parts.reduce<number | null>((total, part) => (total === null || part === null ? null : total + part), 0)
