import { receiveMessageOnPort } from 'node:worker_threads'
import {
  MISSING,
  NOT_READ,
  type RecordBatch,
  type RecordFiles,
  readLinks,
  readRecords,
} from './read-batch.ts'
import { FIRST_FREE_CELL, SecondThread } from './second-thread.ts'

/** Many small files that will be read later: those of records, or the links of a directory, which is a real one. */
export type Expected = RecordFiles | { readonly links: string }

export interface AheadTask {
  readonly location: string
  /** In the order in which they will be asked for. */
  readonly expected: readonly Expected[]
}

/** What a thread takes at once: some records, or all links of a directory. */
interface Piece {
  readonly expected: Expected
  readonly from: number
  readonly to: number
}

/** What was read of a piece; what it does not have is null. */
interface PieceRead {
  readonly batch: RecordBatch | null
  readonly targets: ReadonlyMap<string, string> | null
}

/** A piece, by its place in the order, as it crosses from the second thread. */
export interface PieceMessage {
  readonly index: number
  readonly read: PieceRead
}

/** The cells that both threads see: the next piece that nobody has taken, and how many the second one has read. */
const CELL = { next: FIRST_FREE_CELL, read: FIRST_FREE_CELL + 1 } as const
const CELLS = 2

const RECORDS_AT_ONCE = 256
const WAIT_MS = 100
/** A thread that reads nothing for so long is given up. */
const PATIENCE_MS = 10_000

/** The pieces, in their order; both threads come to the same ones. */
const piecesOf = (expected: readonly Expected[]): Piece[] =>
  expected.flatMap((each): Piece[] => {
    if ('links' in each) return [{ expected: each, from: 0, to: 0 }]
    return Array.from({ length: Math.ceil(each.names.length / RECORDS_AT_ONCE) }, (_, index) => ({
      expected: each,
      from: index * RECORDS_AT_ONCE,
      to: Math.min((index + 1) * RECORDS_AT_ONCE, each.names.length),
    }))
  })

/** Takes the next piece; null where all are taken. */
function takeNext(cells: Int32Array, pieces: readonly Piece[]): { index: number; piece: Piece } | null {
  const index = Atomics.add(cells, CELL.next, 1)
  const piece = pieces[index]
  return piece === undefined ? null : { index, piece }
}

const readPiece = (location: string, { expected, from, to }: Piece): PieceRead =>
  'links' in expected
    ? { batch: null, targets: readLinks(location, expected.links) }
    : { batch: readRecords(location, expected, from, to), targets: null }

/** Reads pieces for as long as there are any: what the second thread does. */
export function readPieces(
  { location, expected }: AheadTask,
  cells: Int32Array,
  send: (message: PieceMessage, buffers: ArrayBuffer[]) => void,
): void {
  const pieces = piecesOf(expected)
  for (let next = takeNext(cells, pieces); next !== null; next = takeNext(cells, pieces)) {
    const read = readPiece(location, next.piece)
    const { batch } = read
    const arrays = batch === null ? [] : [batch.bytes, batch.starts, batch.sizes, batch.lengths]
    send(
      { index: next.index, read },
      arrays.map(({ buffer }) => buffer),
    )
    Atomics.add(cells, CELL.read, 1)
    Atomics.notify(cells, CELL.read)
  }
}

/** Stands for the text of a file that is not there. */
export const ABSENT: unique symbol = Symbol('absent')

/** A text that was read ahead; null where it could not be read without trouble. */
export type Ahead = string | typeof ABSENT | null

/**
 * Reads many small files in the order in which they will be asked for, by two threads: the second one goes ahead, and
 * the first one reads with it where it would have to wait. Where there is no second one, the first reads all of them.
 * What could not be read is for the asker to read, and to report.
 */
export class ReadAhead {
  readonly #location: string
  readonly #pieces: readonly Piece[]
  #thread: SecondThread<AheadTask, null> | null
  readonly #cells: Int32Array
  readonly #read: (PieceRead | undefined)[] = []
  readonly #records: readonly Records[]
  #count = 0
  #waitedMs = 0

