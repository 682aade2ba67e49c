// Controls, format characters (direction, zero width, tags), halves of surrogate pairs, line and paragraph separators;
// characters that leave a blank or nothing; and variation selectors, on whose width terminals disagree.
const UNSAFE =
  /[\p{Cc}\p{Cf}\p{Cs}\p{Zl}\p{Zp}]|\p{Default_Ignorable_Code_Point}|[\u{115f}\u{1160}\u{3164}\u{ffa0}]/gu
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
  // A byte of a file name that is no UTF-8.
  if (code >= 0xdc80 && code <= 0xdcff) return `\\x${(code - 0xdc00).toString(16)}`
  if (code <= 0xff) return `\\x${code.toString(16).padStart(2, '0')}`
  return `\\u{${code.toString(16)}}`
}

/** The same for a text of several lines, each made by the program. */
export const escapeLines = (text: string): string => text.split('\n').map(escapeText).join('\n')

// JSON itself escapes the C0 controls; a newline that it writes stands between values.
const UNSAFE_IN_JSON =
  /[\u{7f}-\u{9f}\p{Cf}\p{Zl}\p{Zp}]|\p{Default_Ignorable_Code_Point}|[\u{115f}\u{1160}\u{3164}\u{ffa0}]/gu

const PLAIN_JSON = /^[\n -~]*$/

/** JSON that means the same and holds nothing that a terminal obeys or hides. */
export function escapeJson(json: string): string {
  // Nearly all of it is plain, which is seen in a fifth of the time.
  if (PLAIN_JSON.test(json)) return json
  return json.replace(UNSAFE_IN_JSON, (character) =>
    [...Array(character.length).keys()]
      .map((index) => `\\u${character.charCodeAt(index).toString(16).padStart(4, '0')}`)
      .join(''),
  )
}

const ASCII_MARKS: Readonly<Record<string, string>> = { '…': '...', '→': '->', '◀': '<' }

/** A text in ASCII alone: the program's own marks in their plain forms, other characters as escapes. */
export const asciiOnly = (text: string): string =>
  text.replace(/[^\x00-\x7f]/gu, (character) => ASCII_MARKS[character] ?? codePointEscape(character))
