import {
  closeSync,
  lstatSync,
  openSync,
  readdirSync,
  readFileSync,
  readlinkSync,
  readSync,
  type Stats,
} from 'node:fs'
import { fileName, nameOfBytes } from '../formats/byte-name.ts'
import { atPath } from './long-path.ts'
import { openToRead } from './open-to-read.ts'
import { type Ahead, type Expected, ReadAhead } from './read-ahead.ts'
import { SMALL_BYTES } from './read-batch.ts'
import { compareNames, type Entry, type EntryKind, type Stat, type Tree, TreeError } from './tree.ts'

/** A thread takes some 30 ms to start, in which a thousand small files are read. */
const isMuch = (expected: readonly Expected[]): boolean =>
  expected.some((each) => ('links' in each ? each.links : each.names).length >= NAMES_WORTH_A_THREAD)

// Node takes the number; its types know only the letters.
const letters = (flags: number): string => flags as unknown as string

const NAMES_WORTH_A_THREAD = 1000

/** So many directories are remembered: of a hundred thousand the paths alone take 20 MB, and few of them come twice. */
const REMEMBERED_DIRECTORIES = 8192

/** The tree below a directory of this machine; every call is synchronous and opens regular files only. */
export class LocalTree implements Tree {
  readonly location: string
  // Directories already seen to be real ones: a link among the parents would lead out of the tree.
  readonly #directories = new Set<string>()
  /** The last directory that was listed, with a slash behind it, and what lay in it. */
  #listed: { readonly prefix: string; readonly kindOf: (name: string) => EntryKind | undefined } | null = null
  readonly #buffer = Buffer.alloc(SMALL_BYTES)

  readonly #readsAhead: boolean
  #ahead: ReadAhead | null = null

  /** Whether what is expected is read by a second thread too, which takes some 30 MB. */
  constructor(location: string, { readsAhead = false } = {}) {
    this.location = location
    this.#readsAhead = readsAhead
  }

