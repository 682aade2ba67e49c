import type { CacheRecord } from '../../model/model.ts'
import type { RecordUses } from './record-uses.ts'
import type { State } from './state.ts'

/** Up to so many things Go's sort leaves equal ones in their order (sort.Slice: insertion sort). */
const SORTED_STABLY = 12

/**
 * The record of the lowest rank: the rank of its last use plus that of its use count, each as a share of the highest. Of several
 * with the same sum goes the one that was used least often, and of these the one that was used first, since the engine sorts
 * by the last use, then by the count, then by the sum (buildkit cache/manager.go, sortDeleteRecords).
 */
export function leastWorthKeeping(
  records: readonly CacheRecord[],
  uses: RecordUses,
  state: State,
): CacheRecord | null {
  const ranked = records.map((record) => ({
    record,
    usedAt: uses.lastMs(record),
    uses: uses.count(record),
    ageRank: 0,
    countRank: 0,
  }))
  ranked.sort((a, b) => a.usedAt - b.usedAt || (a.record.id < b.record.id ? -1 : 1))
  let latest = Number.NEGATIVE_INFINITY
  let ageRank: number = state.rules.lowestCacheRank
  for (const each of ranked) {
    if (each.usedAt > latest) ageRank++
    latest = each.usedAt
    each.ageRank = ageRank
  }
  ranked.sort((a, b) => a.uses - b.uses)
  let count = 0
  let countRank: number = state.rules.lowestCacheRank
  for (const each of ranked) {
    if (each.uses !== count) countRank++
    count = each.uses
    each.countRank = countRank
  }
  // Where all ranks are 0 the engine divides by it and then finds nothing to tell the records apart by.
  const weigh = (each: { ageRank: number; countRank: number }): number =>
    each.ageRank / (ageRank || 1) + each.countRank / (countRank || 1)
  let least: (typeof ranked)[number] | null = null
  for (const each of ranked) if (least === null || weigh(each) < weigh(least)) least = each
  if (least === null) return null
  const lowest = weigh(least)
  if (ranked.length > SORTED_STABLY && ranked.filter((each) => weigh(each) === lowest).length > 1)
    state.remark(
      `Of more than ${SORTED_STABLY} records of the build cache several rank the same, and which of them the engine's sort puts first is not followed: other records may be left than these.`,
    )
  return least.record
}
