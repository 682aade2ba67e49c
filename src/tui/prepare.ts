import { dataOf } from './pages/page-data.ts'
import { entriesOf } from './palette/entries.ts'
import { currentPage, type State } from './state.ts'
import type { Store } from './store.ts'

const SLICE_MS = 5

/** Makes the list on screen ready to be searched while nobody types, and goes on with a search that is not done, in slices too short to be felt. */
export function prepareWhileIdle(store: Store): () => void {
  let scheduled: NodeJS.Immediate | null = null
  let slices = 1
  const work = (): void => {
    scheduled = null
    if (isSearching(store.state)) slices = searchOn(store, slices)
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

/** Goes on with the search by some slices at once, since each time all is drawn; tells how many there is time for. */
function searchOn(store: Store, slices: number): number {
  const startedAtMs = performance.now()
  store.dispatch(Array.from({ length: slices }, () => ({ kind: 'idle' })))
  const tookMs = performance.now() - startedAtMs
  return tookMs < SLICE_MS / 2 ? slices * 2 : tookMs > SLICE_MS ? Math.max(1, slices >> 1) : slices
}

const isSearching = ({ palette }: State): boolean =>
  palette !== null && palette.report !== null && !palette.search.isDone

function prepareSlice(state: State): boolean {
  const page = currentPage(state)
  const isListReady = page.kind !== 'list' || (dataOf(state, page)?.prepareSearch(SLICE_MS) ?? true)
  return isListReady && (state.report === null || entriesOf(state.report).prepare(SLICE_MS))
}
