import { escapeText } from '../../report/escape.ts'
import { columnsOf, truncate } from '../../report/width.ts'
import { glyphsOf, type Look } from './look.ts'

/** What a piece of text means; how that looks is decided where it is painted. */
export type Style =
  | 'plain'
  | 'strong'
  | 'faint'
  | 'active'
  | 'error'
  | 'warning'
  | 'good'
  | 'bar'
  | 'barFaint'

export interface Span {
  readonly text: string
  readonly style: Style
}

/** One row of the screen, before it is cut to a width. */
export type Line = readonly Span[]

export const EMPTY_LINE: Line = []

/** The only way into a line: whatever the text holds, it cannot move the cursor or change the terminal. */
export const span = (text: string, style: Style = 'plain'): Span => ({ text: escapeText(text), style })

export const line = (text: string, style: Style = 'plain'): Line => [span(text, style)]

// Bold and faint say the same without colours, so a terminal without them loses nothing.
const CODES: Readonly<Record<Style, { readonly attribute: string; readonly color: string }>> = {
  plain: { attribute: '', color: '' },
  strong: { attribute: '1', color: '' },
  faint: { attribute: '2', color: '' },
  active: { attribute: '7', color: '' },
  error: { attribute: '1', color: '31' },
  // Yellow cannot be read on a light ground (1.7 : 1 with xterm's colours); magenta can on either (4.7 and 4.4 : 1).
  warning: { attribute: '', color: '35' },
  good: { attribute: '', color: '32' },
  bar: { attribute: '', color: '36' },
  barFaint: { attribute: '2', color: '' },
}

/** The columns that a line takes. */
export const lineWidth = (spans: Line): number =>
  spans.reduce((width, { text }) => width + columnsOf(text), 0)

/** Cuts or fills a line to exactly `width` columns. */
export function fitLine(spans: Line, width: number, look: Look): Line {
  const fitted: Span[] = []
  let room = width
  for (const [index, { text: whole, style }] of spans.entries()) {
    // Of a long name no more is measured than what shows that it does not fit.
    const text = truncate(whole, room + 1, '')
    const columns = columnsOf(text)
    const isLast = index === spans.length - 1
    // A cut is marked where it happens, also when it falls between two spans.
    const fits = columns < room || (columns === room && isLast)
    if (fits) {
      fitted.push({ text, style })
      room -= columns
      continue
    }
    const { ellipsis } = glyphsOf(look)
    const cut = columns > room ? truncate(text, room, ellipsis) : text
    const hasMore = spans.slice(index + 1).some((later) => later.text.trim() !== '')
    const shown = columns === room && hasMore ? truncate(`${text} `, room, ellipsis) : cut
    fitted.push({ text: shown, style })
    room -= columnsOf(shown)
    break
  }
  if (room > 0) fitted.push({ text: ' '.repeat(room), style: 'plain' })
  return fitted
}

/** A line as a terminal takes it, exactly `width` columns wide; a selected one in inverse video. */
export function paintLine(spans: Line, width: number, look: Look, selected = false): string {
  let painted = ''
  for (const { text, style } of fitLine(spans, width, look)) {
    const shown = look.ascii ? typed(text) : text
    const codes = codesOf(style, look, selected)
    painted += codes === '' ? shown : `\x1b[${codes}m${shown}\x1b[0m`
  }
  return painted
}

/** The signs that sentences and tables are written with, as they are typed; each is one column wide. */
const TYPED_SIGNS: Readonly<Record<string, string>> = {
  '…': glyphsOf({ ascii: true, color: false }).ellipsis,
  '“': '"',
  '”': '"',
  '’': "'",
  '→': '>',
  '×': 'x',
}

/** A text without anything but ASCII, as wide as it was. */
const typed = (text: string): string =>
  text
    .replace(/[…“”’→×]/g, (sign) => TYPED_SIGNS[sign] ?? sign)
    .replace(/[^ -~]+/g, (odd) => '?'.repeat(columnsOf(odd)))

function codesOf(style: Style, look: Look, selected: boolean): string {
  const { attribute, color } = CODES[style]
  // In inverse video the ground's colour is what is drawn with: a bar keeps its own on the ground of the selection.
  if (selected && style === 'bar' && look.color) return '7;46'
  if (selected) return style === 'strong' ? '1;7' : '7'
  return [attribute, look.color ? color : ''].filter((code) => code !== '').join(';')
}

const EIGHTHS = ['', '▏', '▎', '▍', '▌', '▋', '▊', '▉']

/** A bar of at most `width` columns for a part of a whole; something that is not nothing is never drawn as nothing. */
export function barText(part: number, whole: number, width: number, look: Look): string {
  if (look.plain || whole <= 0 || part <= 0) return ''
  const exact = Math.min(1, part / whole) * width
  if (look.ascii) return '#'.repeat(Math.max(1, Math.round(exact)))
  const eighths = Math.max(1, Math.round(exact * 8))
  return '█'.repeat(Math.floor(eighths / 8)) + (EIGHTHS[eighths % 8] ?? '')
}

/** A part of a bar of `width` columns where it stands in the whole: what stands before it is left empty. */
export function stackedBar(before: number, part: number, whole: number, width: number, look: Look): string {
  if (width === 0 || whole <= 0 || part <= 0) return ''
  const start = Math.min(width - 1, Math.round((before / whole) * width))
  const end = Math.max(start + 1, Math.round(((before + part) / whole) * width))
  return ' '.repeat(start) + (look.ascii ? '#' : '█').repeat(end - start)
}

/** A bar with its empty rest, as a gauge. */
export function gauge(part: number, whole: number, width: number, look: Look): string {
  const full = barText(part, whole, width, look)
  return full + glyphsOf(look).track.repeat(Math.max(0, width - columnsOf(full)))
}
