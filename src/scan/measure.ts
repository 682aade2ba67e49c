import { lstatSync, readdirSync } from 'node:fs'
import { join } from 'node:path/posix'
import { type Claim, emptyTally, type Measurement, type Tally } from '../model/places.ts'
import type { ArchiveTree } from '../tree/archive.ts'
import { buildClaimTrie, type ClaimNode } from './claim-trie.ts'

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

/**
 * Walks a root once and books every inode to the deepest claim on its path. Follows no link, enters no mount point,
 * opens no file. Names that are not UTF-8 are walked by their bytes.
 */
export function measureRoot(
  location: string,
  claims: readonly Claim[],
  mounts: ReadonlySet<string>,
  events: MeasureEvents,
): { measurement: Measurement; problems: MeasureProblem[] } {
  return walkWith(new Walk(LOCAL, location, claims, mounts, events), location, claims)
}

/** The same for an archive. It records lengths, not blocks: disk bytes are estimated in blocks of 4 KiB. */
export function measureArchive(
  archive: ArchiveTree,
  claims: readonly Claim[],
  events: MeasureEvents,
): { measurement: Measurement; problems: MeasureProblem[] } {
  return walkWith(new Walk(archiveReader(archive), '', claims, new Set(), events), '', claims)
}

function walkWith(
  walk: Walk,
  location: string,
  claims: readonly Claim[],
): { measurement: Measurement; problems: MeasureProblem[] } {
  walk.run(location, buildClaimTrie(claims))
  return {
    measurement: {
      tallies: walk.tallies,
      changedBytes: new Map(),
      complete: !walk.stopped && walk.problems.every((problem) => !problem.denied),
      exact: walk.exact,
    },
    problems: walk.problems,
  }
}

type Name = string | Buffer

/** The parts of a `Stats` that a walk needs. */
interface Inode {
  readonly dev: number
  readonly ino: number
  readonly nlink: number
  readonly size: number
  readonly blocks: number
  readonly mtimeMs: number
  isDirectory(): boolean
  isFile(): boolean
  isSymbolicLink(): boolean
}

/** Where a walk gets its entries from. */
interface Reader {
  readonly exact: boolean
  list(path: Name): readonly Name[]
  /** Null where the entry is gone. Throws where it may not be looked at. */
  lstat(path: Name): Inode | null
}

const LOCAL: Reader = {
  exact: true,
  list(path) {
    const names = readdirSync(path)
    // A replacement character may stand for bytes that are not UTF-8: only those give back the file.
    return names.some((name) => name.includes('\uFFFD')) ? readdirSync(path, { encoding: 'buffer' }) : names
  },
  lstat: (path) => lstatSync(path, { throwIfNoEntry: false }) ?? null,
}

function archiveReader(archive: ArchiveTree): Reader {
  const clean = (path: Name): string => join('/', String(path)).slice(1)
  const numbers = new Map<object, number>()
  return {
    exact: false,
    list: (path) => archive.list(clean(path)).map((entry) => entry.name),
    lstat(path) {
      const node = archive.node(clean(path))
      if (node === null) return null
      if (!numbers.has(node)) numbers.set(node, numbers.size)
      const isDirectory = node.kind === 'directory'
      return {
        dev: 0,
        ino: numbers.get(node) ?? 0,
        nlink: node.names,
        size: node.sizeBytes,
        blocks: isDirectory ? 8 : node.kind === 'file' ? Math.ceil(node.sizeBytes / 4096) * 8 : 0,
        mtimeMs: node.modifiedMs,
        isDirectory: () => isDirectory,
        isFile: () => node.kind === 'file',
        isSymbolicLink: () => node.kind === 'symlink',
      }
    },
  }
}

interface Pending {
  readonly path: Name
  readonly node: ClaimNode | null
  readonly claim: number
  readonly device: number
}

class Walk {
  readonly tallies: Tally[]
  readonly problems: MeasureProblem[] = []
  stopped = false
  readonly #reader: Reader
  readonly #mounts: ReadonlySet<string>
  readonly #events: MeasureEvents
  readonly #linked = new Map<string, LinkedInode>()
  readonly #relativeFrom: number
  #inodes = 0
  #diskBytes = 0

  constructor(
    reader: Reader,
    location: string,
    claims: readonly Claim[],
    mounts: ReadonlySet<string>,
    events: MeasureEvents,
  ) {
    this.#reader = reader
    this.#relativeFrom = location.length + 1
    this.#mounts = mounts
    this.#events = events
    this.tallies = claims.map(emptyTally)
  }

  get exact(): boolean {
    return this.#reader.exact
  }

  run(location: string, trie: ClaimNode): void {
    const top = this.#lstat(location)
    if (top === null || top === 'denied' || !top.isDirectory()) return
    const claim = Math.max(trie.claim, 0)
    this.#book(top, claim)
    const stack: Pending[] = [{ path: location, node: trie, claim, device: top.dev }]
    for (let next = stack.pop(); next !== undefined && !this.stopped; next = stack.pop())
      this.#enter(next, stack)
    this.#bookLinked()
  }

  #enter(directory: Pending, stack: Pending[]): void {
    for (const name of this.#list(directory.path)) {
      const path = joinName(directory.path, name)
      const stats = this.#lstat(path)
      if (stats === null || stats === 'denied') {
        this.problems.push({ path: this.#relative(path), denied: stats === 'denied' })
        continue
      }
      const isDirectory = stats.isDirectory()
      if (isDirectory && (stats.dev !== directory.device || this.#mounts.has(String(path)))) continue
      const node = directory.node?.children?.get(String(name)) ?? null
      const claim = node !== null && node.claim !== -1 ? node.claim : directory.claim
      this.#book(stats, claim)
      if (isDirectory) stack.push({ path, node, claim, device: directory.device })
      if (this.stopped) return
    }
  }

  #book(stats: Inode, claim: number): void {
    const tally = this.tallies[claim]
    if (tally === undefined) return
    const diskBytes = stats.blocks * 512
    this.#inodes += 1
    if (stats.nlink > 1 && !stats.isDirectory()) {
      if (!this.#noteLinked(stats, claim, tally)) return
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
  #noteLinked(stats: Inode, claim: number, tally: Tally): boolean {
    const key = `${stats.dev}:${stats.ino}`
    const known = this.#linked.get(key)
    if (known === undefined) {
      this.#linked.set(key, {
        sizeBytes: stats.size,
        diskBytes: stats.blocks * 512,
        holders: new Map([[tally, claim]]),
      })
      return true
    }
    known.holders.set(tally, claim)
    return false
  }

  /** Every holder has the length of the file; its blocks go to the one whose claim comes first, whatever the walk's order. */
  #bookLinked(): void {
    for (const { sizeBytes, diskBytes, holders } of this.#linked.values()) {
      let first: Tally | null = null
      let lowest = Number.POSITIVE_INFINITY
      for (const [tally, claim] of holders) {
        tally.contentBytes += sizeBytes
        if (claim >= lowest) continue
        lowest = claim
        first = tally
      }
      if (first === null) continue
      first.diskBytes += diskBytes
      first.files += 1
    }
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

interface LinkedInode {
  readonly sizeBytes: number
  readonly diskBytes: number
  /** Whoever has a name of it, with the index of the claim. */
  readonly holders: Map<Tally, number>
}

const SLASH = Buffer.from('/')

function joinName(directory: Name, name: Name): Name {
  if (typeof directory === 'string' && typeof name === 'string') return `${directory}/${name}`
  return Buffer.concat([Buffer.from(directory), SLASH, Buffer.from(name)])
}
