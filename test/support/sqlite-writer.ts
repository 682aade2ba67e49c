import type { SqliteValue } from '../../src/formats/sqlite-record.ts'

/** A table to be written: its statement, and its rows with the ids 1, 2, 3 … */
export interface TableSpec {
  readonly name: string
  readonly sql: string
  readonly rows: readonly (readonly SqliteValue[])[]
}

export interface SqliteOptions {
  pageSize?: number
  /** 1 is UTF-8, 2 UTF-16 little-endian, 3 UTF-16 big-endian. */
  encoding?: 1 | 2 | 3
  /** Bytes at the end of each page that are not used. */
  reserved?: number
  /** How many rows or children a page takes at most; few of them make deep trees. */
  cellsPerPage?: number
}

/** Writes an SQLite database: the table of tables begins in page 1, the trees follow in the order of the tables. */
export function writeSqlite(tables: readonly TableSpec[], options: SqliteOptions = {}): Buffer {
  return new Writer(options).write(tables)
}

/** A row as it lies in a page. */
interface Cell {
  readonly rowId: number
  readonly bytes: Buffer
}

class Writer {
  readonly #pages: Buffer[] = []
  readonly #pageSize: number
  readonly #usable: number
  readonly #encoding: 1 | 2 | 3
  readonly #cellsPerPage: number

  constructor({ pageSize = 1024, encoding = 1, reserved = 0, cellsPerPage = 100 }: SqliteOptions) {
    this.#pageSize = pageSize
    this.#usable = pageSize - reserved
    this.#encoding = encoding
    this.#cellsPerPage = cellsPerPage
  }

  write(tables: readonly TableSpec[]): Buffer {
    const first = this.#allocate()
    const roots = tables.map((table) => {
      const root = this.#allocate()
      this.#tree(root, table.rows)
      return root
    })
    this.#tree(
      first,
      tables.map(({ name, sql }, index) => ['table', name, name, roots[index] ?? 0, sql]),
    )
    this.#fileHeader()
    return Buffer.concat(this.#pages)
  }

