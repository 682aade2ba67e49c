import type { ListPage } from '../state.ts'
import { isForest } from './arrange.ts'
import type { ListData } from './list-data.ts'

const counts = new WeakMap<readonly number[], Uint32Array>()

/**
 * How many objects the rows up to each place stand for, itself included: a heading for none, a folded row for those
 * that it hides as well. Counted once per order.
 */
export function objectsUpTo(page: ListPage, data: ListData): (place: number) => number {
  const { order } = page
  if (data.tree === null) return (place) => Math.min(place + 1, order.length)
  const known = counts.get(order) ?? countObjects(order, isForest(page, data) ? page.folded : new Set(), data)
  counts.set(order, known)
  return (place) => known[Math.min(place, order.length - 1)] ?? 0
}

function countObjects(order: readonly number[], folded: ReadonlySet<string>, data: ListData): Uint32Array {
  const upTo = new Uint32Array(order.length)
  let count = 0
  for (const [place, row] of order.entries()) {
    if (!data.isHeading(row)) count++
    if (folded.size > 0 && folded.has(data.key(row))) count += data.tree?.(row).below ?? 0
    upTo[place] = count
  }
  return upTo
}
