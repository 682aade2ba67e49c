import { fileName } from '../formats/byte-name.ts'
import type { Claims } from '../model/claims.ts'
import { Tallies } from '../model/tallies.ts'
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
export function bookToClaims(walked: Walked, claims: Claims): Tallies {
  const booking = new Booking(walked, claims)
  if (!walked.stopped) booking.lookAtClaimedFiles()
  return booking.finish()
}

class Booking {
  readonly #walked: Walked
  readonly #claims: Claims
  readonly #tallies: Tallies
  /** The claim of each row. */
  readonly #claimOfRow: Int32Array
  /** The directory that was found at each node of the claims; -1 where none was. */
  readonly #rowOfNode: Int32Array
  /** Rows whose files were looked at a second time, and the inodes with several names among them, held by claims. */
  readonly #lookedAt = new Set<number>()
  readonly #linked = new Map<string, LinkedInode>()

  constructor(walked: Walked, claims: Claims) {
    this.#walked = walked
    this.#claims = claims
    this.#tallies = new Tallies(claims.size)
    this.#claimOfRow = new Int32Array(walked.sums.end)
    this.#rowOfNode = new Int32Array(claims.nodeCount).fill(-1)
    this.#placeRows()
  }

  /** Finds the claim of each directory, and where among the claims it lies. */
  #placeRows(): void {
    const { sums } = this.#walked
    const claims = this.#claims
    const nodes = new Int32Array(sums.end)
    for (const row of sums.rows()) {
      const parent = sums.parentOf(row)
      const above = parent === -1 ? -1 : (nodes[parent] ?? -1)
      let inherited = this.#claimOfRow[parent] ?? 0
      let node = -1
      if (parent === -1) {
        const path = sums.nameOf(row)
        inherited = Math.max(0, claims.deepestAt(path))
        node = claims.nodeAt(path)
      }
      // Most directories lie in the files of a layer, where no claim is.
      else if (above !== -1) node = claims.childOf(above, sums.nameOf(row))
      const own = claims.claimOf(node)
      this.#claimOfRow[row] = own === -1 ? inherited : own
      nodes[row] = node
      if (node !== -1 && sums.files(row) !== -1) this.#rowOfNode[node] = row
    }
  }

  lookAtClaimedFiles(): void {
    for (const [node, row] of this.#rowOfNode.entries())
      if (row !== -1 && this.#hasClaimedFile(node, row)) this.#lookAt(node, row)
  }

  #hasClaimedFile(node: number, row: number): boolean {
    const claims = this.#claims
    let directory: Name | null = null
    for (const child of claims.childrenOf(node)) {
      if (this.#rowOfNode[child] !== -1 || claims.claimOf(child) === -1) continue
      directory ??= this.#pathOf(row)
      if (this.#isFile(directory, claims.nameOf(child))) return true
    }
    return false
  }

  /** Books the files of one directory anew, each to its own claim. */
  #lookAt(node: number, row: number): void {
    const { reader, sums, problems } = this.#walked
    const claims = this.#claims
    const directory = this.#pathOf(row)
    sums.setEntries(row, 0, 0, 0)
    this.#lookedAt.add(row)
    for (const name of this.#list(directory)) {
      const inode = lookAtInode(reader, joinName(directory, name))
      if (inode === null) problems.push({ path: textOf(name), code: 'ENOENT' })
      if (inode === null || inode.isDirectory()) continue
      const own = claims.claimOf(claims.childOf(node, textOf(name)))
      const claim = own === -1 ? (this.#claimOfRow[row] ?? 0) : own
      const held = { sizeBytes: inode.size, diskBytes: inode.blocks * 512 }
      if (inode.nlink > 1) noteLinked(this.#linked, `${inode.dev}:${inode.ino}`, held, claim)
      else this.#tallies.add(claim, held.sizeBytes, held.diskBytes, 1)
    }
  }

  /** Sums up the rows, then the inodes with several names. */
  finish(): Tallies {
    const { sums } = this.#walked
    for (const row of sums.rows()) {
      const own = sums.ownDiskBytes(row)
      this.#tallies.add(
        this.#claimOfRow[row] ?? 0,
        sums.contentBytes(row),
        sums.diskBytes(row) + Math.max(0, own),
        Math.max(0, sums.files(row)) + (own === -1 ? 0 : 1),
      )
    }
    for (const [key, inode] of sums.linked)
      for (const row of inode.holders)
        if (!this.#lookedAt.has(row)) noteLinked(this.#linked, key, inode, this.#claimOfRow[row] ?? 0)
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
    const { sums, location } = this.#walked
    const parts: Name[] = []
    for (let at = row; at !== -1; at = sums.parentOf(at)) {
      const name = fileName(sums.nameOf(at))
      if (name.length > 0) parts.push(name)
    }
    return parts.reduceRight<Name>(joinName, fileName(location))
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

/**
 * Books the inodes with several names: every holder has the length of the file, its blocks go to the one whose claim
 * comes first, whatever the order of the walk.
 */
function bookLinked(tallies: Tallies, linked: Iterable<LinkedInode>): void {
  for (const { sizeBytes, diskBytes, holders } of linked) {
    let first = Number.POSITIVE_INFINITY
    for (const claim of holders) {
      tallies.add(claim, sizeBytes, 0, 0)
      first = Math.min(first, claim)
    }
    tallies.add(first, 0, diskBytes, 1)
  }
}
