import { choose } from '../lists/move.ts'
import { contextOf, currentPage, type State, withPage } from '../state.ts'
import { toggleFold } from './fold.ts'
import { browsableTarget, openSubject, openTarget, selectedObject, selectedTarget } from './open-page.ts'
import { dataOf } from './page-data.ts'

/** Enter: to where the selected line or row leads. */
export function openSelected(state: State): State {
  const target = selectedTarget(state)
  if (target !== null) return openTarget(withChosenRow(state), target)
  // A heading has nothing to open: it folds.
  return ['forest', 'kinds'].includes(contextOf(state)) ? toggleFold(state) : state
}

/** Into the directory of what is selected, or to its log. */
export function browseSelected(state: State): State {
  const target = browsableTarget(state)
  if (target === null) return { ...state, message: 'What is selected has no files of its own on this disk.' }
  return openTarget(withChosenRow(state), target)
}

/** Opens the explanation of what is selected, or of what the page is about. */
export function explained(state: State): State {
  const page = currentPage(state)
  if (page.kind === 'document' && page.subject.kind === 'explain') return state
  // On the page of an object it is meant itself until one of its lines was chosen.
  const isItself = page.kind === 'document' && page.subject.kind === 'object' && page.item === null
  const ref = isItself ? page.subject.ref : selectedObject(state)
  if (ref === null) return { ...state, message: 'Nothing that is put together of parts is selected.' }
  if (ref.kind === 'volume')
    return { ...state, message: 'A volume is one plain directory: nothing has to be put together.' }
  return openSubject(withChosenRow(state), { kind: 'explain', ref })
}

/** What was opened or found with a filter is still selected when one comes back. */
export function withChosenRow(state: State): State {
  const page = currentPage(state)
  const data = page.kind === 'list' ? dataOf(state, page) : null
  return page.kind === 'list' && data !== null ? withPage(state, choose(page, data)) : state
}
