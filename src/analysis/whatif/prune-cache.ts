import type { CacheRecord } from '../../model/model.ts'
import { cacheRecordBytes } from '../cache-bytes.ts'
import { sharedWith } from '../references.ts'
import type { CacheLimits } from './command.ts'
import { RECORD_FILTERS, recordFilter } from './filter-records.ts'
import { CACHE_REFUSED, checkFilters, type Filters, unusedForOf } from './filters.ts'
import { leastWorthKeeping } from './rank-records.ts'
import { RecordUses } from './record-uses.ts'
import type { State } from './state.ts'

const ACCEPTED = ['until', 'unused-for', 'label', 'label!', ...RECORD_FILTERS]

/** The record types that only `-a` takes. */
const KEPT_TYPES = ['internal', 'frontend']

interface CacheRequest {
  readonly all: boolean
  readonly filters: Filters
  readonly limits: CacheLimits
  readonly buildx?: boolean
}

/** What is asked of a cache prune, beside the limits. */
interface Asked {
  readonly all: boolean
  readonly filters: Filters
  readonly buildx: boolean
  /** Records that were used after this moment stay; null where that is not asked. */
  readonly cutOffMs: number | null
}

/**
 * Removes records of the build cache that nothing stands on, until none is left that qualifies or the limit is met;
 * gives the bytes that docker says, layers of images included. Throws Refused (buildkit cache/manager.go, prune).
 */
export function pruneCache(state: State, { all, filters, limits, buildx = false }: CacheRequest): number {
  if (buildx)
    state.remark(
      'This is read as the plugin buildx reads it, which lists the records and prints their sum as "Total".',
    )
  else checkFilters(filters, ACCEPTED, state.rules, CACHE_REFUSED)
  const unusedFor = unusedForOf(filters, state, buildx)
  const asked: Asked = { all, filters, buildx, cutOffMs: unusedFor === 0 ? null : state.nowMs - unusedFor }
  const uses = new RecordUses(state)
  const qualifies = qualifier(state, asked, uses)
  const keepBytes = bytesToKeep(state, limits)
  return keepBytes === 0 ? removeAll(state, qualifies) : removeDownTo(state, qualifies, keepBytes, uses)
}

/** Without a limit everything goes that qualifies, and then what that has set free. */
function removeAll(state: State, qualifies: (record: CacheRecord) => boolean): number {
  let said = 0
  const pending = state.records().filter(qualifies)
  for (let record = pending.pop(); record !== undefined; record = pending.pop()) {
    if (state.removedRecords.has(record.id)) continue
    said += recordBytes(state, record)
    state.removeRecord(record)
    pending.push(...(state.ground.recordParents.get(record.id) ?? []).filter(qualifies))
  }
  return said
}

/** With a limit one record goes at a time, for as long as the unshared ones together reach the limit. */
function removeDownTo(
  state: State,
  qualifies: (record: CacheRecord) => boolean,
  keepBytes: number,
  uses: RecordUses,
): number {
  let said = 0
  let total = unsharedBytes(state)
  uses.size(state.records())
  const candidates = new Set(state.records().filter(qualifies))
  while (total >= keepBytes) {
    const next = leastWorthKeeping([...candidates], uses, state)
    if (next === null) break
    const bytes = recordBytes(state, next)
    said += bytes
    total -= bytes
    state.removeRecord(next)
    candidates.delete(next)
    for (const parent of state.ground.recordParents.get(next.id) ?? []) {
      if (state.childrenOfRecord(parent.id).length === 0) uses.setFree(parent)
      if (qualifies(parent)) candidates.add(parent)
    }
  }
  return said
}

/** What a record counts for. */
export const recordBytes = (state: State, record: CacheRecord): number =>
  cacheRecordBytes(state.ground.catalog, record) ?? 0

/** Whether a record may go as things stand: nothing stands on it, and it is what was asked for. */
function qualifier(
  state: State,
  { all, filters, buildx, cutOffMs }: Asked,
  uses: RecordUses,
): (record: CacheRecord) => boolean {
  const isShared = sharedWithImages(state)
  const matches = recordFilter(filters, buildx)
  return (record) =>
    !state.removedRecords.has(record.id) &&
    (all || (!KEPT_TYPES.includes(record.type) && !isShared(record))) &&
    (cutOffMs === null || uses.lastMs(record) <= cutOffMs) &&
    matches(record, isShared) &&
    state.childrenOfRecord(record.id).length === 0
}

/** Whether an image that is still there is made of a record. */
export const sharedWithImages = (state: State): ((record: CacheRecord) => boolean) =>
  sharedWith(state.ground.at, state.images(), state.ground.records)

/** The sizes of all records but those that share their layer with an image, or are below one that does. */
function unsharedBytes(state: State): number {
  const shared = new Set<CacheRecord>()
  const pending = state.records().filter(sharedWithImages(state))
  for (let record = pending.pop(); record !== undefined; record = pending.pop()) {
    if (shared.has(record)) continue
    shared.add(record)
    pending.push(...(state.ground.recordParents.get(record.id) ?? []))
  }
  return state
    .records()
    .reduce((sum, record) => (shared.has(record) ? sum : sum + recordBytes(state, record)), 0)
}

/** How much may stay: the cap, lowered by what the disk lacks, but never below the reserve; 0 where nothing limits. */
function bytesToKeep(state: State, { reservedBytes, maxUsedBytes, minFreeBytes }: CacheLimits): number {
  const { catalog, root } = state.ground
  const free = catalog.model.roots.find(({ path }) => path === root)?.fileSystem?.availableBytes ?? 0
  const lacking = minFreeBytes - free
  let keep = maxUsedBytes
  if (lacking > 0) {
    const allowed = unsharedBytes(state) - lacking
    keep = keep === 0 ? allowed : Math.min(keep, allowed)
  }
  return Math.max(keep, reservedBytes)
}
