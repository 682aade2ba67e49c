import type { DocumentPage } from '../state.ts'
import type { Item, PageText } from './document.ts'

const lowestTop = (text: PageText, height: number): number => Math.max(0, text.lines.length - height)

/** The item that Enter opens: the chosen one, else the first on screen. */
export function selectedItem(page: DocumentPage, text: PageText, height: number): Item | null {
  const chosen = text.items.find(({ key }) => key === page.item)
  return chosen ?? firstOnScreen(text, page.top, height) ?? null
}

/**
 * Brings a page back into its text after that changed, or the screen: what is chosen is on screen, since Enter opens it;
 * an item that is gone is no longer chosen.
 */
export function settled(page: DocumentPage, text: PageText, height: number): DocumentPage {
  const top = Math.max(0, Math.min(page.top, lowestTop(text, height)))
  const chosen = page.item === null ? null : text.items.find(({ key }) => key === page.item)
  if (chosen === undefined) return { ...page, top, item: null }
  if (chosen !== null && !isOnScreen(chosen, top, height)) {
    const shown = select({ ...page, top }, chosen, text, height)
    return shown.top === page.top ? page : shown
  }
  return top === page.top ? page : { ...page, top }
}

/** One step down: to the next item where it is on screen or directly below, else the text moves by a line. */
export function moveDown(page: DocumentPage, text: PageText, height: number): DocumentPage {
  const current = selectedItem(page, text, height)
  const from = current === null ? page.top : current.start + 1
  const next = text.items.find(({ start }) => start >= from)
  if (next !== undefined && next.start <= page.top + height) return select(page, next, text, height)
  return scrollBy(page, text, height, 1)
}

export function moveUp(page: DocumentPage, text: PageText, height: number): DocumentPage {
  const current = selectedItem(page, text, height)
  const from = current === null ? page.top + height : current.start
  const previous = text.items.findLast(({ start }) => start < from)
  if (previous !== undefined && previous.end >= page.top) return select(page, previous, text, height)
  return scrollBy(page, text, height, -1)
}

/** Moves the text; the selection stays where it is for as long as it is on screen. */
export function scrollBy(page: DocumentPage, text: PageText, height: number, lines: number): DocumentPage {
  const top = Math.max(0, Math.min(page.top + lines, lowestTop(text, height)))
  const current = selectedItem(page, text, height)
  // At either end there is nothing left to scroll: the selection goes the rest of the way.
  const atEnd = top === page.top ? (lines > 0 ? text.items.at(-1) : text.items[0]) : undefined
  if (atEnd !== undefined && Math.abs(lines) > 1) return select(page, atEnd, text, height)
  if (current !== null && current.start >= top && current.end <= top + height) return { ...page, top }
  const visible = text.items.filter(({ start, end }) => start >= top && end <= top + height)
  const next = lines > 0 ? visible[0] : visible.at(-1)
  return { ...page, top, item: next?.key ?? null }
}

export function moveToEnd(page: DocumentPage, text: PageText, height: number): DocumentPage {
  return at(page, lowestTop(text, height), text.items.at(-1), height)
}

export const moveToStart = (page: DocumentPage, text: PageText, height: number): DocumentPage =>
  at(page, 0, text.items[0], height)

/** The text at a line, with an item selected where that is on screen then. */
function at(page: DocumentPage, top: number, item: Item | undefined, height: number): DocumentPage {
  const isShown = item !== undefined && isOnScreen(item, top, height)
  return { ...page, top, item: isShown ? item.key : null }
}

/** Whether all of an item is to be seen; of one that is higher than the screen, any of its lines. */
const isOnScreen = ({ start, end }: Item, top: number, height: number): boolean =>
  end - start > height ? end > top && start < top + height : start >= top && end <= top + height

/** To the item of that name, where there is one. */
export function moveToItem(page: DocumentPage, key: string, text: PageText, height: number): DocumentPage {
  const item = text.items.find((each) => each.key === key)
  return item === undefined ? page : select(page, item, text, height)
}

function select(page: DocumentPage, item: Item, text: PageText, height: number): DocumentPage {
  const top = Math.min(Math.max(page.top, item.end - height), item.start, lowestTop(text, height))
  // The first item brings what stands above it along, as far as there is room.
  const first = text.items[0]
  if (item === first && item.end <= height) return { ...page, item: item.key, top: 0 }
  return { ...page, item: item.key, top }
}

function firstOnScreen(text: PageText, top: number, height: number): Item | undefined {
  const shown = text.items.filter(({ start, end }) => start >= top && end <= top + height)
  const whole = shown.find(({ isAside }) => !isAside) ?? shown[0]
  // Of what is higher than the screen the beginning counts.
  return whole ?? text.items.find(({ start }) => start >= top && start < top + height)
}