  constructor(task: AheadTask, { isHelped }: { readonly isHelped: boolean }) {
    const { location, expected } = task
    this.#location = location
    this.#pieces = piecesOf(expected)
    this.#thread = isHelped ? SecondThread.start('./read-ahead-worker.js', task, CELLS) : null
    this.#cells = this.#thread?.cells ?? new Int32Array(FIRST_FREE_CELL + CELLS)
    this.#records = expected.flatMap((each) => {
      if ('links' in each) return []
      return [
        new Records(
          each,
          this.#pieces.findIndex((piece) => piece.expected === each),
        ),
      ]
    })
  }

  /** Texts of one record; null where they are not among what is expected. */
  texts(directory: string, files: readonly string[]): Ahead[] | null {
    for (const records of this.#records) {
      const row = records.rowOf(directory)
      const { texts } = records.files
      if (row === -1 || !files.every((file) => texts.includes(file))) continue
      const batch = this.#batchOf(records, row)
      const first = (row % RECORDS_AT_ONCE) * texts.length
      return files.map((file) => textAt(batch, first + texts.indexOf(file)))
    }
    return null
  }

  /** The length of a regular file; null where it is not among what is expected, or was not seen. */
  length(directory: string, file: string): number | null {
    for (const records of this.#records) {
      const { lengths } = records.files
      const column = lengths.indexOf(file)
      const row = column === -1 ? -1 : records.rowOf(directory)
      if (row === -1) continue
      const place = (row % RECORDS_AT_ONCE) * lengths.length + column
      const length = this.#batchOf(records, row)?.lengths[place] ?? NOT_READ
      return length >= 0 ? length : null
    }
    return null
  }

  /** The target of a link; null where it was not read. */
  target(path: string): string | null {
    const slash = path.lastIndexOf('/')
    const directory = path.slice(0, slash)
    const index = this.#pieces.findIndex(
      ({ expected }) => 'links' in expected && expected.links === directory,
    )
    return index === -1 ? null : (this.#await(index)?.targets?.get(path.slice(slash + 1)) ?? null)
  }

  end(): void {
    Atomics.store(this.#cells, CELL.next, this.#pieces.length)
    this.#endThread()
  }

  #endThread(): void {
    this.#thread?.end()
    this.#thread = null
  }

  #batchOf({ firstPiece }: Records, row: number): RecordBatch | null {
    return this.#await(firstPiece + Math.floor(row / RECORDS_AT_ONCE))?.batch ?? null
  }

  /** What was read of a piece; null where that is not known. Reads along with the second thread meanwhile. */
  #await(index: number): PieceRead | null {
    while (this.#read[index] === undefined) {
      const count = Atomics.load(this.#cells, CELL.read)
      const isAlone = this.#thread === null || this.#thread.isOver || this.#waitedMs >= PATIENCE_MS
      if (this.#receive()) continue
      const own = takeNext(this.#cells, this.#pieces)
      if (own !== null) this.#keep(own.index, readPiece(this.#location, own.piece))
      else if (isAlone) return null
      else if (Atomics.wait(this.#cells, CELL.read, count, WAIT_MS) === 'timed-out') this.#waitedMs += WAIT_MS
    }
    return this.#read[index] ?? null
  }

  /** Takes what the second thread has read; false where nothing has come. */
  #receive(): boolean {
    const received = this.#thread === null ? undefined : receiveMessageOnPort(this.#thread.port)
    if (received === undefined) return false
    const { index, read } = received.message as PieceMessage
    this.#keep(index, withBuffer(read))
    this.#waitedMs = 0
    return true
  }

  #keep(index: number, read: PieceRead): void {
    this.#read[index] = read
    this.#count += 1
    // A thread that is through keeps its memory for as long as it is there.
    if (this.#count === this.#pieces.length) this.#endThread()
  }
}

function textAt(batch: RecordBatch | null, place: number): Ahead {
  const size = batch?.sizes[place] ?? NOT_READ
  if (size === MISSING) return ABSENT
  const start = batch?.starts[place] ?? 0
  return batch === null || size < 0 ? null : batch.bytes.toString('utf8', start, start + size)
}

/** A buffer comes out of a thread as a plain array of bytes. */
function withBuffer({ batch, targets }: PieceRead): PieceRead {
  if (batch === null) return { batch, targets }
  const { buffer, byteOffset, byteLength } = batch.bytes
  return { batch: { ...batch, bytes: Buffer.from(buffer, byteOffset, byteLength) }, targets }
}

/** The records of one home, found by their directories. */
class Records {
  readonly files: RecordFiles
  readonly firstPiece: number
  readonly #prefix: string
  #last = 0
  #rows: Map<string, number> | null = null

  constructor(files: RecordFiles, firstPiece: number) {
    this.files = files
    this.firstPiece = firstPiece
    this.#prefix = `${files.home}/`
  }

  /** The place of a record; -1 where it is none of these. */
  rowOf(directory: string): number {
    if (!directory.startsWith(this.#prefix)) return -1
    const name = directory.slice(this.#prefix.length)
    const { names } = this.files
    // Mostly they are asked for in their order.
    for (const row of [this.#last, this.#last + 1])
      if (names[row] === name) {
        this.#last = row
        return row
      }
    this.#rows ??= new Map(names.map((each, row) => [each, row]))
    this.#last = this.#rows.get(name) ?? this.#last
    return this.#rows.get(name) ?? -1
  }
}
