import { CommandLineError } from './flags.ts'

/** The pieces of a pattern in Go's syntax; the last takes whatever is none of the others. */
const PIECES =
  /\\Q(?<literal>.*?)(?:\\E|$)|\\(?<escaped>[pP]\{\^?\w+\}|[pP]\w|x\{[0-9a-fA-F]+\}|x[0-9a-fA-F]{2}|.)|(?<group>\(\?(?:P?<\w+>|[a-zA-Z-]*[:)]|<?[=!])?)|(?<class>\[\^?\]?(?:\[:\^?\w+:\]|\\.|[^\]])*\])|(?<repeat>\{\d+(?:,\d*)?\})|(?<other>.)/gsu

const CLASSES: Readonly<Record<string, string>> = {
  alnum: 'a-zA-Z0-9',
  alpha: 'a-zA-Z',
  digit: '0-9',
  lower: 'a-z',
  upper: 'A-Z',
  word: '\\w',
  ascii: '\\0-\\x7f',
  blank: ' \\t',
  cntrl: '\\0-\\x1f\\x7f',
  graph: '!-~',
  print: ' -~',
  punct: '!-\\/:-@\\[-`{-~',
  space: '\\s',
  xdigit: '0-9a-fA-F',
}

/**
 * A pattern in Go's syntax as one of ours; null where Go takes none such. Throws CommandLineError for the few parts of
 * that syntax that have no counterpart here (Go regexp/syntax).
 */
export function goPattern(pattern: string): RegExp | null {
  const flags = /^\(\?([is]+)\)/.exec(pattern)?.[1] ?? ''
  const body = flags === '' ? pattern : pattern.slice(flags.length + 3)
  let isGo = true
  const ours = body.replace(PIECES, (...parts) => {
    const groups: Readonly<Record<string, string | undefined>> = parts.at(-1)
    const translated = translate(groups, pattern)
    if (translated === null) isGo = false
    return translated ?? ''
  })
  try {
    return isGo ? new RegExp(ours, `u${[...new Set(flags)].join('')}`) : null
  } catch {
    return null
  }
}

function translate(piece: Readonly<Record<string, string | undefined>>, pattern: string): string | null {
  const { literal, escaped, group, repeat, other = '' } = piece
  if (literal !== undefined) return [...literal].map(verbatim).join('')
  if (escaped !== undefined) return escapeOf(escaped, pattern)
  if (group !== undefined) {
    if (group === '(?:') return group
    // Go looks neither ahead nor behind.
    if (/^\(\?(?:<?[=!])?$/.test(group)) return null
    if (group.endsWith('>')) return `(?<${group.slice(group.indexOf('<') + 1)}`
    throw unknown(group, pattern)
  }
  if (piece['class'] !== undefined) return characterClass(piece['class'], pattern)
  return repeat ?? ('{}]'.includes(other) ? `\\${other}` : other)
}

const verbatim = (character: string): string =>
  /[\\^$.*+?()[\]{}|/]/.test(character) ? `\\${character}` : character

function escapeOf(escaped: string, pattern: string): string | null {
  if (escaped === 'A') return '^'
  if (escaped === 'z') return '$'
  if (/^[bBdDsSwWfnrtv]$|^x[^{]/.test(escaped)) return `\\${escaped}`
  if (escaped === 'a') return '\\x07'
  if (escaped.startsWith('x{')) return `\\u${escaped.slice(1)}`
  if (/^[pP][A-Z]$/.test(escaped)) return `\\${escaped.charAt(0)}{${escaped.charAt(1)}}`
  if (/^[pP0C]/.test(escaped)) throw unknown(`\\${escaped}`, pattern)
  // Go has no references back, and no escapes but for these and for punctuation.
  return /^\w/.test(escaped) ? null : verbatim(escaped)
}

function characterClass(text: string, pattern: string): string | null {
  const [, negated = '', inside = ''] = /^\[(\^?)(.*)\]$/s.exec(text) ?? []
  let isGo = true
  const ours = inside.replace(/\[:(\^?)(\w+):\]|\\(.)|([[\]^])/gsu, (_all, not, name, escaped, bare) => {
    if (name !== undefined) {
      if (not !== '' && name in CLASSES) throw unknown(`[:^${name}:]`, pattern)
      isGo &&= name in CLASSES
      return CLASSES[name] ?? ''
    }
    if (bare !== undefined) return `\\${bare}`
    const meant = escapeOf(escaped, pattern)
    if (meant === null) isGo = false
    return meant ?? ''
  })
  return isGo ? `[${negated}${ours}]` : null
}

const unknown = (part: string, pattern: string): CommandLineError =>
  new CommandLineError(
    `${JSON.stringify(part)} in the pattern ${JSON.stringify(pattern)} is not simulated here.`,
    'Ids of the build cache are 25 small letters and digits: a pattern of these will do.',
  )
