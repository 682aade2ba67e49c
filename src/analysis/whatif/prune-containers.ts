import { writableBytes } from '../engine-view.ts'
import { checkFilters, type Filters, isYounger, matchLabels, untilOf } from './filters.ts'
import type { State } from './state.ts'

/** Removes every container that does not run; gives the bytes that docker says. Throws Refused. */
export function pruneContainers(state: State, filters: Filters): number | null {
  checkFilters(filters, ['label', 'label!', 'until'], state.rules)
  const until = untilOf(filters, state)
  let said: number | null = 0
  for (const container of state.containers()) {
    if (state.runs(container) || isYounger(container.created, until)) continue
    if (!matchLabels(filters, container.labels)) continue
    const bytes = writableBytes(state.ground.catalog, container)
    said = said === null || bytes === null ? null : said + bytes
    state.removeContainer(container)
  }
  return said
}
