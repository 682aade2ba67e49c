import { glyphsOf, type Look } from '../text/look.ts'

/** A tree that branches more often than this shows only its nearest levels. */
const SHOWN_LEVELS = 12

/**
 * The tree lines before a row. They are kept as one letter per level, so that they can be drawn in either set of
 * characters: B a branch, L the last one, T one that goes through, a blank where none does.
 */
export function drawBranches(prefix: string, look: Look): string {
  const glyphs = glyphsOf(look)
  const shown = prefix.length > SHOWN_LEVELS ? prefix.slice(-SHOWN_LEVELS) : prefix
  const drawn = [...shown].map((level) => {
    if (level === 'B') return glyphs.branch
    if (level === 'L') return glyphs.lastBranch
    return level === 'T' ? glyphs.through : '  '
  })
  return (shown === prefix ? '' : `${glyphs.ellipsis} `) + drawn.join('')
}
