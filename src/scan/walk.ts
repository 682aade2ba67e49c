import { emptyTally, type Tally } from '../model/places.ts'
import type { ClaimNode } from './claim-trie.ts'
import type { Inode, Name, Reader } from './reader.ts'

export interface MeasureProblem {
  readonly path: string
  /** True where the directory could not be read, false where it vanished meanwhile. */
  readonly denied: boolean
}

export interface MeasureEvents {
  /** Called now and then with the running sums. Returns false to stop the walk. */
  onProgress(inodes: number, diskBytes: number): boolean
}

const PROGRESS_EVERY = 2048

/** A directory to enter: its place among the claims, and the claim that it belongs to. */
export interface Pending {
  readonly path: Name
  readonly node: ClaimNode | null
  readonly claim: number
  readonly device: number
}

/** One walk over directories, with what it has booked. Several walks of one root may be added up. */
export class Walk {
  readonly tallies: Tally[]
  readonly problems: MeasureProblem[] = []
  stopped = false
  readonly #reader: Reader
  readonly #mounts: ReadonlySet<string> | null
  readonly #events: MeasureEvents
  readonly linked = new Map<string, LinkedInode>()
  readonly #relativeFrom: number
  #inodes = 0
  #diskBytes = 0

  constructor(
    reader: Reader,
    location: string,
    claims: number,
    mounts: ReadonlySet<string> | null,
    events: MeasureEvents,
  ) {
    this.#reader = reader
    this.#relativeFrom = location.length + 1
    this.#mounts = mounts
    this.#events = events
    this.tallies = Array.from({ length: claims }, emptyTally)
  }

  get exact(): boolean {
    return this.#reader.exact
  }

  /** Books the top of a root; nothing where it is no directory. */
  begin(location: string, trie: ClaimNode): Pending[] {
    const top = this.#lstat(location)
    if (top === null || top === 'denied' || !top.isDirectory()) return []
    const claim = Math.max(trie.claim, 0)
    this.#book(top, claim)
    return [{ path: location, node: trie, claim, device: top.dev }]
  }

  /** Walks all below a directory. */
  drain(directory: Pending): void {
    const stack = [directory]
    for (let next = stack.pop(); next !== undefined && !this.stopped; next = stack.pop())
      this.enter(next, stack)
  }

  /** Books the entries of one directory and adds the directories among them to a list. */
  enter(directory: Pending, stack: Pending[]): void {
    for (const name of this.#list(directory.path)) {
      const path = joinName(directory.path, name)
      const stats = this.#lstat(path)
      if (stats === null || stats === 'denied') {
        this.problems.push({ path: this.#relative(path), denied: stats === 'denied' })
        continue
      }
      const isDirectory = stats.isDirectory()
      if (isDirectory && this.#isForeign(path, stats, directory)) continue
      const node = directory.node?.children?.get(String(name)) ?? null
      const claim = node !== null && node.claim !== -1 ? node.claim : directory.claim
      this.#book(stats, claim)
      if (isDirectory) stack.push({ path, node, claim, device: stats.dev })
      if (this.stopped) return
    }
  }

  /** A mount point. Subvolumes of btrfs have device numbers of their own and are no mount points. */
  #isForeign(path: Name, stats: Inode, directory: Pending): boolean {
    return this.#mounts === null ? stats.dev !== directory.device : this.#mounts.has(String(path))
  }

  #book(stats: Inode, claim: number): void {
    const tally = this.tallies[claim]
    if (tally === undefined) return
    const diskBytes = stats.blocks * 512
    this.#inodes += 1
    if (stats.nlink > 1 && !stats.isDirectory()) {
      if (!this.#noteLinked(stats, claim)) return
    } else {
      if (!stats.isDirectory()) tally.contentBytes += stats.size
      tally.diskBytes += diskBytes
      tally.files += 1
    }
    this.#diskBytes += diskBytes
    if (this.#inodes % PROGRESS_EVERY === 0 && !this.#events.onProgress(this.#inodes, this.#diskBytes))
      this.stopped = true
  }

  /** Remembers an inode with several names; true where it was not seen before. */
  #noteLinked(stats: Inode, claim: number): boolean {
    const key = `${stats.dev}:${stats.ino}`
    const known = this.linked.get(key)
    if (known === undefined) {
      this.linked.set(key, {
        sizeBytes: stats.size,
        diskBytes: stats.blocks * 512,
        holders: new Set([claim]),
      })
      return true
    }
    known.holders.add(claim)
    return false
  }

  #lstat(path: Name): Inode | null | 'denied' {
    try {
      return this.#reader.lstat(path)
    } catch {
      return 'denied'
    }
  }

  #relative(path: Name): string {
    return String(path).slice(this.#relativeFrom)
  }

  #list(path: Name): readonly Name[] {
    try {
      return this.#reader.list(path)
    } catch (error) {
      const code = error instanceof Error && 'code' in error ? error.code : ''
      this.problems.push({ path: this.#relative(path), denied: code !== 'ENOENT' && code !== 'ENOTDIR' })
      return []
    }
  }
}

/** An inode with several names. */
export interface LinkedInode {
  readonly sizeBytes: number
  readonly diskBytes: number
  /** The indexes of the claims below which it has a name. */
  readonly holders: Set<number>
}

/**
 * Books the inodes with several names: every holder has the length of the file, its blocks go to the one whose claim
 * comes first, whatever the order of the walk.
 */
export function bookLinked(tallies: readonly Tally[], linked: Iterable<LinkedInode>): void {
  for (const { sizeBytes, diskBytes, holders } of linked) {
    for (const claim of holders) {
      const tally = tallies[claim]
      if (tally !== undefined) tally.contentBytes += sizeBytes
    }
    const first = tallies[Math.min(...holders)]
    if (first === undefined) continue
    first.diskBytes += diskBytes
    first.files += 1
  }
}

const SLASH = Buffer.from('/')

function joinName(directory: Name, name: Name): Name {
  if (typeof directory === 'string' && typeof name === 'string') return `${directory}/${name}`
  return Buffer.concat([Buffer.from(directory), SLASH, Buffer.from(name)])
}
