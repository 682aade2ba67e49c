// Controls (C0, DEL, C1), direction and width tricks, line separators, and halves of surrogate pairs.
const UNSAFE =
  /[\u0000-\u001f\u007f-\u009f\u00ad\u061c\u180e\u200b-\u200f\u2028-\u202e\u2060-\u206f\ufe00-\ufe0f\ufeff\ufff9-\ufffb]|[\ud800-\udbff](?![\udc00-\udfff])|(?<![\ud800-\udbff])[\udc00-\udfff]|\u{e0000}|[\u{e0001}-\u{e007f}]/gu
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
