import { fileName } from '../../formats/byte-name.ts'
import { kindOf } from '../../tree/local.ts'
import type { EntryKind, Tree } from '../../tree/tree.ts'
import { DirectoryReader } from '../directory-reader.ts'
import { type Inode, readerOf } from '../reader.ts'

/** What lies in a directory, in columns, so that a hundred thousand entries cross a thread at once. */
export interface DirectoryListing {
  /** The directory, relative to its root; of a path that is none, the one in which it lies. */
  readonly path: string
  /** The names, in byte order as far as UTF-16 tells, joined by NUL; bytes that are no UTF-8 as formats/byte-name.ts says. */
  readonly names: string
  /** A letter for each: see `KIND_LETTERS`. */
  readonly kinds: string
  /** Lengths and blocks × 512 of the entries themselves; a file with several names has its blocks at the first. */
  readonly contentBytes: Float64Array
  readonly diskBytes: Float64Array
  readonly modifiedMs: Float64Array
  /** How many names the inode has. */
  readonly links: Float64Array
  /** The blocks of the directory itself × 512. */
  readonly ownDiskBytes: number
  /** True where blocks are estimated. */
  readonly isEstimated: boolean
}

export const KIND_LETTERS: Readonly<Record<string, EntryKind | 'mount'>> = {
  f: 'file',
  d: 'directory',
  l: 'symlink',
  p: 'fifo',
  s: 'socket',
  c: 'device',
  u: 'unknown',
  m: 'mount',
}

/** The letter of each kind. */
export const LETTER_OF: ReadonlyMap<EntryKind | 'mount', string> = new Map(
  Object.entries(KIND_LETTERS).map(([letter, kind]) => [kind, letter]),
)

/** What was found out about the directories of a listing since the part before. */
export interface SizesPart {
  /** Places in the listing of the directories that are summed up now, themselves included. */
  readonly rows: readonly number[]
  readonly contentBytes: readonly number[]
  readonly diskBytes: readonly number[]
  readonly inodes: readonly number[]
  /** True where nothing is left to walk. */
  readonly isDone: boolean
  /** Inodes looked at so far, and paths that could not be read. */
  readonly walked: number
  readonly unreadable: number
}

const LOOK_AT_CLOCK_EVERY = 256

/**
 * A directory and the sizes of what is in it. Walks in parts, so that whoever asks can go away between them. An inode
 * with several names is counted once, as in the ledger: at the first name, files of the directory itself before those
 * in deeper ones. Follows no link and enters no mount point: the sum is what `du -sx` prints.
 */
export class SizedDirectory {
  readonly listing: DirectoryListing
  readonly #reader: DirectoryReader
  readonly #isApart: (path: string, stats: Inode) => boolean
  readonly #counted = new Set<string>()
  readonly #directories: number[] = []
  readonly #names: string[]
  /** What is left of the directory that is walked now, and of the one in it whose entries are looked at. */
  #pending: string[] = []
  #entries: { readonly directory: string; readonly names: readonly string[]; next: number } | null = null
  #sum = { contentBytes: 0, diskBytes: 0, inodes: 0 }
  #current: number | null = null
  #walked = 0

  /** `apart` are absolute paths that are not entered; null where the kernel does not tell mount points. */
  constructor(tree: Tree, path: string, apart: ReadonlySet<string> | null) {
    const { reader, top } = readerOf(tree)
    const root = new DirectoryReader(tree, '')
    const own = path === '' ? reader.lstat(fileName(top)) : root.at(path)
    if (own === null) throw new Error(`nothing lies at ${path}`)
    const isDirectory = own.isDirectory()
    const directory = isDirectory ? path : path.slice(0, Math.max(0, path.lastIndexOf('/')))
    this.#reader = new DirectoryReader(tree, directory)
    this.#isApart = (at, stats) =>
      apart === null ? stats.dev !== own.dev : apart.has(join(top, join(directory, at)))
    this.#names = isDirectory ? this.#reader.names('').sort() : [path.slice(path.lastIndexOf('/') + 1)]
    this.listing = this.#list(directory, isDirectory ? own.blocks * 512 : 0, !reader.exact)
  }

