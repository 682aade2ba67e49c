const LETTER_KEYS: Readonly<Record<string, string>> = {
  A: 'up',
  B: 'down',
  C: 'right',
  D: 'left',
  H: 'home',
  F: 'end',
  P: 'f1',
  Q: 'f2',
  R: 'f3',
  S: 'f4',
}

const NUMBER_KEYS: Readonly<Record<number, string>> = {
  1: 'home',
  2: 'insert',
  3: 'delete',
  4: 'end',
  5: 'pageup',
  6: 'pagedown',
  7: 'home',
  8: 'end',
  11: 'f1',
  12: 'f2',
  13: 'f3',
  14: 'f4',
  15: 'f5',
  17: 'f6',
  18: 'f7',
  19: 'f8',
  20: 'f9',
  21: 'f10',
  23: 'f11',
  24: 'f12',
}

/** The key of a plain character, "ctrl-a" for 0x01; null for one that no key types. */
export function characterKey(character: string): string | null {
  const code = character.codePointAt(0) ?? 0
  if (code === 0x20) return 'space'
  if (code === 0x0d || code === 0x0a) return 'enter'
  if (code === 0x09) return 'tab'
  if (code === 0x7f || code === 0x08) return 'backspace'
  if (code === 0x1b) return 'esc'
  if (code === 0) return 'ctrl-space'
  // Control characters are the key's character with its upper bits taken away.
  if (code <= 0x1a) return `ctrl-${String.fromCharCode(code + 0x60)}`
  if (code < 0x20) return `ctrl-${String.fromCharCode(code + 0x40)}`
  // C1 controls, half a surrogate pair, and what an invalid byte is decoded to.
  if ((code >= 0x80 && code < 0xa0) || (code >= 0xd800 && code < 0xe000) || code === 0xfffd) return null
  return character
}

/** The key of a CSI sequence by its parameters and its last letter; null for one that is no key. */
export function csiKey(parameters: string, final: string): string | null {
  // The Linux console sends F1 to F5 as "[A" to "[E" after the CSI.
  if (parameters === '[') return /^[A-E]$/.test(final) ? `f${final.charCodeAt(0) - 64}` : null
  if (!/^[\d;:]*$/.test(parameters)) return null
  const [first = 1, second = 1, third = 0] = parameters
    .split(';')
    .map((text) => Number.parseInt(text, 10) || 1)
  if (final === 'Z') return 'shift-tab'
  if (final === 'u') return codePointKey(first, second)
  if (final === '~' && first === 27) return codePointKey(third, second)
  // Of a letter the first number is always 1: "12;40R" is not a key but the place of the cursor.
  const name = final === '~' ? NUMBER_KEYS[first] : first === 1 ? LETTER_KEYS[final] : undefined
  return name === undefined ? null : withModifiers(name, second)
}

/** The key of an SS3 sequence: the keypad and function keys of terminals in application mode. */
export function ss3Key(final: string): string | null {
  return final === 'M' ? 'enter' : (LETTER_KEYS[final] ?? null)
}

/** A key that a terminal reports by its code point and the modifiers held. */
function codePointKey(codePoint: number, modifiers: number): string | null {
  if (codePoint > 0x10ffff) return null
  const name = characterKey(String.fromCodePoint(codePoint))
  if (name === null) return null
  const isCharacter = [...name].length === 1
  if (!isCharacter) return withModifiers(name, modifiers)
  // Of a character that shows, Shift gives another character; with Ctrl it makes no difference, as ever.
  const bits = modifiers - 1
  const character = bits & 4 ? name.toLowerCase() : bits & 1 ? name.toUpperCase() : name
  return withModifiers(character, (bits & ~1) + 1)
}

/** The protocol's modifier number is one more than the sum of shift 1, alt 2, ctrl 4. */
function withModifiers(name: string, modifiers: number): string {
  const bits = modifiers - 1
  return `${bits & 4 ? 'ctrl-' : ''}${bits & 2 ? 'alt-' : ''}${bits & 1 ? 'shift-' : ''}${name}`
}
