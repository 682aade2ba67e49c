import { receiveMessageOnPort } from 'node:worker_threads'
import { Names, type PackedNames, packNames } from './packed-names.ts'
import {
  type LinkFiles,
  MISSING,
  NOT_READ,
  type RecordBatch,
  type RecordFiles,
  readLinks,
  readRecords,
} from './read-batch.ts'
import { FIRST_FREE_CELL, SecondThread } from './second-thread.ts'

/** Many small files that will be read later, or links. */
export type Expected = RecordFiles | LinkFiles

/** The same as both threads hold it; of links, no files are given. */
interface Home {
  readonly home: string
  readonly names: PackedNames
  readonly files: Pick<RecordFiles, 'texts' | 'lengths'> | null
}

export interface AheadTask {
  readonly location: string
  /** How many names are taken at once. */
  readonly atOnce: number
  /** In the order in which they will be asked for. */
  readonly homes: readonly Home[]
}

/** What a thread takes at once: some names of one home. */
interface Piece {
  readonly home: Home
  readonly names: Names
  readonly from: number
  readonly to: number
}

/** What was read of a piece, by its place in the order, as it crosses from the second thread. */
export interface PieceMessage {
  readonly index: number
  readonly batch: RecordBatch
}

/**
 * The cells that both threads see: the next piece that nobody has taken, how many the second one has read, and how many
 * the first one is through with.
 */
const CELL = { next: FIRST_FREE_CELL, read: FIRST_FREE_CELL + 1, done: FIRST_FREE_CELL + 2 } as const
const CELLS = 3

/** A message for a few names would cost more than to read them; without any, few of them are soon forgotten. */
const AT_ONCE = { helped: 256, alone: 32 } as const
/** So many pieces the second thread may be ahead: they take some 16 MB. */
const PIECES_AHEAD = 256
const WAIT_MS = 100
/** A thread that reads nothing for so long is given up. */
const PATIENCE_MS = 10_000

const homeOf = (expected: Expected): Home =>
  'links' in expected
    ? { home: expected.home, names: packNames(expected.links), files: null }
    : {
        home: expected.home,
        names: packNames(expected.names),
        files: { texts: expected.texts, lengths: expected.lengths },
      }

/** The pieces, in their order; both threads come to the same ones. */
const piecesOf = ({ homes, atOnce }: AheadTask): Piece[] =>
  homes.flatMap((home) => {
    const names = new Names(home.names)
    return Array.from({ length: Math.ceil(names.length / atOnce) }, (_, index) => ({
      home,
      names,
      from: index * atOnce,
      to: Math.min((index + 1) * atOnce, names.length),
    }))
  })

/** Takes the next piece; null where all are taken. */
function takeNext(cells: Int32Array, pieces: readonly Piece[]): { index: number; piece: Piece } | null {
  const index = Atomics.add(cells, CELL.next, 1)
  const piece = pieces[index]
  return piece === undefined ? null : { index, piece }
}

function readPiece(location: string, { home: { home, files }, names, from, to }: Piece): RecordBatch {
  const directory = `${location}/${home}`
  const wanted = Array.from({ length: to - from }, (_, index) => names.at(from + index))
  return files === null ? readLinks(directory, wanted) : readRecords(directory, wanted, files)
}

/** Reads pieces for as long as there are any: what the second thread does. */
export function readPieces(
  task: AheadTask,
  cells: Int32Array,
  send: (message: PieceMessage, buffers: ArrayBuffer[]) => void,
): void {
  const pieces = piecesOf(task)
  for (let next = takeNext(cells, pieces); next !== null; next = takeNext(cells, pieces)) {
    const batch = readPiece(task.location, next.piece)
    const arrays = [batch.bytes, batch.starts, batch.sizes, batch.lengths]
    send(
      { index: next.index, batch },
      arrays.map(({ buffer }) => buffer),
    )
    Atomics.add(cells, CELL.read, 1)
    Atomics.notify(cells, CELL.read)
    waitWhileFarAhead(cells, pieces.length)
  }
}

function waitWhileFarAhead(cells: Int32Array, count: number): void {
  for (;;) {
    const done = Atomics.load(cells, CELL.done)
    const next = Atomics.load(cells, CELL.next)
    if (next >= count || next - done < PIECES_AHEAD) return
    Atomics.wait(cells, CELL.done, done, WAIT_MS)
  }
}

/** Stands for the text of a file that is not there. */
export const ABSENT: unique symbol = Symbol('absent')

/** A text that was read ahead; null where it could not be read without trouble. */
export type Ahead = string | typeof ABSENT | null

/**
 * Reads many small files in the order in which they will be asked for, by two threads: the second one goes ahead, and
 * the first one reads with it where it would have to wait. Where there is no second one, the first reads all of them.
 * What was asked for is forgotten when the question has moved on: it is for the asker to read again, as is what could
 * not be read, and to report.
 */
export class ReadAhead {
  readonly #task: AheadTask
  readonly #pieces: readonly Piece[]
  #thread: SecondThread<AheadTask, null> | null
  readonly #cells: Int32Array
  /** What was read of each piece, until it is done with; null from then on. */
  readonly #read: (RecordBatch | null | undefined)[] = []
  readonly #homes: readonly Rows[]
  #count = 0
  #waitedMs = 0

