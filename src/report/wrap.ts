import { escapeText } from './escape.ts'
import { columnsOf, truncate } from './width.ts'

/** Breaks a text into lines of at most `width` columns, at blanks where there are any. The text is escaped first. */
export function wrapText(text: string, width: number): string[] {
  const room = Math.max(8, width)
  const lines: string[] = []
  let current = ''
  for (let word of escapeText(text).split(' ')) {
    const joined = current === '' ? word : `${current} ${word}`
    if (columnsOf(joined) <= room) {
      current = joined
      continue
    }
    if (current !== '') lines.push(current)
    while (columnsOf(word) > room) {
      const head = headOf(word, room)
      if (head === '') break
      lines.push(head)
      word = word.slice(head.length)
    }
    current = word
  }
  if (current !== '' || lines.length === 0) lines.push(current)
  return lines
}

// Between the paths of a mount line: `lowerdir=/a:/b,upperdir=/c`, or what is left of one.
const PATHS = /^(?:[a-z]+=|br:|\/|l\/)/
const BETWEEN_PATHS = /[:,](?=[^:,]*[/=])/g

/** An id or a path may be longer than a line: it is cut between paths, or behind a slash, else where the line ends. */
function headOf(word: string, room: number): string {
  const head = truncate(word, room, '')
  const between = PATHS.test(word)
    ? [...word.matchAll(BETWEEN_PATHS)].findLast(({ index }) => index < head.length)
    : undefined
  if (between !== undefined) return word.slice(0, between.index + 1)
  const slash = head.lastIndexOf('/') + 1
  const fits = columnsOf(word.slice(slash)) <= room || slash > head.length / 2
  return slash > 0 && fits ? head.slice(0, slash) : head
}
