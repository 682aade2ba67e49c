import * as text from '../documents/move.ts'
import { moveTo } from '../lists/move.ts'
import { type DocumentPage, type ListPage, type Page, pageHeight, type State } from '../state.ts'
import { dataOf, textOf } from './page-data.ts'

export type Movement = 'down' | 'up' | 'half-down' | 'half-up' | 'page-down' | 'page-up' | 'top' | 'bottom'

/** The page after a movement key. */
export function movePage(state: State, page: Page, movement: Movement): Page {
  return page.kind === 'list' ? moveList(state, page, movement) : moveText(state, page, movement)
}

function moveList(state: State, page: ListPage, movement: Movement): ListPage {
  const data = dataOf(state, page)
  if (data === null) return page
  const height = pageHeight(state, page)
  switch (movement) {
    case 'top':
      return moveTo(page, data, 0)
    case 'bottom':
      return moveTo(page, data, page.order.length - 1)
    case 'down':
      return moveTo(page, data, page.cursor + 1)
    case 'up':
      return moveTo(page, data, page.cursor - 1)
    default: {
      const rows = rowsOf(movement, height)
      // The page moves along, so that the cursor stays where it is on screen.
      return moveTo({ ...page, top: Math.max(0, page.top + rows) }, data, page.cursor + rows)
    }
  }
}

function moveText(state: State, page: DocumentPage, movement: Movement): DocumentPage {
  const content = textOf(state, page)
  const height = pageHeight(state, page)
  switch (movement) {
    case 'top':
      return text.moveToStart(page, content, height)
    case 'bottom':
      return text.moveToEnd(page, content, height)
    case 'down':
      return text.moveDown(page, content, height)
    case 'up':
      return text.moveUp(page, content, height)
    default:
      return text.scrollBy(page, content, height, rowsOf(movement, height))
  }
}

function rowsOf(movement: 'half-down' | 'half-up' | 'page-down' | 'page-up', height: number): number {
  const rows = movement.startsWith('half') ? Math.ceil(height / 2) : Math.max(1, height - 1)
  return movement.endsWith('down') ? rows : -rows
}
