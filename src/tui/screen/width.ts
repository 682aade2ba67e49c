/**
 * The columns of a UTF-16 unit that every terminal shows alike, alone in its cell: 1 or 2, and 0 for all others.
 *
 * Emoji, marks, jamo and the rest are measured differently by different terminals; cells that hold them are
 * painted with care. A unit counted here never joins a following unit that is counted here too.
 */
export function agreedWidth(code: number): 0 | 1 | 2 {
  if (code < 0x300) return code >= 0x20 && !(code >= 0x7f && code < 0xa0) && code !== 0xad ? 1 : 0
  if (code < 0x2010) {
    const isGreekOrCyrillic = code >= 0x370 && code < 0x530 && !(code >= 0x483 && code < 0x48a)
    return isGreekOrCyrillic || (code >= 0x1e00 && code < 0x1f00) ? 1 : 0
  }
  if (code < 0x3000) return isSymbol(code) ? 1 : 0
  return isCjk(code) ? 2 : 0
}

function isSymbol(code: number): boolean {
  return (
    (code >= 0x2500 && code < 0x25fd) || // boxes, blocks, shapes
    (code >= 0x2010 && code < 0x2028) || // dashes, quotes, bullet, ellipsis
    (code >= 0x2030 && code < 0x205f) ||
    (code >= 0x2190 && code < 0x231a) || // arrows and mathematics
    (code >= 0x2800 && code < 0x2900) || // braille
    code === 0x2713 || // check mark
    code === 0x2717 // ballot cross
  )
}

function isCjk(code: number): boolean {
  return (
    (code >= 0x4e00 && code < 0xa000) ||
    (code >= 0xac00 && code < 0xd7a4) || // Hangul syllables
    (code >= 0x3041 && code < 0x3097) || // Hiragana
    (code >= 0x30a1 && code < 0x30fb) || // Katakana
    (code >= 0x3400 && code < 0x4dc0) ||
    (code >= 0x3001 && code < 0x302a) ||
    (code >= 0xff01 && code < 0xff61) // full-width forms
  )
}
