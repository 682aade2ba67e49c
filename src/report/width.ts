import stringWidth from 'string-width'

/** Letters and the signs that lists are drawn with: one column each, and none joins the next. To measure them is slow. */
const LETTERS =
  ' -~\\u00a1-\\u00ac\\u00ae-\\u02ff\\u2010-\\u2027\\u2030-\\u205e\\u2190-\\u2319\\u2500-\\u25fc\\u2713\\u2717'
const SINGLE = new RegExp(`^[${LETTERS}]*$`)
/** Everything else, with the letters beside it, which it may join. */
const ODD = new RegExp(`[${LETTERS}]?(?:[^${LETTERS}]+[${LETTERS}]?)+`, 'g')

/** One character of Chinese, Japanese or Korean and no mark with it. */
const WIDE = /^[\u3041-\u3096\u30a1-\u30fa\u4e00-\u9fff\uac00-\ud7a3]$/

/** The columns that a text takes on a terminal. */
export function columnsOf(text: string): number {
  if (SINGLE.test(text)) return text.length
  let columns = text.length
  for (const [odd] of text.matchAll(ODD)) columns += stringWidth(odd) - odd.length
  return columns
}

// ICU takes 40 ms to load, and most texts never need it.
let segmenter: Intl.Segmenter | null = null

/** Where each character of a text ends, and its columns. */
function* charactersOf(text: string): Generator<{ readonly end: number; readonly columns: number }> {
  let at = 0
  for (const { 0: odd, index } of text.matchAll(ODD)) {
    while (at < index) yield { end: ++at, columns: 1 }
    segmenter ??= new Intl.Segmenter(undefined, { granularity: 'grapheme' })
    for (const { segment } of segmenter.segment(odd)) {
      at += segment.length
      yield { end: at, columns: WIDE.test(segment) ? 2 : columnsOf(segment) }
    }
  }
  while (at < text.length) yield { end: ++at, columns: 1 }
}

/** The columns of a text at each of its characters, measured once. */
export interface Measured {
  readonly columns: number
  /** The columns from an offset to the end. */
  columnsFrom(offset: number): number
  /** How far a line reaches that begins at an offset and has so many columns. */
  endOf(offset: number, columns: number): number
}

export function measured(text: string): Measured {
  if (SINGLE.test(text))
    return {
      columns: text.length,
      columnsFrom: (offset) => text.length - offset,
      endOf: (offset, columns) => Math.min(text.length, offset + columns),
    }
  // Where each character begins, and the columns before it; the end of the text is the last of them.
  const offsets = [0]
  const before = [0]
  let width = 0
  for (const { end, columns } of charactersOf(text)) {
    width += columns
    offsets.push(end)
    before.push(width)
  }
  const columnsBefore = (offset: number): number => before[placeUpTo(offsets, offset)] ?? 0
  return {
    columns: width,
    columnsFrom: (offset) => width - columnsBefore(offset),
    endOf: (offset, columns) => offsets[placeUpTo(before, columnsBefore(offset) + columns)] ?? text.length,
  }
}

/** The place of the last of rising numbers that is no larger than a limit; -1 where all are. */
export function placeUpTo(rising: readonly number[], limit: number): number {
  let low = 0
  let high = rising.length
  while (low < high) {
    const middle = (low + high) >> 1
    if ((rising[middle] ?? 0) <= limit) low = middle + 1
    else high = middle
  }
  return low - 1
}

/** Cuts a text to a number of columns, with an ellipsis where something was cut. Of a long text no more is measured. */
export function truncate(text: string, columns: number, ellipsis = '…'): string {
  const room = columns - columnsOf(ellipsis)
  if (SINGLE.test(text)) {
    if (text.length <= columns) return text
    return room < 0 ? '' : text.slice(0, room) + ellipsis
  }
  let width = 0
  let fitting = 0
  for (const character of charactersOf(text)) {
    width += character.columns
    if (width > columns) return room < 0 ? '' : text.slice(0, fitting) + ellipsis
    if (width <= room) fitting = character.end
  }
  return text
}

/** Fills a text with blanks up to a number of columns. */
export const padEnd = (text: string, columns: number): string =>
  text + ' '.repeat(Math.max(0, columns - columnsOf(text)))

export const padStart = (text: string, columns: number): string =>
  ' '.repeat(Math.max(0, columns - columnsOf(text))) + text
