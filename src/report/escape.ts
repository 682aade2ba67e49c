// Controls, format characters (direction, zero width, tags), halves of surrogate pairs, line and paragraph separators;
// and variation selectors, on whose width terminals disagree.
const UNSAFE = /[\p{Cc}\p{Cf}\p{Cs}\p{Zl}\p{Zp}]|[\u{fe00}-\u{fe0f}]/gu
const ONLY_PRINTABLE_ASCII = /^[ -~]*$/

const NAMED: Readonly<Record<string, string>> = {
  '\n': '\\n',
  '\r': '\\r',
  '\t': '\\t',
  '\u001b': '\\e',
  '\0': '\\0',
}

/**
 * Makes a text from disk fit for a terminal: everything that could move the cursor, change a mode, reorder or hide text
 * becomes a visible escape. The only place where this is done; every text of a view or a table passes it.
 */
export function escapeText(text: string): string {
  if (ONLY_PRINTABLE_ASCII.test(text)) return text
  return text.replace(UNSAFE, (character) => NAMED[character] ?? codePointEscape(character))
}

function codePointEscape(character: string): string {
  const code = character.codePointAt(0) ?? 0
  if (code <= 0xff) return `\\x${code.toString(16).padStart(2, '0')}`
  return `\\u{${code.toString(16)}}`
}
