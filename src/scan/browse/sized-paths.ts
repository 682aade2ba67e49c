import type { Tally } from '../../model/places.ts'
import { kindOf } from '../../tree/local.ts'
import type { Tree } from '../../tree/tree.ts'
import { DirectoryReader } from '../directory-reader.ts'
import { readerOf } from '../reader.ts'
import { type DirectoryListing, LETTER_OF, SizedDirectory, type SizesPart } from './sized-directory.ts'

/** A path of a root with what was measured there and below, as far as it counts here. */
interface MeasuredPath {
  readonly path: string
  readonly tally: Tally
}

/** The name of the root itself among its paths. */
const ITSELF = '.'

/**
 * Paths from all over a root as if they were one directory, the sizes those that were measured. In the place of the root
 * itself stand its entries, as far as they belong to nothing that is claimed: what somebody put there is found.
 */
export class SizedPaths {
  readonly listing: DirectoryListing
  readonly #tallies: readonly Tally[]

  /** `claimed` are the paths of the root that have an owner; `apart` absolute ones that are not entered. */
  constructor(
    tree: Tree,
    paths: readonly MeasuredPath[],
    claimed: ReadonlySet<string>,
    apart: ReadonlySet<string>,
  ) {
    const reader = new DirectoryReader(tree, '')
    const told = paths.flatMap((each) =>
      each.path === '' ? entriesOf(tree, each.tally, claimed, apart) : [each],
    )
    const stats = told.map(({ path }) => (path === ITSELF ? null : reader.at(path)))
    const kinds = told.map(({ path }, row) => {
      const found = stats[row] ?? null
      return LETTER_OF.get(path === ITSELF ? 'directory' : found === null ? 'unknown' : kindOf(found)) ?? 'u'
    })
    this.#tallies = told.map(({ tally }) => tally)
    this.listing = {
      path: '',
      names: told.map(({ path }) => path).join('\0'),
      kinds: kinds.join(''),
      contentBytes: Float64Array.from(this.#tallies, ({ contentBytes }) => contentBytes),
      diskBytes: Float64Array.from(this.#tallies, ({ diskBytes }) => diskBytes),
      modifiedMs: Float64Array.from(stats, (found) => found?.mtimeMs ?? 0),
      links: Float64Array.from(stats, (found) => found?.nlink ?? 1),
      ownDiskBytes: 0,
      isEstimated: !readerOf(tree).reader.exact,
    }
  }

  /** All sizes at once: they are known. */
  next(): SizesPart {
    return {
      rows: this.#tallies.map((_, row) => row),
      contentBytes: this.#tallies.map(({ contentBytes }) => contentBytes),
      diskBytes: this.#tallies.map(({ diskBytes }) => diskBytes),
      inodes: this.#tallies.map(({ files }) => files),
      isDone: true,
      walked: 0,
      unreadable: 0,
    }
  }
}

/** What lies in the root and belongs to nothing else; what is left is the root's own. */
function entriesOf(
  tree: Tree,
  whole: Tally,
  claimed: ReadonlySet<string>,
  apart: ReadonlySet<string>,
): MeasuredPath[] {
  const { top } = readerOf(tree)
  const absolute = [...claimed].map((path) => (top === '' ? path : `${top}/${path}`))
  const directory = new SizedDirectory(tree, '', new Set([...apart, ...absolute]))
  const { listing } = directory
  const names = listing.names.split('\0')
  const found: MeasuredPath[] = []
  const add = (row: number, contentBytes: number, diskBytes: number, files: number): void => {
    const path = names[row] ?? ''
    if (path !== '' && files > 0) found.push({ path, tally: { contentBytes, diskBytes, files } })
  }
  for (const [row, letter] of [...listing.kinds].entries())
    if (letter !== 'd' && letter !== 'm' && !claimed.has(names[row] ?? ''))
      add(row, listing.contentBytes[row] ?? 0, listing.diskBytes[row] ?? 0, 1)
  const sizes = directory.next(Number.POSITIVE_INFINITY)
  for (const [index, row] of sizes.rows.entries())
    add(row, sizes.contentBytes[index] ?? 0, sizes.diskBytes[index] ?? 0, sizes.inodes[index] ?? 0)
  const rest = found.reduce(
    (left, { tally }) => ({
      contentBytes: left.contentBytes - tally.contentBytes,
      diskBytes: left.diskBytes - tally.diskBytes,
      files: left.files - tally.files,
    }),
    whole,
  )
  return rest.files > 0 ? [...found, { path: ITSELF, tally: rest }] : found
}
