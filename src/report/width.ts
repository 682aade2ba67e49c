import stringWidth from 'string-width'

/** Letters and the signs that lists are drawn with: one column each, and none joins the next. To measure them is slow. */
const SINGLE =
  /^[ -~\u00a1-\u00ac\u00ae-\u02ff\u2010-\u2027\u2030-\u205e\u2190-\u2319\u2500-\u25fc\u2713\u2717]*$/

/** The columns that a text takes on a terminal. */
export const columnsOf = (text: string): number => (SINGLE.test(text) ? text.length : stringWidth(text))

// ICU takes 40 ms to load, and most texts never need it.
let segmenter: Intl.Segmenter | null = null

function segmentsOf(text: string): Intl.Segments {
  segmenter ??= new Intl.Segmenter(undefined, { granularity: 'grapheme' })
  return segmenter.segment(text)
}

/** Cuts a text to a number of columns, with an ellipsis where something was cut. */
export function truncate(text: string, columns: number, ellipsis = '…'): string {
  if (columnsOf(text) <= columns) return text
  const room = columns - columnsOf(ellipsis)
  if (room < 0) return ''
  if (SINGLE.test(text)) return text.slice(0, room) + ellipsis
  let width = 0
  let cut = ''
  for (const { segment } of segmentsOf(text)) {
    const next = columnsOf(segment)
    if (width + next > room) break
    width += next
    cut += segment
  }
  return cut + ellipsis
}

/** Fills a text with blanks up to a number of columns. */
export const padEnd = (text: string, columns: number): string =>
  text + ' '.repeat(Math.max(0, columns - columnsOf(text)))

export const padStart = (text: string, columns: number): string =>
  ' '.repeat(Math.max(0, columns - columnsOf(text))) + text
