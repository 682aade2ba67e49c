import { fileName, nameOfBytes } from '../formats/byte-name.ts'
import type { Name } from './reader.ts'

/** An inode with several names. */
export interface LinkedInode {
  readonly sizeBytes: number
  readonly diskBytes: number
  /** The places that have a name of it: rows of directories, or indexes of claims. */
  readonly holders: Set<number>
}

const ROWS = 64 * 1024
const NAME_BYTES = 24 * ROWS
const ROW_BYTES = 3 * 8 + 3 * 4

/** Some rows as they cross a thread, which need not copy them. */
interface ChunkData {
  readonly rows: number
  readonly buffer: ArrayBuffer
}

/** The sums as they cross a thread. */
export interface DirectorySumsData {
  readonly chunks: readonly ChunkData[]
  readonly linked: ReadonlyMap<string, LinkedInode>
}

/**
 * Some rows in columns, outside the heap and in one piece. A whole column that grows would leave as much behind as it
 * holds, and small pieces of memory stay with the process when it is through with them (glibc's malloc).
 */
class Chunk {
  rows: number
  readonly buffer: ArrayBuffer
  readonly ownDiskBytes: Float64Array
  readonly contentBytes: Float64Array
  readonly diskBytes: Float64Array
  readonly files: Int32Array
  readonly parents: Int32Array
  /** The names, one behind the other, and where each ends. */
  readonly names: Buffer
  readonly ends: Int32Array

  constructor({ rows, buffer }: ChunkData) {
    this.rows = rows
    this.buffer = buffer
    this.ownDiskBytes = new Float64Array(buffer, 0, ROWS)
    this.contentBytes = new Float64Array(buffer, 8 * ROWS, ROWS)
    this.diskBytes = new Float64Array(buffer, 16 * ROWS, ROWS)
    this.files = new Int32Array(buffer, 24 * ROWS, ROWS)
    this.parents = new Int32Array(buffer, 28 * ROWS, ROWS)
    this.ends = new Int32Array(buffer, 32 * ROWS, ROWS)
    this.names = Buffer.from(buffer, ROW_BYTES * ROWS)
  }

  /** One without rows, with room for a name of that length. */
  static empty(nameBytes: number): Chunk {
    return new Chunk({ rows: 0, buffer: new ArrayBuffer(ROW_BYTES * ROWS + Math.max(NAME_BYTES, nameBytes)) })
  }

  hasRoomFor(nameBytes: number): boolean {
    return this.rows < ROWS && this.startOf(this.rows) + nameBytes <= this.names.length
  }

  /** Where the name of a row begins. */
  startOf(row: number): number {
    return row === 0 ? 0 : (this.ends[row - 1] ?? 0)
  }
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
    const bytes = typeof name === 'string' ? fileName(name) : name
    // No character of a string takes more than three bytes for each of its units.
    const chunk = this.#chunkFor((typeof bytes === 'string' ? 3 : 1) * bytes.length)
    const row = chunk.rows++
    const start = chunk.startOf(row)
    const length =
      typeof bytes === 'string' ? chunk.names.write(bytes, start) : bytes.copy(chunk.names, start)
    chunk.ends[row] = start + length
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
    return nameOfBytes(chunk.names.subarray(chunk.startOf(at), chunk.ends[at]))
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
    return { chunks: this.#chunks.map(({ rows, buffer }) => ({ rows, buffer })), linked: this.linked }
  }

  /** Adds what another walk of the same tree found, as it came out of its thread, which holds it no more. */
  append({ chunks, linked }: DirectorySumsData): void {
    const offset = this.end
    for (const data of chunks) {
      const chunk = new Chunk(data)
      for (let row = 0; row < chunk.rows; row++) {
        const parent = chunk.parents[row] ?? -1
        if (parent !== -1) chunk.parents[row] = parent + offset
      }
      this.#chunks.push(chunk)
    }
    for (const [key, { sizeBytes, diskBytes, holders }] of linked)
      for (const holder of holders) noteLinked(this.linked, key, { sizeBytes, diskBytes }, holder + offset)
  }

  /** The chunk that the next row goes to. */
  #chunkFor(nameBytes: number): Chunk {
    const last = this.#chunks.at(-1)
    if (last?.hasRoomFor(nameBytes)) return last
    const chunk = Chunk.empty(nameBytes)
    this.#chunks.push(chunk)
    return chunk
  }

  #chunkOf(row: number): Chunk | undefined {
    return this.#chunks[Math.floor(row / ROWS)]
  }
}

/** What of the sums need not be copied when they cross a thread. */
export const buffersOf = ({ chunks }: DirectorySumsData): ArrayBuffer[] => chunks.map(({ buffer }) => buffer)

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
