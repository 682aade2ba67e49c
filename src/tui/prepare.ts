import { sortKeys } from './lists/columns.ts'
import type { ListData } from './lists/list-data.ts'
import { dataOf } from './pages/page-data.ts'
import { entriesOf } from './palette/entries.ts'
import { currentPage, type ListPage, type State } from './state.ts'
import type { Store } from './store.ts'

/** With the drawing that follows on some of them no key waits longer than a frame. */
const SLICE_MS = 4

/** Makes the list on screen ready to be searched while nobody types, and goes on with a search that is not done, in slices too short to be felt. */
export function prepareWhileIdle(store: Store): () => void {
  let scheduled: NodeJS.Immediate | null = null
  const work = (): void => {
    scheduled = null
    if (isSearching(store.state)) store.dispatch([{ kind: 'idle' }])
    else if (!prepareSlice(store.state)) schedule()
  }
  const schedule = (): void => {
    scheduled ??= setImmediate(work)
  }
  const unsubscribe = store.subscribe(schedule)
  return () => {
    unsubscribe()
    if (scheduled !== null) clearImmediate(scheduled)
  }
}

const isSearching = ({ palette }: State): boolean =>
  palette !== null && palette.report !== null && !palette.search.isDone

/** The list on screen first, then what the palette searches, in what is left of the slice, then the list's orders. */
function prepareSlice(state: State): boolean {
  const endAtMs = performance.now() + SLICE_MS
  const page = currentPage(state)
  const isListReady = page.kind !== 'list' || (dataOf(state, page)?.prepareSearch(SLICE_MS) ?? true)
  const leftMs = endAtMs - performance.now()
  if (!isListReady) return false
  if (state.report !== null && !entriesOf(state.report).prepare(leftMs)) return false
  return page.kind !== 'list' || prepareOrder(page, dataOf(state, page))
}

/** Makes one order of a list that is not made yet; true when there is none left. The entries of a directory change while it is added up. */
function prepareOrder({ view }: ListPage, data: ListData | null): boolean {
  if (data === null || view === 'files') return true
  for (const key of sortKeys(view))
    for (const descending of [true, false]) {
      if (data.isSorted({ key, descending })) continue
      data.sorted({ key, descending })
      return false
    }
  return true
}
