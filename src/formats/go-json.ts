/** Why a text is not JSON: nothing in it, only NUL bytes (a file whose data never reached the disk), cut off, or other. */
export type JsonProblem = 'empty' | 'nul' | 'cut-off' | 'not-json'

/** What a JSON text holds, or what is wrong with it and a phrase that says so. */
export type JsonResult = { ok: true; value: unknown } | { ok: false; problem: JsonProblem; reason: string }

/** Parses JSON without throwing; the reason of a failure never quotes the text, which may hold control sequences. */
export function parseJsonBounded(text: string): JsonResult {
  try {
    return { ok: true, value: JSON.parse(text) }
  } catch {
    return { ok: false, ...describeFailure(text) }
  }
}

function describeFailure(text: string): { problem: JsonProblem; reason: string } {
  if (/^\s*$/.test(text)) return { problem: 'empty', reason: 'empty' }
  if (/^\0+$/.test(text)) return { problem: 'nul', reason: 'all NUL bytes' }
  const offset = firstErrorOffset(text)
  if (offset === text.length) return { problem: 'cut-off', reason: 'cut off' }
  return { problem: 'not-json', reason: `not JSON: unexpected character at offset ${offset}` }
}

const whitespace = ' \t\n\r'
const scalarEnd = /[ \t\n\r{}[\]:,"]|$/g
const completeScalar = /^(?:true|false|null|-?(?:0|[1-9]\d*)(?:\.\d+)?(?:[eE][+-]?\d+)?)$/
const unfinishedNumber = /^-?(?:(?:0|[1-9]\d*)(?:\.|(?:\.\d+)?[eE][+-]?)?)?$/

/**
 * Finds the offset of the first token that no JSON text could have there; the text's length if there is none, so that
 * the text is but the beginning of one. The engine's own messages differ between Node versions and cannot tell.
 */
function firstErrorOffset(text: string): number {
  const open: string[] = []
  let expected = 'value'
  let at = 0
  while (at < text.length) {
    const char = text.charAt(at)
    if (whitespace.includes(char)) {
      at++
      continue
    }
    const next = followingState(expected, char, open)
    if (next === null) return at
    expected = next
    const end = tokenEnd(text, at, char)
    if (end.error) return end.offset
    at = end.offset
  }
  return text.length
}

interface TokenEnd {
  offset: number
  error: boolean
}

function tokenEnd(text: string, at: number, char: string): TokenEnd {
  if ('{}[]:,'.includes(char)) return { offset: at + 1, error: false }
  return char === '"' ? stringEnd(text, at + 1) : scalarTokenEnd(text, at)
}

function scalarTokenEnd(text: string, start: number): TokenEnd {
  scalarEnd.lastIndex = start
  const end = scalarEnd.exec(text)?.index ?? text.length
  const token = text.slice(start, end)
  if (completeScalar.test(token)) return { offset: end, error: false }
  return { offset: end === text.length && isUnfinishedScalar(token) ? end : start, error: true }
}

/** What may follow the token that begins with `char` where `expected` was due; null if it may not stand there. */
function followingState(expected: string, char: string, open: string[]): string | null {
  const isValuePlace = expected === 'value' || expected === 'value or ]'
  const isKeyPlace = expected === 'key' || expected === 'key or }'
  switch (char) {
    case '{':
    case '[':
      if (!isValuePlace) return null
      open.push(char)
      return char === '{' ? 'key or }' : 'value or ]'
    case '}':
    case ']': {
      const canClose = expected === 'separator' || expected.endsWith(` or ${char}`)
      return canClose && open.pop() === (char === '}' ? '{' : '[') ? 'separator' : null
    }
    case ':':
      return expected === 'colon' ? 'value' : null
    case ',':
      if (expected !== 'separator' || open.length === 0) return null
      return open.at(-1) === '{' ? 'key' : 'value'
    case '"':
      if (isKeyPlace) return 'colon'
      return isValuePlace ? 'separator' : null
    default:
      return isValuePlace ? 'separator' : null
  }
}

const escapeSequence = /\\(?:["\\/bfnrt]|u[0-9a-fA-F]{4})/y
const unfinishedEscape = /\\(?:u[0-9a-fA-F]{0,3})?$/y

/** Finds the offset behind a string's closing quote, the text's length if it has none, or the offset of its error. */
function stringEnd(text: string, from: number): TokenEnd {
  for (let at = from; at < text.length; at++) {
    const char = text.charAt(at)
    if (char === '"') return { offset: at + 1, error: false }
    if (char < ' ') return { offset: at, error: true }
    if (char !== '\\') continue
    escapeSequence.lastIndex = at
    unfinishedEscape.lastIndex = at
    if (escapeSequence.test(text)) at = escapeSequence.lastIndex - 1
    else return { offset: unfinishedEscape.test(text) ? text.length : at, error: true }
  }
  return { offset: text.length, error: false }
}

function isUnfinishedScalar(token: string): boolean {
  return ['true', 'false', 'null'].some((word) => word.startsWith(token)) || unfinishedNumber.test(token)
}

const tokens = /"(?:[^"\\]|\\.)*"|[{}[\]:,]|[^\s"{}[\]:,]+/g

/**
 * Finds an integer member of a small JSON object exactly, where JSON.parse would round it (BuildKit writes times in
 * nanoseconds, beyond 2^53); null if the member is absent or no integer. Members of nested objects are not looked at.
 */
export function rawInteger(text: string, key: string): bigint | null {
  const found = text.match(tokens) ?? []
  let depth = 0
  let value: bigint | null = null
  for (const [index, token] of found.entries()) {
    if (token === '{' || token === '[') depth++
    if (token === '}' || token === ']') depth--
    if (depth !== 1 || found[index + 1] !== ':' || !isKey(token, key)) continue
    const member = found[index + 2] ?? ''
    value = /^-?\d+$/.test(member) ? BigInt(member) : null
  }
  return value
}

function isKey(token: string, key: string): boolean {
  const parsed = parseJsonBounded(token)
  return parsed.ok && parsed.value === key
}