  #allocate(): number {
    return this.#pages.push(Buffer.alloc(this.#pageSize))
  }

  #fileHeader(): void {
    const page = this.#page(1)
    page.write('SQLite format 3\0')
    page.writeUInt16BE(this.#pageSize === 65536 ? 1 : this.#pageSize, 16)
    page.set([1, 1, this.#pageSize - this.#usable, 64, 32, 32], 18)
    page.writeUInt32BE(7, 24)
    page.writeUInt32BE(this.#pages.length, 28)
    page.writeUInt32BE(4, 44)
    page.writeUInt32BE(this.#encoding, 56)
    page.writeUInt32BE(7, 92)
  }

  #tree(root: number, rows: readonly (readonly SqliteValue[])[]): void {
    let level = this.#split(rows.map((values, index) => this.#leafCell(index + 1, this.#record(values))))
    let type = 0x0d
    while (level.length > 1) {
      const children = level.map((cells) => {
        const page = this.#allocate()
        this.#fill(page, type, cells)
        return { page, last: cells.at(-1)?.rowId ?? 0 }
      })
      type = 0x05
      level = this.#split(
        children.map(({ page, last }) => {
          const pointer = Buffer.alloc(4)
          pointer.writeUInt32BE(page)
          return { rowId: last, bytes: Buffer.concat([pointer, varint(last)]) }
        }),
      )
    }
    this.#fill(root, type, level[0] ?? [])
  }

  /** The cells of one level, as many in a page as there is room for in the first one. */
  #split(cells: readonly Cell[]): Cell[][] {
    const groups: Cell[][] = []
    let room = 0
    for (const cell of cells) {
      const group = groups.at(-1)
      room -= cell.bytes.length + 2
      if (group === undefined || room < 0 || group.length === this.#cellsPerPage) {
        groups.push([cell])
        room = this.#usable - 100 - 12 - cell.bytes.length - 2
      } else group.push(cell)
    }
    return groups
  }

  #fill(number: number, type: number, cells: readonly Cell[]): void {
    const page = this.#page(number)
    const start = number === 1 ? 100 : 0
    // The last child of a branch stands in its header.
    const inArray = type === 0x05 ? cells.slice(0, -1) : cells
    const first = start + (type === 0x05 ? 12 : 8)
    let end = this.#usable
    for (const [index, { bytes }] of inArray.entries()) {
      end -= bytes.length
      bytes.copy(page, end)
      page.writeUInt16BE(end, first + 2 * index)
    }
    page[start] = type
    page.writeUInt16BE(inArray.length, start + 3)
    page.writeUInt16BE(end % 65536, start + 5)
    if (type === 0x05) cells.at(-1)?.bytes.copy(page, start + 8, 0, 4)
  }

  #leafCell(rowId: number, payload: Buffer): Cell {
    const most = this.#usable - 35
    const least = Math.floor(((this.#usable - 12) * 32) / 255) - 23
    const surplus = least + ((payload.length - least) % (this.#usable - 4))
    const local = payload.length <= most ? payload.length : surplus <= most ? surplus : least
    const parts = [varint(payload.length), varint(rowId), payload.subarray(0, local)]
    if (local < payload.length) parts.push(this.#overflow(payload.subarray(local)))
    return { rowId, bytes: Buffer.concat(parts) }
  }

  #overflow(rest: Buffer): Buffer {
    const pointer = Buffer.alloc(4)
    if (rest.length === 0) return pointer
    const number = this.#allocate()
    pointer.writeUInt32BE(number)
    const room = this.#usable - 4
    const page = this.#page(number)
    rest.copy(page, 4, 0, room)
    this.#overflow(rest.subarray(room)).copy(page)
    return pointer
  }

  #record(values: readonly SqliteValue[]): Buffer {
    const encoded = values.map((value) => this.#value(value))
    const types = Buffer.concat(encoded.map(([type]) => varint(type)))
    const length = types.length + 1 < 128 ? types.length + 1 : types.length + 2
    return Buffer.concat([varint(length), types, ...encoded.map(([, bytes]) => bytes)])
  }

  #value(value: SqliteValue): [type: number, bytes: Buffer] {
    if (value === null) return [0, Buffer.alloc(0)]
    if (value === 0 || value === 1) return [8 + value, Buffer.alloc(0)]
    if (Buffer.isBuffer(value)) return [12 + 2 * value.length, value]
    if (typeof value === 'string') {
      const bytes = Buffer.from(value, this.#encoding === 1 ? 'utf8' : 'utf16le')
      if (this.#encoding === 3) bytes.swap16()
      return [13 + 2 * bytes.length, bytes]
    }
    const bytes = Buffer.alloc(8)
    if (!Number.isInteger(value)) {
      bytes.writeDoubleBE(value)
      return [7, bytes]
    }
    const width = [1, 2, 3, 4, 6].find((length) => Math.abs(value) < 2 ** (8 * length - 1))
    if (width === undefined) {
      bytes.writeBigInt64BE(BigInt(value))
      return [6, bytes]
    }
    bytes.writeIntBE(value, 0, width)
    return [width === 6 ? 5 : width, bytes.subarray(0, width)]
  }

  #page(number: number): Buffer {
    const page = this.#pages[number - 1]
    if (page === undefined) throw new Error(`no page ${number}`)
    return page
  }
}

function varint(value: number): Buffer {
  const bytes = [value % 128]
  for (let rest = Math.floor(value / 128); rest > 0; rest = Math.floor(rest / 128))
    bytes.unshift((rest % 128) + 128)
  return Buffer.from(bytes)
}

/** A frame of a write-ahead log; `commit` is the size of the database after its transaction, which ends with it. */
export interface Frame {
  readonly page: number
  readonly bytes: Buffer
  readonly commit?: number
}

/** Writes a write-ahead log. */
export function writeWal(
  frames: readonly Frame[],
  {
    pageSize = 1024,
    bigEndian = false,
    salt = 77,
  }: { pageSize?: number; bigEndian?: boolean; salt?: number } = {},
): Buffer {
  const header = words([bigEndian ? 0x377f0683 : 0x377f0682, 3007000, pageSize, 0, salt, salt + 1])
  let sum = walSum([0, 0], header, bigEndian)
  const parts = [header, words(sum)]
  for (const { page, bytes, commit = 0 } of frames) {
    const head = words([page, commit])
    sum = walSum(walSum(sum, head, bigEndian), bytes, bigEndian)
    parts.push(head, words([salt, salt + 1, ...sum]), bytes)
  }
  return Buffer.concat(parts)
}

function walSum(seed: readonly number[], bytes: Buffer, bigEndian: boolean): [number, number] {
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.length)
  let [first = 0, second = 0] = seed
  for (let at = 0; at < bytes.length; at += 8) {
    first = (first + view.getUint32(at, !bigEndian) + second) % 2 ** 32
    second = (second + view.getUint32(at + 4, !bigEndian) + first) % 2 ** 32
  }
  return [first, second]
}

/** Writes a rollback journal: the pages of the database, of that many pages, as they were before. */
export function writeJournal(
  pages: readonly { page: number; bytes: Buffer }[],
  pageCount: number,
  { pageSize = 1024, count = pages.length }: { pageSize?: number; count?: number } = {},
): Buffer {
  const nonce = 0xfffffff0
  const header = Buffer.alloc(512)
  header.write('d9d505f920a163d7', 'hex')
  words([count, nonce, pageCount, 512, pageSize]).copy(header, 8)
  const records = pages.flatMap(({ page, bytes }) => {
    let sum = nonce
    for (let at = pageSize - 200; at > 0; at -= 200) sum = (sum + (bytes[at] ?? 0)) % 2 ** 32
    return [words([page]), bytes, words([sum])]
  })
  return Buffer.concat([header, ...records])
}

function words(values: readonly number[]): Buffer {
  const bytes = Buffer.alloc(4 * values.length)
  for (const [index, value] of values.entries()) bytes.writeUInt32BE(value, 4 * index)
  return bytes
}
