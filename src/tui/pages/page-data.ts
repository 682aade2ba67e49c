import type { PageText } from '../documents/document.ts'
import { settled } from '../documents/move.ts'
import { pageText } from '../documents/page-text.ts'
import { arrange } from '../lists/arrange.ts'
import { type Browsed, browse } from '../lists/directory-data.ts'
import type { ListData } from '../lists/list-data.ts'
import { scrolled } from '../lists/move.ts'
import { listData } from '../lists/sources.ts'
import {
  currentPage,
  type DocumentPage,
  displayOf,
  type ListPage,
  pageHeight,
  type State,
  textWidth,
  withPage,
} from '../state.ts'

const NOTHING: PageText = { lines: [], items: [], questions: [] }

/** The text of a page of text. */
export function textOf(state: State, page: DocumentPage): PageText {
  if (state.report === null && page.subject.kind !== 'help') return NOTHING
  return pageText(state, page.subject, textWidth(state))
}

/** The rows of a list page; null while there is no report. */
export function dataOf(state: State, page: Pick<ListPage, 'view' | 'all' | 'place'>): ListData | null {
  const { view, all } = page
  if (state.report === null) return null
  if (view === 'files') return browsedOf(state, page)?.data ?? null
  return listData(state.report, { view, all }, displayOf(state, state.report))
}

/** What is known of the directory that a page looks into; null before its entries are. */
export function browsedOf(state: State, { place }: Pick<ListPage, 'place'>): Browsed | null {
  if (state.report === null || place === null) return null
  return browse(state.replies, place, displayOf(state, state.report))
}

/** Puts one page's rows into order anew. */
export function rearranged(state: State, page: ListPage): ListPage {
  const data = dataOf(state, page)
  if (data === null || state.report === null) return page
  return arrange(page, data, displayOf(state, state.report), state.typing)
}

/** The page on screen brought up to date with the report, and scrolled so that it fits the screen as it is now. */
export function withPageSettled(state: State): State {
  const page = currentPage(state)
  const height = pageHeight(state, page)
  const fitted =
    page.kind === 'list'
      ? scrolled(upToDate(state, page), height)
      : settled(page, textOf(state, page), height)
  return fitted === page ? state : withPage(state, fitted)
}

/** A list is arranged when it comes on screen, and again when its rows are new or their units others. */
const upToDate = (state: State, page: ListPage): ListPage =>
  page.arrangedFor === dataOf(state, page) ? page : rearranged(state, page)
