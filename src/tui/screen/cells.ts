import stringWidth from 'string-width'
import { isControl, readEscape } from './escapes.ts'
import { applySgr, DEFAULT_STYLE, type Style } from './sgr.ts'
import { agreedWidth } from './width.ts'

/** What one column of the screen holds. */
export interface Cell {
  /** The characters shown; '' in the columns behind the first of a wide character. */
  readonly grapheme: string
  /** Columns taken: 1, 2, rarely more; 0 in the columns behind the first of a wide character. */
  readonly width: number
  readonly style: Style
  /** False when terminals disagree about the width of the grapheme. */
  readonly agreed: boolean
}

/** One line of a frame, read. */
export interface Row {
  /** One cell per column; blank cells at the end are left out. */
  readonly cells: readonly Cell[]
  /** False when a cell of the row is one that terminals may draw narrower or wider. */
  readonly agreed: boolean
  /** The line as it was written, and the style it began with: two rows with the same of both are equal. */
  readonly line: string
  readonly startStyle: Style
  readonly endStyle: Style
}

/** The terminal's size in character cells. */
export interface Size {
  readonly columns: number
  readonly rows: number
}

/** A space in the terminal's own colours: what an erased cell holds. */
export const BLANK: Cell = { grapheme: ' ', width: 1, style: DEFAULT_STYLE, agreed: true }

/** The cells of most of a frame, made once: printable ASCII in the default style, by character code. */
const PLAIN_CELLS = Array.from(
  { length: 0x7f },
  (_, code): Cell => ({ ...BLANK, grapheme: String.fromCharCode(code) }),
)

const segmenter = new Intl.Segmenter(undefined, { granularity: 'grapheme' })

const EMPTY_ROW = readRow('', DEFAULT_STYLE, 0)

/** Reads a frame, clipped to the size; lines that a previous frame of the same width had in place are not read again. */
export function readFrame(frame: string, size: Size, previous: readonly Row[] = []): Row[] {
  const rows: Row[] = []
  let style = DEFAULT_STYLE
  for (const [index, line] of frame.split('\n', size.rows).entries()) {
    const old = previous[index]
    const isSame = old !== undefined && old.line === line && old.startStyle.key === style.key
    const row = isSame ? old : readRow(line, style, size.columns)
    rows.push(row)
    style = row.endStyle
  }
  while (rows.length < size.rows) rows.push(EMPTY_ROW)
  return rows
}

/** True when a write shows something; false for control sequences alone, and for the lone newline after a last frame. */
export function isFrame(text: string): boolean {
  let newlines = 0
  for (let index = 0; index < text.length; ) {
    const code = text.charCodeAt(index)
    if (!isControl(code)) return true
    if (code === 0x0a) newlines++
    index = code === 0x0a ? index + 1 : readEscape(text, index).end
  }
  return newlines > 1
}

/** Reads one line that begins in a style; what does not fit into the columns is dropped. */
export function readRow(line: string, startStyle: Style, columns: number): Row {
  const cells: Cell[] = []
  let style = startStyle
  let agreed = true
  let isFull = false

  const put = (grapheme: string, width: number, isAgreed: boolean): void => {
    // A wide character that would be cut in half leaves the rest of the row blank.
    if (isFull || cells.length + width > columns) {
      isFull = true
      return
    }
    const plain = style.key === '' && grapheme.length === 1 ? PLAIN_CELLS[grapheme.charCodeAt(0)] : undefined
    cells.push(plain ?? { grapheme, width, style, agreed: isAgreed })
    for (let behind = 1; behind < width; behind++)
      cells.push({ grapheme: '', width: 0, style, agreed: isAgreed })
    agreed &&= isAgreed
  }

  for (let index = 0; index < line.length; ) {
    const code = line.charCodeAt(index)
    if (isControl(code)) {
      const { sgr, end } = readEscape(line, index)
      if (sgr !== null) style = applySgr(style, sgr)
      index = end
      continue
    }
    const width = agreedWidth(code)
    const next = line.charCodeAt(index + 1)
    if (width > 0 && (next < 0x300 || Number.isNaN(next) || agreedWidth(next) > 0)) {
      put(line.charAt(index), width, true)
      index++
      continue
    }
    const text = line.slice(index, endOfText(line, index))
    for (const { segment } of segmenter.segment(text)) {
      const isAgreed = segment.length === 1 && agreedWidth(segment.charCodeAt(0)) > 0
      const segmentWidth = isAgreed ? agreedWidth(segment.charCodeAt(0)) : stringWidth(segment)
      // A mark with nothing to sit on has no column of its own.
      if (segmentWidth > 0) put(segment, segmentWidth, isAgreed)
    }
    index += text.length
  }

  while (cells.length > 0 && isBlank(cells[cells.length - 1])) cells.pop()
  return { cells, agreed, line, startStyle, endStyle: style }
}

/** True for a cell that looks like an erased one; a column past the end of a row is blank. */
export function isBlank(cell: Cell | undefined): boolean {
  return cell === undefined || (cell.grapheme === ' ' && cell.style.key === '')
}

/** True when two columns show the same. */
export function isSameCell(one: Cell, other: Cell): boolean {
  if (one === other) return true
  return one.grapheme === other.grapheme && one.width === other.width && one.style.key === other.style.key
}

/** True when two rows of the same width show the same. */
export function isSameRow(one: Row, other: Row): boolean {
  return one === other || (one.line === other.line && one.startStyle.key === other.startStyle.key)
}

function endOfText(line: string, start: number): number {
  let end = start
  while (end < line.length && !isControl(line.charCodeAt(end))) end++
  return end
}
