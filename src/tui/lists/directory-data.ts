import type { Display } from '../../report/table.ts'
import { type DirectoryRow, directoryTable } from '../../report/tables/directory.ts'
import { type DirectoryListing, KIND_LETTERS, type SizesPart } from '../../scan/browse/sized-directory.ts'
import { outcomeOf, type Question, type Replies } from '../questions.ts'
import type { Place } from '../state.ts'
import { createListData, type ListData } from './list-data.ts'

/** What is known of a directory that one looks into. */
export interface Browsed {
  readonly listing: DirectoryListing
  readonly data: ListData
  /** What is shown, all together with the directory itself. */
  readonly diskBytes: number
  readonly contentBytes: number
  readonly inodes: number
  readonly isDone: boolean
  readonly walked: number
  readonly unreadable: number
  readonly parts: number
}

/** The last state of each listing: the parts that came since are added to it. */
const browsed = new WeakMap<
  DirectoryListing,
  { units: Display['units']; nowMs: number; made: Browsed; rows: DirectoryRow[] }
>()

/** What has to be asked to see a directory: its entries, then part by part the sizes of what lies deeper. */
export function directoryQuestions(replies: Replies, place: Place, display: Display): Question[] {
  const directory = { kind: 'directory', ...place } as const
  if (outcomeOf(replies, directory)?.ok !== true) return [directory]
  const known = browse(replies, place, display)
  if (known === null || known.isDone) return [directory]
  return [directory, { kind: 'sizes', ...place, part: known.parts }]
}

/** A directory as far as it is known; null before its entries are. */
export function browse(replies: Replies, place: Place, display: Display): Browsed | null {
  const outcome = outcomeOf(replies, { kind: 'directory', ...place })
  if (outcome?.ok !== true) return null
  const listing = outcome.answer
  const known = browsed.get(listing)
  let rows = known?.rows ?? rowsOf(listing)
  let parts = known?.made.parts ?? 0
  const news: SizesPart[] = []
  for (;;) {
    const part = outcomeOf(replies, { kind: 'sizes', ...place, part: parts })
    if (part === null || !part.ok) break
    news.push(part.answer)
    parts++
  }
  const isSame = known?.units === display.units && known.nowMs === display.nowMs
  if (known !== undefined && news.length === 0 && isSame) return known.made
  if (news.length > 0) rows = withSizes(rows, news)
  const made = summed(listing, rows, parts, news.at(-1), known?.made, display)
  browsed.set(listing, { units: display.units, nowMs: display.nowMs, made, rows })
  return made
}

function summed(
  listing: DirectoryListing,
  rows: readonly DirectoryRow[],
  parts: number,
  last: SizesPart | undefined,
  before: Browsed | undefined,
  display: Display,
): Browsed {
  let diskBytes = listing.ownDiskBytes
  let contentBytes = 0
  let inodes = listing.ownDiskBytes > 0 ? 1 : 0
  for (const row of rows) {
    diskBytes += row.diskBytes ?? 0
    contentBytes += row.contentBytes ?? 0
    inodes += row.inodes ?? 0
  }
  const data = createListData(
    { rows, table: directoryTable(diskBytes), key: ({ name }) => name, ref: () => null },
    display,
  )
  return {
    listing,
    data,
    diskBytes,
    contentBytes,
    inodes,
    isDone: last?.isDone ?? before?.isDone ?? !listing.kinds.includes('d'),
    walked: last?.walked ?? before?.walked ?? 0,
    unreadable: last?.unreadable ?? before?.unreadable ?? 0,
    parts,
  }
}

function rowsOf(listing: DirectoryListing): DirectoryRow[] {
  const names = listing.kinds === '' ? [] : listing.names.split('\0')
  return names.map((name, row): DirectoryRow => {
    const kind = KIND_LETTERS[listing.kinds[row] ?? 'u'] ?? 'unknown'
    const isOpen = kind === 'directory' || kind === 'mount'
    return {
      name,
      kind,
      contentBytes: isOpen ? null : (listing.contentBytes[row] ?? 0),
      diskBytes: isOpen ? null : (listing.diskBytes[row] ?? 0),
      inodes: isOpen ? null : 1,
      modifiedMs: listing.modifiedMs[row] ?? 0,
      links: isOpen ? 1 : (listing.links[row] ?? 1),
    }
  })
}

function withSizes(rows: readonly DirectoryRow[], parts: readonly SizesPart[]): DirectoryRow[] {
  const next = [...rows]
  for (const part of parts)
    for (const [index, place] of part.rows.entries()) {
      const row = next[place]
      if (row === undefined) continue
      next[place] = {
        ...row,
        contentBytes: part.contentBytes[index] ?? null,
        diskBytes: part.diskBytes[index] ?? null,
        inodes: part.inodes[index] ?? null,
      }
    }
  return next
}
