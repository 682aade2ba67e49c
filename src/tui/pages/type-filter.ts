import { arrangeNarrower } from '../lists/arrange.ts'
import type { KeyEvent } from '../screen/keys.ts'
import { currentPage, displayOf, type ListPage, type State, withPage } from '../state.ts'
import { editText } from '../text/edit-text.ts'
import { type Movement, movePage } from './move-page.ts'
import { dataOf, rearranged } from './page-data.ts'

const MOVEMENTS: Readonly<Record<string, Movement>> = {
  down: 'down',
  up: 'up',
  pagedown: 'page-down',
  pageup: 'page-up',
}

/** What a key does while a filter is typed. A paste is text and nothing else. */
export function typeFilter(state: State, input: KeyEvent): State {
  const page = currentPage(state)
  if (page.kind !== 'list') return { ...state, typing: false }
  const key = input.kind === 'key' ? input.key : null
  const movement = MOVEMENTS[key ?? '']
  if (movement !== undefined) return withPage(state, movePage(state, page, movement))
  // What was on its way to a filter is held for one now.
  if (key === 'enter')
    return withPage({ ...state, typing: false }, rearranged({ ...state, typing: false }, page))
  if (key === 'esc') return { ...withFilter(state, page, ''), typing: false }
  if (key === 'backspace' && page.filter === '') return { ...state, typing: false }
  const filter = editText(page.filter, input)
  return filter === null ? state : withFilter(state, page, filter)
}

export function withFilter(state: State, page: ListPage, filter: string): State {
  const data = dataOf(state, page)
  const next = { ...page, filter, top: 0 }
  if (data === null || state.report === null) return withPage(state, next)
  const isLonger = filter.length > page.filter.length
  return withPage(
    state,
    isLonger
      ? arrangeNarrower(next, data, displayOf(state, state.report), page.filter)
      : rearranged(state, next),
  )
}