  constructor(location: string, expected: readonly Expected[], { isHelped }: { readonly isHelped: boolean }) {
    const homes = expected.map(homeOf)
    const task = { location, homes, atOnce: isHelped ? AT_ONCE.helped : AT_ONCE.alone }
    this.#task = task
    this.#pieces = piecesOf(task)
    this.#thread = isHelped ? SecondThread.start('./read-ahead-worker.js', task, CELLS) : null
    this.#cells = this.#thread?.cells ?? new Int32Array(FIRST_FREE_CELL + CELLS)
    this.#homes = homes.map(
      (home) =>
        new Rows(
          home,
          this.#pieces.findIndex((piece) => piece.home === home),
        ),
    )
  }

  /** Texts of one record; null where they are not among what is expected. */
  texts(directory: string, files: readonly string[]): Ahead[] | null {
    for (const rows of this.#homes) {
      const { texts = [] } = rows.home.files ?? {}
      const row = files.every((file) => texts.includes(file)) ? rows.rowOf(directory) : -1
      if (row === -1) continue
      const batch = this.#batchOf(rows, row)
      const first = (row % this.#task.atOnce) * texts.length
      return files.map((file) => textAt(batch, first + texts.indexOf(file)))
    }
    return null
  }

  /** The length of a regular file; null where it is not among what is expected, or was not seen. */
  length(directory: string, file: string): number | null {
    for (const rows of this.#homes) {
      const { lengths = [] } = rows.home.files ?? {}
      const column = lengths.indexOf(file)
      const row = column === -1 ? -1 : rows.rowOf(directory)
      if (row === -1) continue
      const place = (row % this.#task.atOnce) * lengths.length + column
      const length = this.#batchOf(rows, row)?.lengths[place] ?? NOT_READ
      return length >= 0 ? length : null
    }
    return null
  }

  /** The target of a link; null where it was not read. */
  target(path: string): string | null {
    for (const rows of this.#homes) {
      const row = rows.home.files === null ? rows.rowOf(path) : -1
      const target = row === -1 ? null : textAt(this.#batchOf(rows, row), row % this.#task.atOnce)
      if (typeof target === 'string') return target
    }
    return null
  }

  end(): void {
    Atomics.store(this.#cells, CELL.next, this.#pieces.length)
    this.#endThread()
  }

  #endThread(): void {
    this.#thread?.end()
    this.#thread = null
  }

  #batchOf(rows: Rows, row: number): RecordBatch | null {
    const piece = rows.firstPiece + Math.floor(row / this.#task.atOnce)
    for (const done of rows.passedBy(piece)) this.#forget(done)
    return this.#await(piece)
  }

  #forget(piece: number): void {
    if (this.#read[piece] == null) return
    this.#read[piece] = null
    Atomics.add(this.#cells, CELL.done, 1)
    Atomics.notify(this.#cells, CELL.done)
  }

  /** What was read of a piece; null where that is not known any more. Reads along with the second thread meanwhile. */
  #await(index: number): RecordBatch | null {
    while (this.#read[index] === undefined) {
      const count = Atomics.load(this.#cells, CELL.read)
      const isAlone = this.#thread === null || this.#thread.isOver || this.#waitedMs >= PATIENCE_MS
      if (this.#receive()) continue
      const own = takeNext(this.#cells, this.#pieces)
      if (own !== null) this.#keep(own.index, readPiece(this.#task.location, own.piece))
      else if (isAlone) return null
      else if (Atomics.wait(this.#cells, CELL.read, count, WAIT_MS) === 'timed-out') this.#waitedMs += WAIT_MS
    }
    return this.#read[index] ?? null
  }

  /** Takes what the second thread has read; false where nothing has come. */
  #receive(): boolean {
    const received = this.#thread === null ? undefined : receiveMessageOnPort(this.#thread.port)
    if (received === undefined) return false
    const { index, batch } = received.message as PieceMessage
    this.#keep(index, withBuffer(batch))
    this.#waitedMs = 0
    return true
  }

  #keep(index: number, batch: RecordBatch): void {
    this.#read[index] = batch
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
function withBuffer(batch: RecordBatch): RecordBatch {
  const { buffer, byteOffset, byteLength } = batch.bytes
  return { ...batch, bytes: Buffer.from(buffer, byteOffset, byteLength) }
}

/** The names of one home, found by their paths. */
class Rows {
  readonly home: Home
  readonly firstPiece: number
  readonly #names: Names
  readonly #prefix: string
  #last = 0
  #passed: number
  #rows: Map<string, number> | null = null

  constructor(home: Home, firstPiece: number) {
    this.home = home
    this.firstPiece = firstPiece
    this.#names = new Names(home.names)
    this.#prefix = `${home.home}/`
    this.#passed = firstPiece
  }

  /** The place of a name; -1 where it is none of these. */
  rowOf(path: string): number {
    if (!path.startsWith(this.#prefix)) return -1
    const name = path.slice(this.#prefix.length)
    const names = this.#names
    // Mostly they are asked for in their order.
    for (const row of [this.#last, this.#last + 1])
      if (names.at(row) === name) {
        this.#last = row
        return row
      }
    this.#rows ??= new Map(Array.from({ length: names.length }, (_, row) => [names.at(row), row]))
    this.#last = this.#rows.get(name) ?? this.#last
    return this.#rows.get(name) ?? -1
  }

  /** The pieces that the question has passed when it comes to one. */
  *passedBy(piece: number): Generator<number> {
    for (; this.#passed < piece; this.#passed++) yield this.#passed
  }
}