  /** Walks on for that long at most. */
  next(milliseconds: number): SizesPart {
    const endAtMs = performance.now() + milliseconds
    const part = {
      rows: [] as number[],
      contentBytes: [] as number[],
      diskBytes: [] as number[],
      inodes: [] as number[],
    }
    for (;;) {
      if (this.#entries !== null) {
        this.#look(LOOK_AT_CLOCK_EVERY)
        if (performance.now() > endAtMs) break
        continue
      }
      if (this.#pending.length === 0) {
        if (this.#current !== null) {
          part.rows.push(this.#current)
          part.contentBytes.push(this.#sum.contentBytes)
          part.diskBytes.push(this.#sum.diskBytes)
          part.inodes.push(this.#sum.inodes)
        }
        if (!this.#begin()) break
      }
      const directory = this.#pending.pop() ?? ''
      this.#entries = { directory, names: this.#reader.names(directory), next: 0 }
    }
    const isDone = this.#current === null
    return { ...part, isDone, walked: this.#walked, unreadable: this.#reader.problems.length }
  }

  #list(path: string, ownDiskBytes: number, isEstimated: boolean): DirectoryListing {
    const count = this.#names.length
    const columns = {
      contentBytes: new Float64Array(count),
      diskBytes: new Float64Array(count),
      modifiedMs: new Float64Array(count),
      links: new Float64Array(count),
    }
    let kinds = ''
    for (const [row, name] of this.#names.entries()) {
      const stats = this.#reader.at(name)
      const isMount = stats?.isDirectory() === true && this.#isApart(name, stats)
      kinds += LETTER_OF.get(stats === null ? 'unknown' : isMount ? 'mount' : kindOf(stats)) ?? 'u'
      if (stats === null || isMount) continue
      columns.modifiedMs[row] = stats.mtimeMs
      columns.links[row] = stats.nlink
      if (stats.isDirectory()) this.#directories.push(row)
      else columns.contentBytes[row] = stats.size
      if (this.#isNew(stats)) columns.diskBytes[row] = stats.blocks * 512
    }
    this.#directories.reverse()
    return { path, names: this.#names.join('\0'), kinds, ...columns, ownDiskBytes, isEstimated }
  }

  /** Turns to the next directory of the listing; false where there is none left. */
  #begin(): boolean {
    this.#current = this.#directories.pop() ?? null
    this.#sum = { contentBytes: 0, diskBytes: 0, inodes: 0 }
    if (this.#current === null) return false
    const name = this.#names[this.#current] ?? ''
    this.#sum.diskBytes += this.listing.diskBytes[this.#current] ?? 0
    this.#sum.inodes++
    this.#pending.push(name)
    return true
  }

  /** Adds up some more entries of a directory. */
  #look(count: number): void {
    if (this.#entries === null) return
    const { directory, names, next } = this.#entries
    const end = Math.min(names.length, next + count)
    this.#entries.next = end
    if (end === names.length) this.#entries = null
    for (const name of names.slice(next, end)) {
      const path = `${directory}/${name}`
      const stats = this.#reader.below(path)
      if (stats === null) continue
      const isDirectory = stats.isDirectory()
      if (isDirectory && this.#isApart(path, stats)) continue
      this.#walked++
      if (isDirectory) this.#pending.push(path)
      if (!this.#isNew(stats)) continue
      this.#sum.inodes++
      this.#sum.diskBytes += stats.blocks * 512
      if (!isDirectory) this.#sum.contentBytes += stats.size
    }
  }

  #isNew(stats: Inode): boolean {
    if (stats.nlink <= 1 || stats.isDirectory()) return true
    const key = `${stats.dev}:${stats.ino}`
    if (this.#counted.has(key)) return false
    this.#counted.add(key)
    return true
  }
}

const join = (directory: string, name: string): string =>
  directory === '' ? name : name === '' ? directory : `${directory}/${name}`
