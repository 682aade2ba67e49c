import type { Piece } from '../tui/screen/terminal.ts'

const CELL = { width: 8.4, height: 18 }
const MARGIN = 14
const BASELINE = 13
const INK = '#d8dee9'
const PAPER = '#1e222a'
/** The colours that the program uses, of the first eight of the palette. */
const PALETTE: Readonly<Record<number, string>> = { 1: '#ff7b72', 2: '#7ee787', 3: '#e3b341', 6: '#76d3e0' }

/** A screen as an SVG picture: real text in it, so that it can be searched, copied and read aloud. */
export function picture(title: string, rows: readonly (readonly Piece[])[]): string {
  const columns = Math.max(...rows.map((row) => row.reduce((sum, piece) => sum + piece.columns, 0)))
  const width = round(columns * CELL.width + 2 * MARGIN)
  const height = rows.length * CELL.height + 2 * MARGIN
  const drawn = rows.flatMap((row, index) => row.flatMap((piece) => drawPiece(piece, index)))
  return [
    `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 ${width} ${height}" width="${width}" height="${height}">`,
    `<title>${escaped(title)}</title>`,
    `<rect width="100%" height="100%" rx="8" fill="${PAPER}"/>`,
    `<g font-family="ui-monospace,Menlo,Consolas,'DejaVu Sans Mono',monospace" font-size="14" fill="${INK}" xml:space="preserve">`,
    ...drawn,
    '</g>',
    '</svg>',
    '',
  ].join('\n')
}

function drawPiece(piece: Piece, row: number): string[] {
  if (piece.text.trim() === '' && !piece.inverse) return []
  const x = round(MARGIN + piece.column * CELL.width)
  const y = MARGIN + row * CELL.height
  const columns = round(piece.columns * CELL.width)
  const color = piece.color === null ? INK : (PALETTE[piece.color] ?? INK)
  const fill = piece.inverse ? PAPER : color
  const looks = [
    fill === INK ? '' : ` fill="${fill}"`,
    piece.bold ? ' font-weight="bold"' : '',
    piece.faint ? ' opacity="0.6"' : '',
  ].join('')
  return [
    ...(piece.inverse
      ? [`<rect x="${x}" y="${y}" width="${columns}" height="${CELL.height}" fill="${color}"/>`]
      : []),
    `<text x="${x}" y="${y + BASELINE}" textLength="${columns}"${looks}>${escaped(piece.text)}</text>`,
  ]
}

const round = (value: number): number => Math.round(value * 10) / 10

const escaped = (text: string): string =>
  text.replaceAll('&', '&amp;').replaceAll('<', '&lt;').replaceAll('>', '&gt;')
