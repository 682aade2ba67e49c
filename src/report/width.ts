import stringWidth from 'string-width'

const ASCII = /^[ -~]*$/

/** The columns that a text takes on a terminal. */
export const columnsOf = (text: string): number => (ASCII.test(text) ? text.length : stringWidth(text))

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
