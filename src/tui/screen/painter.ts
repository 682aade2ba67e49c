import type { Cell } from './cells.ts'
import { DEFAULT_STYLE, type Style, sgrTransition } from './sgr.ts'

/** Collects bytes for a terminal while it follows where the cursor and the style end up. */
export interface Painter {
  /** The row of the cursor, or -1 while it is unknown. */
  readonly row: number
  /** The column of the cursor; -1 while it is unknown, the number of columns when the last one was just written. */
  readonly column: number
  readonly style: Style
  readonly bytes: string
  move(row: number, column: number): void
  setStyle(style: Style): void
  /** Writes a cell where the cursor is. */
  put(cell: Cell): void
  /** Blanks that many columns from the cursor on, which stays. */
  eraseColumns(count: number): void
  /** Blanks the row from the cursor on. */
  eraseRest(): void
  /** Blanks everything, of a terminal in any state. */
  clear(): void
  /** Shifts the rows from `row` on up (deletes rows) or down (inserts blank ones). */
  deleteRows(row: number, count: number): void
  insertRows(row: number, count: number): void
}

/** A painter for a terminal in the default style, with the cursor anywhere. */
export function createPainter(): Painter {
  let bytes = ''
  let row = -1
  let column = -1
  let style = DEFAULT_STYLE

  const setStyle = (next: Style): void => {
    bytes += sgrTransition(style, next)
    style = next
  }
  const move = (toRow: number, toColumn: number): void => {
    if (toRow === row && toColumn === column) return
    bytes += shortestMove(row, column, toRow, toColumn)
    row = toRow
    column = toColumn
  }
  // Erased cells take the current colours in most terminals, so every erasing is done in the default style.
  const erase = (sequence: string): void => {
    setStyle(DEFAULT_STYLE)
    bytes += sequence
  }
  return {
    get row() {
      return row
    },
    get column() {
      return column
    },
    get style() {
      return style
    },
    get bytes() {
      return bytes
    },
    move,
    setStyle,
    put(cell) {
      setStyle(cell.style)
      bytes += cell.grapheme
      column = cell.agreed && column >= 0 ? column + cell.width : -1
    },
    eraseColumns(count) {
      erase(`\x1b[${count}X`)
    },
    eraseRest() {
      erase('\x1b[K')
    },
    clear() {
      bytes += '\x1b[m\x1b[H\x1b[J'
      row = 0
      column = 0
    },
    deleteRows(at, count) {
      move(at, 0)
      erase(count === 1 ? '\x1b[M' : `\x1b[${count}M`)
    },
    insertRows(at, count) {
      move(at, 0)
      erase(count === 1 ? '\x1b[L' : `\x1b[${count}L`)
    },
  }
}

/** The sequence that moves the cursor right by a number of columns. */
export function cursorForward(count: number): string {
  return count === 1 ? '\x1b[C' : `\x1b[${count}C`
}

function shortestMove(row: number, column: number, toRow: number, toColumn: number): string {
  const moves = [cursorPosition(toRow, toColumn)]
  if (row >= 0 && toRow >= row) {
    // The terminal driver may turn a newline into CR LF, so a newline always comes after a CR.
    const indent = toColumn > 0 ? cursorForward(toColumn) : ''
    moves.push(`\r${'\n'.repeat(toRow - row)}${indent}`)
    if (toRow === row && column >= 0 && toColumn > column) moves.push(cursorForward(toColumn - column))
  }
  return moves.reduce((best, candidate) => (candidate.length < best.length ? candidate : best))
}

function cursorPosition(row: number, column: number): string {
  if (column === 0) return row === 0 ? '\x1b[H' : `\x1b[${row + 1}H`
  return `\x1b[${row + 1};${column + 1}H`
}
