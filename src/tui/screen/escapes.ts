/** One control sequence found in a text: where it ends, and its parameters when it is an SGR sequence. */
export interface Escape {
  /** The index after its last character. */
  readonly end: number
  /** The parameters of an SGR sequence, null for any other. */
  readonly sgr: string | null
}

/** True for C0, DEL and C1 characters: everything that a terminal obeys instead of showing. */
export function isControl(code: number): boolean {
  return code < 0x20 || (code >= 0x7f && code < 0xa0)
}

/** Reads the control character or sequence that starts at `start`; one cut short ends with the text. */
export function readEscape(text: string, start: number): Escape {
  const code = text.charCodeAt(start)
  if (code === 0x9b) return readCsi(text, start + 1)
  if (isStringC1(code)) return { end: endOfString(text, start + 1), sgr: null }
  if (code !== 0x1b) return { end: start + 1, sgr: null }
  const next = text.charAt(start + 1)
  if (next === '[') return readCsi(text, start + 2)
  if (next !== '' && 'PX]^_'.includes(next)) return { end: endOfString(text, start + 2), sgr: null }
  let end = start + 1
  while (isBetween(text.charCodeAt(end), 0x20, 0x2f)) end++
  return { end: isBetween(text.charCodeAt(end), 0x30, 0x7e) ? end + 1 : end, sgr: null }
}

function readCsi(text: string, start: number): Escape {
  let end = start
  while (isBetween(text.charCodeAt(end), 0x30, 0x3f)) end++
  const parameters = text.slice(start, end)
  const isPlain = /^[\d;:]*$/.test(parameters) && text[end] === 'm'
  if (isPlain) return { end: end + 1, sgr: parameters }
  while (isBetween(text.charCodeAt(end), 0x20, 0x2f)) end++
  return { end: isBetween(text.charCodeAt(end), 0x40, 0x7e) ? end + 1 : end, sgr: null }
}

/** DCS, SOS, OSC, PM and APC carry text up to a terminator; that text is not for the screen either. */
function endOfString(text: string, start: number): number {
  const terminator = /\x07|\x9c|\x1b\\?/g
  terminator.lastIndex = start
  const found = terminator.exec(text)
  if (found === null) return text.length
  // An escape that is no terminator aborts the string and starts a sequence of its own.
  return found[0] === '\x1b' ? found.index : found.index + found[0].length
}

function isStringC1(code: number): boolean {
  return code === 0x90 || code === 0x98 || (code >= 0x9d && code <= 0x9f)
}

function isBetween(code: number, low: number, high: number): boolean {
  return code >= low && code <= high
}
