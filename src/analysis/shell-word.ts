import { bytesOfName } from '../formats/byte-name.ts'

/** What does not come through a terminal or a clipboard as it is: controls, hidden characters, bytes that are no UTF-8. */
const UNSEEN = /[\p{Cc}\p{Cf}\p{Cs}\p{Zl}\p{Zp}]/u

/** A text as one word of a shell command: a name or path from disk may hold anything. */
export function shellWord(text: string): string {
  if (/^[\w@%+=:,./-]+$/.test(text)) return text
  return UNSEEN.test(text)
    ? `$'${[...text].map(inAnsiQuotes).join('')}'`
    : `'${text.replaceAll("'", "'\\''")}'`
}

/** A character between `$'` and `'` (bash, zsh, ksh; POSIX since 2024), what cannot be seen by its bytes. */
function inAnsiQuotes(character: string): string {
  if (character === "'" || character === '\\') return `\\${character}`
  if (!UNSEEN.test(character)) return character
  return [...bytesOfName(character)].map((byte) => `\\x${byte.toString(16).padStart(2, '0')}`).join('')
}
