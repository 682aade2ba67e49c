import { fileName } from '../formats/byte-name.ts'
import { emptyTally, type Tally } from '../model/places.ts'
import { buildClaimTrie, type ClaimNode, lookUp } from './claim-trie.ts'
import { type DirectorySums, type LinkedInode, noteLinked } from './directory-sums.ts'
import { type Inode, type Name, type Reader, textOf } from './reader.ts'
import { joinName, type MeasureProblem } from './walk.ts'

/** A finished walk of a root. */
export interface Walked {
  readonly reader: Reader
  readonly location: string
  readonly sums: DirectorySums
  readonly problems: MeasureProblem[]
  readonly stopped: boolean
}

/**
 * Books every inode of a walk to the deepest claim on its path, in the order of the claims. A walk keeps directories
 * apart, not files: where a claim is on a file, the files of its directory are looked at a second time, and that look
 * counts for all of them, so that the sum stays one of things seen together.
 */
export function bookToClaims(walked: Walked, claims: readonly string[]): Tally[] {
  const booking = new Booking(walked, claims)
  if (!walked.stopped) booking.lookAtClaimedFiles()
  return booking.finish()
}

class Booking {
  readonly #walked: Walked
  readonly #tallies: Tally[]
  readonly #trie: ClaimNode
  /** The claim of each row. */
  readonly #claims: Int32Array
  /** Rows whose files were looked at a second time, and the inodes with several names among them, held by claims. */
  readonly #lookedAt = new Set<number>()
  readonly #linked = new Map<string, LinkedInode>()

  constructor(walked: Walked, claims: readonly string[]) {
    this.#walked = walked
    this.#tallies = claims.map(emptyTally)
    this.#trie = buildClaimTrie(claims)
    this.#claims = this.#placeRows()
  }

  /** Finds the claim of each directory, and notes where in the trie it lies. */
  #placeRows(): Int32Array {
    const { names, parents, files } = this.#walked.sums
    const claims = new Int32Array(names.length)
    const nodes: (ClaimNode | null)[] = []
    for (const [row, name] of names.entries()) {
      const parent = parents[row] ?? -1
      let node: ClaimNode | null
      if (parent === -1) ({ node, claim: claims[row] } = lookUp(this.#trie, textOf(name)))
      else {
        // Most directories lie in the files of a layer, where no claim is.
        node = nodes[parent]?.children?.get(textOf(name)) ?? null
        claims[row] = node !== null && node.claim !== -1 ? node.claim : (claims[parent] ?? 0)
      }
      nodes.push(node)
      if (node !== null && files[row] !== -1) node.row = row
    }
    return claims
  }

  lookAtClaimedFiles(): void {
    const pending = [this.#trie]
    for (let node = pending.pop(); node !== undefined; node = pending.pop()) {
      if (node.row === -1 || node.children === null) continue
      const directory = this.#pathOf(node.row)
      const children = [...node.children]
      if (
        children.some(
          ([name, child]) => child.row === -1 && child.claim !== -1 && this.#isFile(directory, name),
        )
      )
        this.#lookAt(directory, node, node.children)
      for (const [, child] of children) pending.push(child)
    }
  }

  /** Books the files of one directory anew, each to its own claim. */
  #lookAt(directory: Name, { row }: ClaimNode, children: ReadonlyMap<string, ClaimNode>): void {
    const { reader, sums, problems } = this.#walked
    sums.setEntries(row, 0, 0, 0)
    this.#lookedAt.add(row)
    for (const name of this.#list(directory)) {
      const inode = lookAtInode(reader, joinName(directory, name))
      if (inode === null) problems.push({ path: textOf(name), code: 'ENOENT' })
      if (inode === null || inode.isDirectory()) continue
      const child = children.get(textOf(name))?.claim ?? -1
      const claim = child === -1 ? (this.#claims[row] ?? 0) : child
      const held = { sizeBytes: inode.size, diskBytes: inode.blocks * 512 }
      if (inode.nlink > 1) noteLinked(this.#linked, `${inode.dev}:${inode.ino}`, held, claim)
      else addTo(this.#tallies[claim], held.sizeBytes, held.diskBytes, 1)
    }
  }

  /** Sums up the rows, then the inodes with several names. */
  finish(): Tally[] {
    const { sums } = this.#walked
    for (const [row, claim] of this.#claims.entries()) {
      const own = sums.ownDiskBytes[row] ?? -1
      addTo(
        this.#tallies[claim],
        sums.contentBytes[row] ?? 0,
        (sums.diskBytes[row] ?? 0) + Math.max(0, own),
        Math.max(0, sums.files[row] ?? 0) + (own === -1 ? 0 : 1),
      )
    }
    for (const [key, inode] of sums.linked)
      for (const row of inode.holders)
        if (!this.#lookedAt.has(row)) noteLinked(this.#linked, key, inode, this.#claims[row] ?? 0)
    bookLinked(this.#tallies, this.#linked.values())
    return this.#tallies
  }

  /** Whether something else than a directory lies there. */
  #isFile(directory: Name, name: string): boolean {
    return lookAtInode(this.#walked.reader, joinName(directory, fileName(name)))?.isDirectory() === false
  }

  #list(path: Name): readonly Name[] {
    try {
      return this.#walked.reader.list(path)
    } catch {
      return []
    }
  }

  #pathOf(row: number): Name {
    const { names, parents } = this.#walked.sums
    const parts: Name[] = []
    for (let at = row; at !== -1; at = parents[at] ?? -1) {
      const name = names[at] ?? ''
      if (name.length > 0) parts.push(name)
    }
    return parts.reduceRight<Name>(joinName, fileName(this.#walked.location))
  }
}

/** Null where it is gone, or may not be looked at: the walk has said so already. */
function lookAtInode(reader: Reader, path: Name): Inode | null {
  try {
    return reader.lstat(path)
  } catch {
    return null
  }
}

function addTo(tally: Tally | undefined, contentBytes: number, diskBytes: number, files: number): void {
  if (tally === undefined) return
  tally.contentBytes += contentBytes
  tally.diskBytes += diskBytes
  tally.files += files
}

/**
 * Books the inodes with several names: every holder has the length of the file, its blocks go to the one whose claim
 * comes first, whatever the order of the walk.
 */
function bookLinked(tallies: readonly Tally[], linked: Iterable<LinkedInode>): void {
  for (const { sizeBytes, diskBytes, holders } of linked) {
    let first = Number.POSITIVE_INFINITY
    for (const claim of holders) {
      addTo(tallies[claim], sizeBytes, 0, 0)
      first = Math.min(first, claim)
    }
    addTo(tallies[first], 0, diskBytes, 1)
  }
}
