import { fileName, nameOfBytes } from '../formats/byte-name.ts'
import type { Name } from './reader.ts'

/** An inode with several names. */
export interface LinkedInode {
  readonly sizeBytes: number
  readonly diskBytes: number
  /** The places that have a name of it: rows of directories, or indexes of claims. */
  readonly holders: Set<number>
}

/** Some rows in columns outside the heap. A whole column that grows would leave as much behind as it holds. */
interface Chunk {
  rows: number
  /** The names, one behind the other, and where each ends. */
  names: Buffer<ArrayBuffer>
  readonly ends: Int32Array<ArrayBuffer>
  readonly parents: Int32Array<ArrayBuffer>
  readonly ownDiskBytes: Float64Array<ArrayBuffer>
  readonly contentBytes: Float64Array<ArrayBuffer>
  readonly diskBytes: Float64Array<ArrayBuffer>
  readonly files: Int32Array<ArrayBuffer>
}

const ROWS = 4096

const emptyChunk = (): Chunk => ({
  rows: 0,
  names: Buffer.from(new ArrayBuffer(16 * ROWS)),
  ends: new Int32Array(ROWS),
  parents: new Int32Array(ROWS),
  ownDiskBytes: new Float64Array(ROWS),
  contentBytes: new Float64Array(ROWS),
  diskBytes: new Float64Array(ROWS),
  files: new Int32Array(ROWS),
})

/** The sums as they cross a thread: the columns need not be copied. */
export interface DirectorySumsData {
  readonly chunks: readonly Chunk[]
  readonly linked: ReadonlyMap<string, LinkedInode>
}

/**
 * The directories of a tree as a walk found them, one row each, with the sums of what lies directly in it: some 50 bytes
 * a directory, its name included.
 */
export class DirectorySums {
  /** The inodes with several names, by device and number; their holders are rows. */
  readonly linked = new Map<string, LinkedInode>()
  readonly #chunks: Chunk[] = []

  /** All rows have lower numbers; not every number is that of a row. */
  get end(): number {
    return this.#chunks.length * ROWS
  }

  /** The rows, in the order in which they were added. */
  *rows(): Generator<number> {
    for (const [index, { rows }] of this.#chunks.entries())
      for (let row = 0; row < rows; row++) yield index * ROWS + row
  }

  /**
   * Adds a directory. Its name is that in its parent, which has an earlier row; for a row without a parent (-1), the path
   * relative to the top. `ownDiskBytes` are the blocks of the directory itself; -1 where another row counts it.
   */
  add(parent: number, name: Name, ownDiskBytes: number): number {
    let chunk = this.#chunks.at(-1)
    if (chunk === undefined || chunk.rows === ROWS) {
      chunk = emptyChunk()
      this.#chunks.push(chunk)
    }
    const row = chunk.rows++
    addName(chunk, row, typeof name === 'string' ? fileName(name) : name)
    chunk.parents[row] = parent
    chunk.ownDiskBytes[row] = ownDiskBytes
    chunk.files[row] = -1
    return (this.#chunks.length - 1) * ROWS + row
  }

  /** Says what lies directly in a directory: of entries that are no directories and have one name, the sums. */
  setEntries(row: number, contentBytes: number, diskBytes: number, files: number): void {
    const chunk = this.#chunkOf(row)
    if (chunk === undefined) return
    chunk.contentBytes[row % ROWS] = contentBytes
    chunk.diskBytes[row % ROWS] = diskBytes
    chunk.files[row % ROWS] = files
  }

  /** The name as a string that loses nothing, as formats/byte-name.ts says. */
  nameOf(row: number): string {
    const chunk = this.#chunkOf(row)
    if (chunk === undefined) return ''
    const at = row % ROWS
    const start = at === 0 ? 0 : (chunk.ends[at - 1] ?? 0)
    return nameOfBytes(chunk.names.subarray(start, chunk.ends[at]))
  }

  parentOf(row: number): number {
    return this.#chunkOf(row)?.parents[row % ROWS] ?? -1
  }

  ownDiskBytes(row: number): number {
    return this.#chunkOf(row)?.ownDiskBytes[row % ROWS] ?? -1
  }

  contentBytes(row: number): number {
    return this.#chunkOf(row)?.contentBytes[row % ROWS] ?? 0
  }

  diskBytes(row: number): number {
    return this.#chunkOf(row)?.diskBytes[row % ROWS] ?? 0
  }

  /** How many entries were summed up; -1 where none looked yet. */
  files(row: number): number {
    return this.#chunkOf(row)?.files[row % ROWS] ?? -1
  }

  /** The sums as they cross a thread. */
  data(): DirectorySumsData {
    return { chunks: this.#chunks, linked: this.linked }
  }

  /** Adds what another walk of the same tree found, as it came out of its thread, which holds it no more. */
  append({ chunks, linked }: DirectorySumsData): void {
    const offset = this.end
    for (const chunk of chunks) {
      for (let row = 0; row < chunk.rows; row++) {
        const parent = chunk.parents[row] ?? -1
        if (parent !== -1) chunk.parents[row] = parent + offset
      }
      // A buffer comes out of a thread as a plain array of bytes.
      chunk.names = Buffer.from(chunk.names.buffer)
      this.#chunks.push(chunk)
    }
    for (const [key, { sizeBytes, diskBytes, holders }] of linked)
      for (const holder of holders) noteLinked(this.linked, key, { sizeBytes, diskBytes }, holder + offset)
  }

  #chunkOf(row: number): Chunk | undefined {
    return this.#chunks[Math.floor(row / ROWS)]
  }
}

function addName(chunk: Chunk, row: number, name: string | Buffer): void {
  const start = row === 0 ? 0 : (chunk.ends[row - 1] ?? 0)
  // No character of a string takes more than three bytes for each of its units.
  const room = start + (typeof name === 'string' ? 3 : 1) * name.length
  if (room > chunk.names.length) {
    const grown = Buffer.from(new ArrayBuffer(Math.max(room, 2 * chunk.names.length)))
    chunk.names.copy(grown, 0, 0, start)
    chunk.names = grown
  }
  const length = typeof name === 'string' ? chunk.names.write(name, start) : name.copy(chunk.names, start)
  chunk.ends[row] = start + length
}

/** What of the sums need not be copied when they cross a thread. */
export const buffersOf = ({ chunks }: DirectorySumsData): ArrayBuffer[] =>
  chunks.flatMap(({ names, ends, parents, ownDiskBytes, contentBytes, diskBytes, files }) =>
    [names, ends, parents, ownDiskBytes, contentBytes, diskBytes, files].map(({ buffer }) => buffer),
  )

/** Remembers who holds an inode with several names; true where it was not known before. */
export function noteLinked(
  linked: Map<string, LinkedInode>,
  key: string,
  { sizeBytes, diskBytes }: { readonly sizeBytes: number; readonly diskBytes: number },
  holder: number,
): boolean {
  const known = linked.get(key)
  if (known === undefined) linked.set(key, { sizeBytes, diskBytes, holders: new Set([holder]) })
  else known.holders.add(holder)
  return known === undefined
}
