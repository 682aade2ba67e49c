import { escapeText } from './escape.ts'
import { type Measured, measured, placeUpTo } from './width.ts'

/**
 * Breaks a text into lines of at most `width` columns, at blanks where there are any. The text is escaped first. Each
 * word is measured once, however many lines it takes: names from disk may be longer than any screen.
 */
export function wrapText(text: string, width: number): string[] {
  const room = Math.max(8, width)
  const lines: string[] = []
  let current = ''
  let columns = 0
  for (const piece of escapeText(text).split(' ')) {
    const word = measured(piece)
    const joined = current === '' ? word.columns : columns + 1 + word.columns
    if (joined <= room) {
      current = current === '' ? piece : `${current} ${piece}`
      columns = joined
      continue
    }
    if (current !== '') lines.push(current)
    const parts = wordParts(piece, word, room)
    lines.push(...parts.slice(0, -1))
    current = parts.at(-1) ?? ''
    columns = measured(current).columns
  }
  if (current !== '' || lines.length === 0) lines.push(current)
  return lines
}

// Between the paths of a mount line: `lowerdir=/a:/b,upperdir=/c`, or what is left of one.
const PATHS = /^(?:[a-z]+=|br:|\/|l\/)/
const BETWEEN_PATHS = /[:,](?=[^:,]*[/=])/g

/** An id or a path may be longer than a line: it is cut between paths, or behind a slash, else where the line ends. */
function wordParts(word: string, size: Measured, room: number): string[] {
  const parts: string[] = []
  const between = size.columns > room ? [...word.matchAll(BETWEEN_PATHS)].map(({ index }) => index + 1) : []
  let from = 0
  while (size.columnsFrom(from) > room) {
    const end = size.endOf(from, room)
    // A character that is wider than the line stands alone.
    if (end === from) break
    const cut = cutOf(word, size, room, { from, end, between })
    parts.push(word.slice(from, cut))
    from = cut
  }
  return [...parts, word.slice(from)]
}

interface Head {
  readonly from: number
  /** Where the line ends at the latest. */
  readonly end: number
  readonly between: readonly number[]
}

function cutOf(word: string, size: Measured, room: number, { from, end, between }: Head): number {
  const path = between[placeUpTo(between, end)] ?? 0
  if (path > from && PATHS.test(word.slice(from, end))) return path
  const slash = word.lastIndexOf('/', end - 1) + 1
  if (slash <= from) return end
  return size.columnsFrom(slash) <= room || slash - from > (end - from) / 2 ? slash : end
}
