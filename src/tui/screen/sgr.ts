/** How a cell looks: attribute flags and two colours, with a key that is equal exactly when the looks are. */
export interface Style {
  /** Bits of ATTRIBUTES that are on. */
  readonly attributes: number
  /** The SGR parameters of the text colour ("31", "38;5;12"), or '' for the terminal's own. */
  readonly foreground: string
  /** The SGR parameters of the background colour, or '' for the terminal's own. */
  readonly background: string
  /** The SGR parameters that lead here from a reset; '' for the default style. */
  readonly key: string
}

const BOLD_OR_DIM = 0b11

const ATTRIBUTES = [
  { bit: 1, on: 1, off: 22 }, // bold
  { bit: 2, on: 2, off: 22 }, // dim, which shares its "off" with bold
  { bit: 4, on: 3, off: 23 }, // italic
  { bit: 8, on: 4, off: 24 }, // underline
  { bit: 16, on: 5, off: 25 }, // blink
  { bit: 32, on: 7, off: 27 }, // inverse
  { bit: 64, on: 8, off: 28 }, // hidden
  { bit: 128, on: 9, off: 29 }, // struck through
] as const

/** The style of a terminal after a reset. */
export const DEFAULT_STYLE: Style = { attributes: 0, foreground: '', background: '', key: '' }

/** The style after the parameters of one SGR sequence ("1;38;5;12"); codes it does not know change nothing. */
export function applySgr(style: Style, parameters: string): Style {
  if (parameters === '' || parameters === '0') return DEFAULT_STYLE
  let { attributes, foreground, background } = style
  const codes = parameters.split(';')
  for (let index = 0; index < codes.length; index++) {
    const text = codes[index] ?? ''
    const code = Number.parseInt(text === '' ? '0' : text, 10)
    const attribute = ATTRIBUTES.find((entry) => entry.on === code)
    if (code === 0) {
      attributes = 0
      foreground = ''
      background = ''
    } else if (attribute !== undefined) {
      // "4:0" is the colon form of "no underline".
      attributes = text.endsWith(':0') ? attributes & ~attribute.bit : attributes | attribute.bit
    } else if (code >= 22 && code <= 29) {
      for (const entry of ATTRIBUTES) if (entry.off === code) attributes &= ~entry.bit
    } else if (code === 38 || code === 48 || code === 58) {
      const colour = extendedColour(codes, index)
      index += colour.skipped
      // 58 is the colour of the underline: its parameters must be stepped over, its meaning is dropped.
      if (code === 38) foreground = colour.parameters ?? foreground
      if (code === 48) background = colour.parameters ?? background
    } else if (code === 39) foreground = ''
    else if (code === 49) background = ''
    else if ((code >= 30 && code <= 37) || (code >= 90 && code <= 97)) foreground = String(code)
    else if ((code >= 40 && code <= 47) || (code >= 100 && code <= 107)) background = String(code)
  }
  return { attributes, foreground, background, key: keyOf(attributes, foreground, background) }
}

/** The shortest SGR sequence that turns one style into the other; '' when they are equal. */
export function sgrTransition(from: Style, to: Style): string {
  if (from.key === to.key) return ''
  if (to.key === '') return '\x1b[m'
  const step = stepParameters(from, to)
  const fromReset = `0;${to.key}`
  return `\x1b[${step.length <= fromReset.length ? step : fromReset}m`
}

function stepParameters(from: Style, to: Style): string {
  const gone = from.attributes & ~to.attributes
  const codes: (number | string)[] = []
  let kept = from.attributes & to.attributes
  for (const { bit, off } of ATTRIBUTES) if (gone & bit && !codes.includes(off)) codes.push(off)
  // Switching off bold or dim switches off both.
  if (gone & BOLD_OR_DIM) kept &= ~BOLD_OR_DIM
  for (const { bit, on } of ATTRIBUTES) if (to.attributes & ~kept & bit) codes.push(on)
  if (from.foreground !== to.foreground) codes.push(to.foreground || 39)
  if (from.background !== to.background) codes.push(to.background || 49)
  return codes.join(';')
}

function keyOf(attributes: number, foreground: string, background: string): string {
  const codes: string[] = []
  for (const { bit, on } of ATTRIBUTES) if (attributes & bit) codes.push(String(on))
  if (foreground !== '') codes.push(foreground)
  if (background !== '') codes.push(background)
  return codes.join(';')
}

interface ExtendedColour {
  /** null when the colour is malformed. */
  readonly parameters: string | null
  /** How many of the parameters after the 38, 48 or 58 belong to it. */
  readonly skipped: number
}

function extendedColour(codes: readonly string[], index: number): ExtendedColour {
  const [target = '', ...inside] = (codes[index] ?? '').split(':')
  if (inside.length > 0) {
    // "38:2::r:g:b" may carry a colour space before the three channels.
    const wanted = inside[0] === '5' ? 1 : inside[0] === '2' ? 3 : 0
    return { parameters: colourParameters(target, inside[0] ?? '', inside.slice(-wanted)), skipped: 0 }
  }
  const kind = codes[index + 1] ?? ''
  const wanted = kind === '5' ? 1 : kind === '2' ? 3 : 0
  const channels = codes.slice(index + 2, index + 2 + wanted)
  return { parameters: colourParameters(target, kind, channels), skipped: 1 + channels.length }
}

function colourParameters(target: string, kind: string, channels: readonly string[]): string | null {
  const wanted = kind === '5' ? 1 : 3
  if ((kind !== '5' && kind !== '2') || channels.length !== wanted) return null
  const numbers = channels.map((channel) => Number.parseInt(channel || '0', 10))
  if (numbers.some((number) => !(number >= 0 && number <= 255))) return null
  return `${target};${kind};${numbers.join(';')}`
}