  expect(expected: readonly Expected[] | null): void {
    this.#ahead?.end()
    this.#ahead =
      expected === null
        ? null
        : new ReadAhead(this.location, expected, { isHelped: this.#readsAhead && isMuch(expected) })
  }

  textsAhead(directory: string, files: readonly string[]): readonly Ahead[] | null {
    return this.#ahead?.texts(directory, files) ?? null
  }

  lengthAhead(directory: string, file: string): number | null {
    return this.#ahead?.length(directory, file) ?? null
  }

  list(path: string): Entry[] {
    this.#requireDirectory(path)
    let entries: Entry[]
    try {
      entries = atPath(this.#absolute(path), entriesAt).map(({ name, kind }): Entry => {
        return { name, kind: kind === 'unknown' ? this.#kindAt(path, name) : kind }
      })
    } catch (error) {
      throw asTreeError(error, path)
    }
    this.#remember(path, entries)
    return entries.sort((x, y) => compareNames(x.name, y.name))
  }

  stat(path: string): Stat | null {
    if (!this.#requireParents(path, true)) return null
    const stats = this.#lstat(path)
    if (stats === null) return null
    return {
      kind: kindOf(stats),
      sizeBytes: stats.size,
      diskBytes: stats.blocks * 512,
      modifiedMs: stats.mtimeMs,
      changedMs: stats.ctimeMs,
    }
  }

  read(path: string, limitBytes: number): Buffer {
    this.#requireFile(path, limitBytes, true)
    try {
      return atPath(this.#absolute(path), (at) =>
        openToRead((flags) => readFileSync(at, { flag: letters(flags) })),
      )
    } catch (error) {
      throw asTreeError(error, path)
    }
  }

  readText(path: string, limitBytes: number): string {
    const sizeBytes = this.#requireFile(path, limitBytes)
    try {
      // Most files are ids and digests. Into a buffer that is there already they are read in a third of the time.
      if (sizeBytes === null || sizeBytes < SMALL_BYTES) {
        const text = this.#readSmall(path)
        if (text !== null) return text
        this.#requireFile(path, limitBytes, true)
      }
      return atPath(this.#absolute(path), (at) =>
        openToRead((flags) => readFileSync(at, { encoding: 'utf8', flag: letters(flags) })),
      )
    } catch (error) {
      throw asTreeError(error, path)
    }
  }

  readStart(path: string, lengthBytes: number): Buffer {
    const sizeBytes = this.#requireFile(path, Number.POSITIVE_INFINITY, true) ?? lengthBytes
    let file: number | undefined
    try {
      file = this.#open(path)
      const bytes = Buffer.alloc(Math.min(lengthBytes, sizeBytes))
      return bytes.subarray(0, readSync(file, bytes, 0, bytes.length, 0))
    } catch (error) {
      throw asTreeError(error, path)
    } finally {
      if (file !== undefined) closeSync(file)
    }
  }

  readlink(path: string): string {
    const ahead = this.#ahead?.target(path) ?? null
    if (ahead !== null) return ahead
    this.#requireParents(path, false)
    try {
      return atPath(this.#absolute(path), (at) => readlinkSync(at, { encoding: 'utf8' }))
    } catch (error) {
      throw asTreeError(error, path)
    }
  }

  #absolute(path: string): string | Buffer {
    return fileName(path === '' ? this.location : `${this.location}/${path}`)
  }

  #open(path: string): number {
    return atPath(this.#absolute(path), (at) => openToRead((flags) => openSync(at, flags)))
  }

  #kindAt(path: string, name: string): EntryKind {
    const absolute = this.#absolute(path === '' ? name : `${path}/${name}`)
    const stats = atPath(absolute, (at) => lstatSync(at, { throwIfNoEntry: false }))
    return stats === undefined ? 'unknown' : kindOf(stats)
  }

  #lstat(path: string): Stats | null {
    try {
      return atPath(this.#absolute(path), (at) => lstatSync(at, { throwIfNoEntry: false })) ?? null
    } catch (error) {
      const failure = asTreeError(error, path)
      if (failure.code === 'missing') return null
      throw failure
    }
  }

  /** What a listing shows need not be asked for again: its directories are real ones, its files regular. */
  #remember(path: string, entries: readonly Entry[]): void {
    const prefix = path === '' ? '' : `${path}/`
    const directories = entries.filter(({ kind }) => kind === 'directory')
    if (directories.length < REMEMBERED_DIRECTORIES)
      for (const { name } of directories) this.#know(prefix + name)
    this.#listed = { prefix, kindOf: kindFinder(entries) }
  }

  #know(directory: string): void {
    if (this.#directories.size >= REMEMBERED_DIRECTORIES) this.#directories.clear()
    this.#directories.add(directory)
  }

  /** The text of a small file; null where it is larger than the buffer. */
  #readSmall(path: string): string | null {
    const file = this.#open(path)
    try {
      const length = readSync(file, this.#buffer, 0, SMALL_BYTES, 0)
      return length === SMALL_BYTES ? null : this.#buffer.toString('utf8', 0, length)
    } finally {
      closeSync(file)
    }
  }

  /** The size of a regular file; null where only the last listing was asked, which shows no sizes. */
  #requireFile(path: string, limitBytes: number, wantsSize = false): number | null {
    const slash = path.lastIndexOf('/') + 1
    if (!wantsSize && this.#listed !== null && this.#listed.prefix === path.slice(0, slash)) {
      if (this.#listed.kindOf(path.slice(slash)) === 'file') return null
      // It may have come since the listing: only a look at the file itself can tell.
    }
    this.#requireParents(path, false)
    const stats = this.#lstat(path)
    if (stats === null) throw new TreeError('missing', path, 'is missing')
    if (!stats.isFile()) throw notRegular(path, kindOf(stats))
    if (stats.size > limitBytes)
      throw new TreeError(
        'too-large',
        path,
        `has ${stats.size} bytes, more than the ${limitBytes} allowed here`,
      )
    return stats.size
  }

  #requireDirectory(path: string): void {
    if (path === '' || this.#directories.has(path)) return
    this.#requireParents(path, false)
    const stats = this.#lstat(path)
    if (stats === null) throw new TreeError('missing', path, 'is missing')
    if (!stats.isDirectory()) {
      if (stats.isSymbolicLink()) throw notRegular(path, 'symlink')
      throw new TreeError('not-directory', path, `is ${phrase(kindOf(stats))} where a directory belongs`)
    }
    this.#know(path)
  }

  /** False where a parent is missing and that is allowed. */
  #requireParents(path: string, missingAllowed: boolean): boolean {
    const slash = path.lastIndexOf('/')
    if (slash <= 0) return true
    try {
      this.#requireDirectory(path.slice(0, slash))
      return true
    } catch (error) {
      const absent =
        error instanceof TreeError && (error.code === 'missing' || error.code === 'not-directory')
      if (missingAllowed && absent) return false
      throw error
    }
  }
}

