import { dataOf } from './pages/page-data.ts'
import { currentPage, type State } from './state.ts'
import type { Store } from './store.ts'

const SLICE_MS = 5

/** Makes the list on screen ready to be searched while nobody types, in slices too short to be felt. */
export function prepareWhileIdle(store: Store): () => void {
  let scheduled: NodeJS.Immediate | null = null
  const work = (): void => {
    scheduled = null
    if (!prepareSlice(store.state)) schedule()
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

function prepareSlice(state: State): boolean {
  const page = currentPage(state)
  return page.kind !== 'list' || (dataOf(state, page)?.prepareSearch(SLICE_MS) ?? true)
}
