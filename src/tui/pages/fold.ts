import { isForest } from '../lists/arrange.ts'
import { moveTo, moveToParent, selectedRow } from '../lists/move.ts'
import { currentPage, type State, withPage } from '../state.ts'
import { changed } from './change-list.ts'
import { dataOf } from './page-data.ts'

/** Folds what stands on the selected row; where nothing does, or it is folded, goes to the row below it in the tree. */
export function fold(state: State): State {
  const page = currentPage(state)
  if (page.kind !== 'list') return state
  const data = dataOf(state, page)
  const row = selectedRow(page)
  if (data === null || row === null || !isForest(page, data)) return state
  const key = data.key(row)
  const canFold = (data.tree?.(row).below ?? 0) > 0 && !page.folded.has(key)
  if (!canFold) return withPage(state, moveToParent(page, data))
  return changed(state, () => ({ folded: new Set([...page.folded, key]), selected: key }))
}

/** Unfolds the selected row; where it is, goes to the first that stands on it. */
export function unfold(state: State): State {
  const page = currentPage(state)
  if (page.kind !== 'list') return state
  const data = dataOf(state, page)
  const row = selectedRow(page)
  if (data === null || row === null || !isForest(page, data)) return state
  const key = data.key(row)
  if (page.folded.has(key))
    return changed(state, () => ({
      folded: new Set([...page.folded].filter((each) => each !== key)),
      selected: key,
    }))
  const hasAbove = (data.tree?.(row).below ?? 0) > 0
  return hasAbove ? withPage(state, moveTo(page, data, page.cursor + 1)) : state
}

/** What Enter does on a heading. */
export function toggleFold(state: State): State {
  const page = currentPage(state)
  const row = page.kind === 'list' ? selectedRow(page) : null
  if (page.kind !== 'list' || row === null) return state
  const key = dataOf(state, page)?.key(row) ?? ''
  return page.folded.has(key) ? unfold(state) : fold(state)
}

/** Folds every layer that something stands on, or every kind; what was selected is then inside the one that hides it. */
export function foldAll(state: State): State {
  const page = currentPage(state)
  const data = page.kind === 'list' ? dataOf(state, page) : null
  if (page.kind !== 'list' || data === null) return state
  const folded = new Set<string>()
  for (let row = 0; row < data.count; row++) {
    const below = data.tree?.(row).below ?? 0
    // The kinds of the build cache are folded, the stores of the layers stay open.
    if (below > 0 && (!data.isHeading(row) || page.view === 'cache')) folded.add(data.key(row))
  }
  let row = selectedRow(page)
  for (let parent = row; parent !== null; parent = data.tree?.(parent).parent ?? null)
    if (!data.isHeading(parent) || page.view === 'cache') row = parent
  const selected = row === null ? null : data.key(row)
  return changed(state, () => ({ folded, selected, top: 0 }))
}
