import { type Entries, type Entry, withoutHash } from './entries.ts'

/** How well a name answers what was typed; 0 is the name itself. */
export const RANKS = ['exact', 'prefix', 'part', 'words', 'letters'] as const
type Rank = 0 | 1 | 2 | 3 | 4

/** So many of each rank are kept, the largest: nobody reads further. */
const KEPT = 100
/** After so many entries it asks whether its time is over. */
const BATCH = 64

/** A search as far as it has come. */
export interface Search {
  readonly query: string
  /** Where it looks: everything, or what matched before the query grew. */
  readonly among: readonly number[] | null
  /** How many of those it has looked at. */
  readonly looked: number
  readonly isDone: boolean
  /** Everything that matched, slice by slice. */
  readonly matches: readonly (readonly number[])[]
  readonly count: number
  /** The best of them by rank, each rank by size. */
  readonly best: readonly (readonly number[])[]
}

const NOTHING_YET = { looked: 0, isDone: false, matches: [], count: 0, best: RANKS.map(() => []) }

/** Begins a search; what a query finds that goes on from the last one is among what that found. */
export function startSearch(text: string, before: Search | null): Search {
  const query = normal(text)
  // A path is also found by what lies below it, so a longer one may find more.
  const isNarrower =
    before?.isDone === true && before.query !== '' && query.startsWith(before.query) && !query.includes('/')
  return { query, among: isNarrower ? before.matches.flat() : null, ...NOTHING_YET, isDone: query === '' }
}

export const normal = (text: string): string => withoutHash(text.trim().replace(/\s+/g, ' ').toLowerCase())

/** Goes on with a search until its time is over, by one batch at least. */
export function searchOn(
  search: Search,
  entries: Entries,
  rootPaths: readonly string[],
  isOver: () => boolean,
): Search {
  if (search.isDone) return search
  const count = search.among?.length ?? entries.count
  const rankOf = matcher(search.query, rootPaths)
  const found: number[] = []
  const best = search.best.map((kept) => [...kept])
  let looked = search.looked
  for (; looked < count; looked++) {
    if (looked > search.looked && (looked - search.looked) % BATCH === 0 && isOver()) break
    const index = search.among?.[looked] ?? looked
    const rank = rankOf(entries.at(index))
    if (rank === null) continue
    found.push(index)
    keep(best[rank] ?? [], index, entries)
  }
  return {
    ...search,
    looked,
    isDone: looked === count,
    matches: found.length === 0 ? search.matches : [...search.matches, found],
    count: search.count + found.length,
    best,
  }
}

/** Puts an entry where its size belongs, the largest first; the smallest falls out of a full list. */
function keep(kept: number[], index: number, entries: Entries): void {
  const bytesOf = (at: number | undefined): number => (at === undefined ? -1 : (entries.at(at).bytes ?? 0))
  const bytes = bytesOf(index)
  if (kept.length === KEPT && bytesOf(kept.at(-1)) >= bytes) return
  let place = kept.length
  while (place > 0 && bytesOf(kept[place - 1]) < bytes) place--
  kept.splice(place, 0, index)
  if (kept.length > KEPT) kept.pop()
}

/** What a query asks of an entry; null where it does not answer. */
function matcher(query: string, rootPaths: readonly string[]): (entry: Entry) => Rank | null {
  const root = rootPaths.find((path) => query.startsWith(`${path.toLowerCase()}/`))
  const relative = root === undefined ? query : query.slice(root.length + 1)
  const isPath = relative.includes('/')
  const rankOf = textMatcher(relative)
  return ({ text, path }) => {
    const rank = rankOf(text)
    if (rank !== null || !isPath || path === null) return rank
    return relative.startsWith(`${path.toLowerCase()}/`) ? 1 : null
  }
}

/** How well a text of names, each between line ends, answers a query. What is looked for is made once: this is a hot path. */
export function textMatcher(query: string): (text: string) => Rank | null {
  const asStart = `\n${query}`
  const asWhole = `\n${query}\n`
  const words = query.split(' ')
  return (text) => {
    if (text.includes(query)) {
      if (!text.includes(asStart)) return 2
      return text.includes(asWhole) ? 0 : 1
    }
    if (words.length > 1) return words.every((word) => text.includes(word)) ? 3 : null
    return isScattered(text, query) ? 4 : null
  }
}

/** In a longer name, such as the command of a build step, any letters stand somewhere. */
const LONGEST_SCATTERED = 64

/** Whether the letters stand in the first name in that order, the first of them where a word begins. */
function isScattered(text: string, query: string): boolean {
  const end = text.indexOf('\n', 1)
  if (end > LONGEST_SCATTERED) return false
  let from = text.indexOf(query.charAt(0), 1)
  while (from !== -1 && from < end && /[a-z0-9]/.test(text.charAt(from - 1)))
    from = text.indexOf(query.charAt(0), from + 1)
  for (const letter of query) {
    const at = from === -1 ? -1 : text.indexOf(letter, from)
    if (at === -1 || at >= end) return false
    from = at + 1
  }
  return true
}
