import type { Tally } from '../../src/model/places.ts'
import { Tallies } from '../../src/model/tallies.ts'

/** Tallies in the order of a list. */
export function talliesOf(list: readonly Tally[]): Tallies {
  const tallies = new Tallies(list.length)
  for (const [index, { contentBytes, diskBytes, files }] of list.entries())
    tallies.add(index, contentBytes, diskBytes, files)
  return tallies
}
