import type { ListPage } from '../state.ts'
import type { ListData } from './list-data.ts'

/** Moves the cursor to a place in the order, as far as there is one. */
export function moveTo(page: ListPage, data: ListData, place: number): ListPage {
  const cursor = Math.max(0, Math.min(place, page.order.length - 1))
  const row = page.order[cursor]
  return { ...page, cursor, selected: row === undefined ? null : data.key(row) }
}

/** Scrolls as little as possible so that the cursor is on screen. */
export function scrolled(page: ListPage, height: number): ListPage {
  const lowest = Math.max(0, page.order.length - height)
  const top = Math.min(Math.max(page.top, page.cursor - height + 1), page.cursor, lowest)
  return top === page.top ? page : { ...page, top: Math.max(0, top) }
}

/** Moves up to the row that the selected one stands on. */
export function moveToParent(page: ListPage, data: ListData): ListPage {
  const parent = selectedPlace(page, data)?.parent ?? null
  const place = parent === null ? -1 : page.order.indexOf(parent)
  return place < 0 ? page : moveTo(page, data, place)
}

export function selectedRow(page: ListPage): number | null {
  return page.order[page.cursor] ?? null
}

export function selectedPlace(page: ListPage, data: ListData) {
  const row = selectedRow(page)
  return row === null || data.tree === null ? null : data.tree(row)
}

/** Makes the row under the cursor the chosen one, so that it is found again whatever happens to the list. */
export const choose = (page: ListPage, data: ListData): ListPage => moveTo(page, data, page.cursor)
