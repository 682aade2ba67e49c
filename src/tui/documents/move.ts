import type { DocumentPage } from '../state.ts'
import type { Item, PageText } from './document.ts'

const lowestTop = (text: PageText, height: number): number => Math.max(0, text.lines.length - height)

/** The item that Enter opens: the chosen one, else the first on screen. */
export function selectedItem(page: DocumentPage, text: PageText, height: number): Item | null {
  const chosen = text.items.find(({ key }) => key === page.item)
  return chosen ?? firstOnScreen(text, page.top, height) ?? null
}

/** Brings a page back into its text after that changed; an item that is gone is no longer chosen. */
export function settled(page: DocumentPage, text: PageText, height: number): DocumentPage {
  const top = Math.max(0, Math.min(page.top, lowestTop(text, height)))
  const isGone = page.item !== null && !text.items.some(({ key }) => key === page.item)
  return top === page.top && !isGone ? page : { ...page, top, item: isGone ? null : page.item }
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
  return { ...page, top: lowestTop(text, height), item: text.items.at(-1)?.key ?? null }
}

export const moveToStart = (page: DocumentPage, text: PageText): DocumentPage => ({
  ...page,
  top: 0,
  item: text.items[0]?.key ?? null,
})

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
  return shown.find(({ isAside }) => !isAside) ?? shown[0]
}
