import { BLANK, type Cell, isBlank, isSameCell, isSameRow, type Row } from './cells.ts'
import { createPainter, cursorForward, type Painter } from './painter.ts'
import { findScroll, type Scroll, scrolledRows } from './scroll.ts'
import { DEFAULT_STYLE, type Style } from './sgr.ts'

const BEGIN_SYNCHRONISED_UPDATE = '\x1b[?2026h'
const END_SYNCHRONISED_UPDATE = '\x1b[?2026l'

/** Shorter updates reach the terminal in one piece anyway; the marks would only make them longer. */
const SYNCHRONISE_FROM_CHARACTERS = 256

/** Two rows that change places cost less than this, and no scrolling can make them cheaper. */
const TRY_SCROLL_FROM_CHARACTERS = 300

/** From this many blank columns on, erasing and stepping over them is shorter than writing spaces. */
const ERASE_FROM_COLUMNS = 11

/**
 * The bytes that make a terminal which shows `previous` show `next`; '' when nothing changed.
 *
 * `previous` is null for a terminal in an unknown state: it is cleared first. The terminal must not wrap lines
 * by itself (DECAWM off) and be in the default style, in which it is left again.
 */
export function diff(previous: readonly Row[] | null, next: readonly Row[], columns: number): string {
  let bytes = paint(previous, next, columns, null)
  if (previous !== null && bytes.length >= TRY_SCROLL_FROM_CHARACTERS) {
    const scroll = findScroll(previous, next)
    const scrolled = scroll === null ? bytes : paint(previous, next, columns, scroll)
    if (scrolled.length < bytes.length) bytes = scrolled
  }
  if (bytes.length < SYNCHRONISE_FROM_CHARACTERS) return bytes
  return BEGIN_SYNCHRONISED_UPDATE + bytes + END_SYNCHRONISED_UPDATE
}

function paint(
  previous: readonly Row[] | null,
  next: readonly Row[],
  columns: number,
  scroll: Scroll | null,
): string {
  const painter = createPainter()
  if (previous === null) painter.clear()
  if (scroll !== null) paintScroll(painter, scroll)
  const shown = previous === null ? [] : scroll === null ? previous : scrolledRows(previous, scroll)
  for (let index = 0; index < Math.max(shown.length, next.length); index++) {
    const before = shown[index]
    const after = next[index]
    if (before === undefined || after === undefined || !isSameRow(before, after)) {
      paintRow(painter, index, before, after, columns)
    }
  }
  painter.setStyle(DEFAULT_STYLE)
  return painter.bytes
}

/** Deleting before inserting keeps the rows below the scrolled ones from falling off the end of the screen. */
function paintScroll(painter: Painter, { top, bottom, up }: Scroll): void {
  const count = Math.abs(up)
  painter.deleteRows(up > 0 ? top : bottom - count, count)
  painter.insertRows(up > 0 ? bottom - count : top, count)
}

function paintRow(
  painter: Painter,
  row: number,
  before: Row | undefined,
  after: Row | undefined,
  columns: number,
): void {
  const oldCells = before?.cells ?? []
  const newCells = after?.cells ?? []
  const isAgreed = (before?.agreed ?? true) && (after?.agreed ?? true)
  if (isAgreed) paintChanges(painter, row, oldCells, newCells)
  else if (!isSameCells(oldCells, newCells)) paintWholeRow(painter, row, newCells, columns)
}

/**
 * Writes a row from nothing, without trust in where the terminal's cursor is after a doubtful grapheme: whether
 * the terminal draws it narrower or wider than measured, all other cells are in their places.
 */
function paintWholeRow(painter: Painter, row: number, cells: readonly Cell[], columns: number): void {
  painter.move(row, 0)
  painter.eraseRest()
  for (const [column, cell] of cells.entries()) {
    if (cell.width === 0) continue
    painter.move(row, column)
    if (!cell.agreed && cell.width > 1) {
      // If the terminal draws it narrower, the columns behind it must have its background all the same.
      for (let filled = 0; filled < cell.width; filled++) painter.put({ ...BLANK, style: cell.style })
      painter.move(row, column)
    }
    painter.put(cell)
  }
  if (painter.column >= 0 || cells.length >= columns) return
  painter.move(row, cells.length)
  painter.eraseRest()
}

/**
 * Writes the changed columns of a row. Of a wide character both columns change or none, so none is ever cut:
 * two rows that agree about its first column agree about the second.
 */
function paintChanges(painter: Painter, row: number, before: readonly Cell[], after: readonly Cell[]): void {
  for (let column = 0; column < after.length; ) {
    const cell = after[column] ?? BLANK
    if (isSameCell(before[column] ?? BLANK, cell)) {
      column += cell.width || 1
      continue
    }
    const blanks = isBlank(cell) ? changedBlanks(before, after, column) : 0
    reach(painter, row, column, after, cell.style)
    if (blanks >= ERASE_FROM_COLUMNS) {
      painter.eraseColumns(blanks)
      column += blanks
    } else {
      painter.put(cell)
      column += cell.width
    }
  }
  paintBlankTail(painter, row, before, after)
}

function paintBlankTail(
  painter: Painter,
  row: number,
  before: readonly Cell[],
  after: readonly Cell[],
): void {
  let start = after.length
  while (start < before.length && isBlank(before[start])) start++
  if (start >= before.length) return
  reach(painter, row, start, after, DEFAULT_STYLE)
  // Erasing takes three bytes.
  if (before.length - start > 2) painter.eraseRest()
  else for (let column = start; column < before.length; column++) painter.put(BLANK)
}

/**
 * Moves to a column of the row, where a style will be wanted; by writing the cells between again where that is
 * shorter than a cursor sequence.
 */
function reach(painter: Painter, row: number, column: number, after: readonly Cell[], wanted: Style): void {
  const from = painter.column
  const gap = column - from
  if (painter.row === row && from >= 0 && gap > 0 && gap <= cursorForward(gap).length) {
    const between = after.slice(from, column)
    const [first] = between
    const isNear = first?.style.key === painter.style.key || first?.style.key === wanted.key
    // Only ASCII, where a column is a byte, and only where the style need not change twice.
    const isCheap = between.every(
      (cell) => cell.style.key === first?.style.key && cell.grapheme !== '' && cell.grapheme <= '~',
    )
    if (isNear && isCheap && between.length === gap) for (const cell of between) painter.put(cell)
  }
  painter.move(row, column)
}

/** How many columns from `column` on are to be blank, up to the last of them that is not blank yet. */
function changedBlanks(before: readonly Cell[], after: readonly Cell[], column: number): number {
  let count = 0
  for (let index = column; index < after.length && isBlank(after[index]); index++) {
    if (!isBlank(before[index])) count = index - column + 1
  }
  return count
}

function isSameCells(one: readonly Cell[], other: readonly Cell[]): boolean {
  return one.length === other.length && one.every((cell, index) => isSameCell(cell, other[index] ?? BLANK))
}
