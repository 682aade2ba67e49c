import { Terminal } from '@xterm/headless'
import stringWidth from 'string-width'
import type { Size } from '../../../src/tui/screen/cells.ts'

/** How a test terminal measures characters: by the tables of old terminals, or as we do. */
export type Measure = 'old' | 'modern'

export interface TestTerminal {
  show(bytes: string): Promise<void>
  /** Characters, width and attributes of each column, one text per row. */
  cells(): string[]
  /** The rows as plain text without spaces at the end. */
  text(): string[]
  /** The rows as pieces of one look each, as they would be drawn in a picture. */
  pieces(): Piece[][]
  readonly isAlternate: boolean
  /** Its title and the modes that are not as they were at the start. */
  modes(): { readonly title: string; readonly changed: readonly string[] }
  dispose(): void
}

/** Characters beside each other that look alike. */
export interface Piece {
  readonly column: number
  readonly columns: number
  readonly text: string
  readonly bold: boolean
  readonly faint: boolean
  readonly inverse: boolean
  /** The number of the palette's colour; null for the terminal's own. */
  readonly color: number | null
}

export function createTerminal({ columns, rows }: Size, measure: Measure = 'old'): TestTerminal {
  const terminal = new Terminal({ cols: columns, rows, allowProposedApi: true })
  if (measure === 'modern') {
    terminal.unicode.register({ version: 'modern', wcwidth, charProperties })
    terminal.unicode.activeVersion = 'modern'
  }
  let title = ''
  terminal.onTitleChange((text) => {
    title = text
  })
  // Private modes begin with a question mark; the synchronised update is over whenever it is looked at.
  const changed = new Map<string, string>()
  for (const prefix of ['?', ''] as const)
    for (const final of ['h', 'l'] as const)
      terminal.parser.registerCsiHandler(prefix === '' ? { final } : { prefix, final }, (parameters) => {
        for (const mode of parameters.flat()) changed.set(`${prefix}${mode}`, final)
        return false
      })
  return {
    modes: () => ({ title, changed: [...changed].map(([mode, final]) => mode + final).sort() }),
    show: (bytes) => new Promise((resolve) => terminal.write(bytes, resolve)),
    cells: () => lines(terminal, describeRow, ''),
    text: () => lines(terminal, (line) => line.translateToString(true), ''),
    pieces: () => lines(terminal, piecesOf, []),
    get isAlternate() {
      return terminal.buffer.active.type === 'alternate'
    },
    dispose: () => terminal.dispose(),
  }
}

type Line = NonNullable<ReturnType<Terminal['buffer']['active']['getLine']>>

function lines<T>(terminal: Terminal, describe: (line: Line) => T, empty: T): T[] {
  const { active } = terminal.buffer
  return Array.from({ length: terminal.rows }, (_, index) => {
    const line = active.getLine(active.baseY + index)
    return line === undefined ? empty : describe(line)
  })
}

function piecesOf(line: Line): Piece[] {
  const pieces: Piece[] = []
  for (let column = 0; column < line.length; column++) {
    const cell = line.getCell(column)
    // The second half of a wide character.
    if (cell === undefined || cell.getWidth() === 0) continue
    const look = {
      bold: cell.isBold() !== 0,
      faint: cell.isDim() !== 0,
      inverse: cell.isInverse() !== 0,
      color: cell.isFgPalette() ? cell.getFgColor() : null,
    }
    const next = { column, columns: cell.getWidth(), text: cell.getChars() || ' ', ...look }
    const last = pieces.at(-1)
    if (last !== undefined && looksLike(last, next))
      pieces[pieces.length - 1] = {
        ...last,
        columns: last.columns + next.columns,
        text: last.text + next.text,
      }
    else pieces.push(next)
  }
  return pieces
}

const looksLike = (a: Piece, b: Piece): boolean =>
  a.bold === b.bold && a.faint === b.faint && a.inverse === b.inverse && a.color === b.color

function describeRow(line: Line): string {
  return Array.from({ length: line.length }, (_, column) => {
    const cell = line.getCell(column)
    if (cell === undefined) return '?'
    const attributes = [
      cell.isBold(),
      cell.isDim(),
      cell.isItalic(),
      cell.isUnderline(),
      cell.isBlink(),
      cell.isInverse(),
      cell.isInvisible(),
      cell.isStrikethrough(),
    ].map((flag) => (flag ? 1 : 0))
    const colours = `${cell.getFgColorMode()}.${cell.getFgColor()}/${cell.getBgColorMode()}.${cell.getBgColor()}`
    return `${cell.getChars() || ' '}${cell.getWidth()}{${attributes.join('')} ${colours}}`
  }).join('')
}

function wcwidth(codePoint: number): 0 | 1 | 2 {
  const width = stringWidth(String.fromCodePoint(codePoint))
  return width === 0 ? 0 : width === 1 ? 1 : 2
}

/** The terminal's packed form: bits 1 and 2 the width, bit 0 whether to join the character before. */
function charProperties(codePoint: number, preceding: number): number {
  const width = wcwidth(codePoint)
  const precedingWidth = (preceding >> 1) & 3
  const joins = width === 0 && precedingWidth !== 0
  return ((joins ? precedingWidth : width) << 1) | (joins ? 1 : 0)
}