function entriesAt(path: string | Buffer): Entry[] {
  const found = readdirSync(path, { withFileTypes: true })
  if (!found.some(({ name }) => name.includes('\uFFFD')))
    return found.map((entry) => ({ name: entry.name, kind: kindOf(entry) }))
  // A replacement character may stand for bytes that are not UTF-8: only those give back the file.
  return readdirSync(path, { withFileTypes: true, encoding: 'buffer' }).map((entry) => ({
    name: nameOfBytes(entry.name),
    kind: kindOf(entry),
  }))
}

/** Most directories have five entries: a map of them costs more than to look through them. */
function kindFinder(entries: readonly Entry[]): (name: string) => EntryKind | undefined {
  if (entries.length <= 8) return (wanted) => entries.find(({ name }) => name === wanted)?.kind
  const kinds = new Map(entries.map(({ name, kind }) => [name, kind]))
  return (wanted) => kinds.get(wanted)
}

interface Typed {
  isFile(): boolean
  isDirectory(): boolean
  isSymbolicLink(): boolean
  isFIFO(): boolean
  isSocket(): boolean
  isBlockDevice(): boolean
  isCharacterDevice(): boolean
}

/** What kind of entry Node says it is. */
export function kindOf(entry: Typed): EntryKind {
  if (entry.isFile()) return 'file'
  if (entry.isDirectory()) return 'directory'
  if (entry.isSymbolicLink()) return 'symlink'
  if (entry.isFIFO()) return 'fifo'
  if (entry.isSocket()) return 'socket'
  return entry.isBlockDevice() || entry.isCharacterDevice() ? 'device' : 'unknown'
}

function phrase(kind: EntryKind): string {
  if (kind === 'symlink') return 'a symbolic link'
  return kind === 'unknown' ? 'something unknown' : `a ${kind}`
}

function notRegular(path: string, kind: EntryKind): TreeError {
  return kind === 'symlink'
    ? new TreeError('symlink', path, 'is a symbolic link, and links are not followed')
    : new TreeError('not-regular', path, `is ${phrase(kind)}, not a regular file`)
}

/** Turns what Node throws into the tree's own error. */
function asTreeError(error: unknown, path: string): TreeError {
  if (error instanceof TreeError) return error
  const code = error instanceof Error && 'code' in error ? String(error.code) : ''
  switch (code) {
    case 'ENOENT':
      return new TreeError('missing', path, 'is missing')
    case 'EACCES':
    case 'EPERM':
      return new TreeError('denied', path, 'cannot be read: permission denied')
    case 'ELOOP':
      return new TreeError('symlink', path, 'is a symbolic link, and links are not followed')
    case 'ENOTDIR':
      return new TreeError('not-directory', path, 'is not a directory')
    case 'EISDIR':
      return new TreeError('not-regular', path, 'is a directory, not a regular file')
    default:
      return new TreeError('io', path, `cannot be read: ${code || String(error)}`)
  }
}
