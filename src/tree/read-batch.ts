import { closeSync, type Dirent, lstatSync, openSync, readdirSync, readlinkSync, readSync } from 'node:fs'
import { fileName } from '../formats/byte-name.ts'
import { atPath } from './long-path.ts'
import { openToRead } from './open-to-read.ts'

/** Small files of the same names in many directories that lie side by side. */
export interface RecordFiles {
  /** The directory of the directories. */
  readonly home: string
  /** The directories, as a listing gave them: real ones, not links. */
  readonly names: readonly string[]
  /** The files to read. */
  readonly texts: readonly string[]
  /** The files of which only the length is asked. */
  readonly lengths: readonly string[]
}

/** Links of one directory, which is a real one; what is read of each is its target. */
export interface LinkFiles {
  readonly home: string
  readonly links: readonly string[]
}

/** Stands for the length of a file that could not be read without trouble, or is larger than `SMALL_BYTES`. */
export const NOT_READ = -1
/** Stands for the length of a file that is not there. */
export const MISSING = -2

/** A longer file is left to the one who wants it. */
export const SMALL_BYTES = 4096

/** What could be read of some records: the texts one after the other, record by record. */
export interface RecordBatch {
  readonly bytes: Buffer<ArrayBuffer>
  /** Where each text begins. */
  readonly starts: Int32Array<ArrayBuffer>
  /** Its length in bytes, or what stands for one. */
  readonly sizes: Int32Array<ArrayBuffer>
  /** The lengths that were asked; of anything but a regular file, what stands for one. */
  readonly lengths: Float64Array<ArrayBuffer>
}

/** So many files of one directory are worth a listing, which costs as much as three looks at single ones. */
export const FILES_WORTH_A_LISTING = 4

/** Reads the files of some directories of a home. Whatever goes wrong is left out. */
export function readRecords(
  home: string,
  names: Iterable<string>,
  { texts, lengths }: Pick<RecordFiles, 'texts' | 'lengths'>,
): RecordBatch {
  const reader = new TextReader()
  const found: number[] = []
  for (const name of names) {
    const directory = `${home}/${name}`
    const kindOf = texts.length < FILES_WORTH_A_LISTING ? lookIn(directory) : list(directory)
    for (const text of texts) reader.addFile(`${directory}/${text}`, kindOf(text))
    for (const length of lengths) found.push(lengthOf(directory, length))
  }
  return { ...reader.batch(), lengths: Float64Array.from(found) }
}

/** Reads the targets of some links of a home. */
export function readLinks(home: string, names: Iterable<string>): RecordBatch {
  const reader = new TextReader()
  for (const name of names) reader.addLink(`${home}/${name}`)
  return { ...reader.batch(), lengths: new Float64Array() }
}

const entriesOf = (path: string | Buffer): Dirent[] => readdirSync(path, { withFileTypes: true })

type Kind = 'file' | 'missing' | 'other'

type KindOf = (name: string) => Kind

const QUIET = { throwIfNoEntry: false } as const

const lookIn =
  (directory: string): KindOf =>
  (name) => {
    const stats = attempt(() => at(`${directory}/${name}`, (path) => lstatSync(path, QUIET)) ?? 'missing')
    if (stats === 'missing') return stats
    return stats?.isFile() ? 'file' : 'other'
  }

function list(directory: string): KindOf {
  const entries = attempt(() => at(directory, entriesOf))
  if (entries === null) return () => 'other'
  return (name) => {
    const entry = entries.find((each) => each.name === name)
    if (entry === undefined) return 'missing'
    return entry.isFile() ? 'file' : 'other'
  }
}

function lengthOf(directory: string, name: string): number {
  const stats = attempt(() => at(`${directory}/${name}`, (path) => lstatSync(path, QUIET)))
  return stats?.isFile() ? stats.size : NOT_READ
}

const at = <T>(path: string, use: (path: string | Buffer) => T): T => atPath(fileName(path), use)

/** Reads small texts, one behind the other. */
class TextReader {
  #end = 0
  readonly #starts: number[] = []
  readonly #sizes: number[] = []

  addFile(path: string, kind: Kind): void {
    this.#add(kind === 'file' ? (attempt(() => this.#read(path)) ?? NOT_READ) : ABSENT[kind])
  }

  addLink(path: string): void {
    this.#add(attempt(() => this.#readLink(path)) ?? NOT_READ)
  }

  batch(): Pick<RecordBatch, 'bytes' | 'starts' | 'sizes'> {
    const bytes = Buffer.from(new ArrayBuffer(this.#end))
    room.copy(bytes, 0, 0, this.#end)
    return { bytes, starts: Int32Array.from(this.#starts), sizes: Int32Array.from(this.#sizes) }
  }

  #add(size: number): void {
    this.#starts.push(this.#end)
    this.#sizes.push(size)
    this.#end += Math.max(0, size)
  }

  #makeRoom(): void {
    if (room.length - this.#end < SMALL_BYTES) room = Buffer.concat([room], 2 * room.length)
  }

  #readLink(path: string): number {
    this.#makeRoom()
    const target = at(path, (name) => readlinkSync(name, { encoding: 'utf8' }))
    return target.length * 3 > SMALL_BYTES ? NOT_READ : room.write(target, this.#end)
  }

  #read(path: string): number {
    this.#makeRoom()
    const file = at(path, (name) => openToRead((flags) => openSync(name, flags)))
    try {
      const length = readSync(file, room, this.#end, SMALL_BYTES, 0)
      return length === SMALL_BYTES ? NOT_READ : length
    } finally {
      closeSync(file)
    }
  }
}

const ABSENT = { missing: MISSING, other: NOT_READ } as const

// One batch after the other is read into it.
let room: Buffer = Buffer.alloc(64 * 1024)

function attempt<T>(read: () => T): T | null {
  try {
    return read()
  } catch {
    return null
  }
}
