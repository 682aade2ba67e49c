import { sortKeys, startsDescending } from '../lists/columns.ts'
import { currentPage, type ListPage, type Sort, type State, withPage } from '../state.ts'
import { rearranged } from './page-data.ts'

/** Changes the list on screen and puts its rows into order anew; any other page stays as it is. */
export function changed(state: State, change: (page: ListPage) => Partial<ListPage>): State {
  const page = currentPage(state)
  return page.kind === 'list' ? withPage(state, rearranged(state, { ...page, ...change(page) })) : state
}

/** The next column, the largest or newest first, names from A to Z. */
export function nextSort({ view, sort }: ListPage): { sort: Sort; top: number } {
  const keys = sortKeys(view)
  const key = keys[(keys.indexOf(sort.key) + 1) % keys.length] ?? sort.key
  return { sort: { key, descending: startsDescending(view, key) }, top: 0 }
}
