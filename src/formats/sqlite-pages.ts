import { sqliteVarint } from './sqlite-record.ts'
import type { PageOverlay } from './sqlite-wal.ts'

const interiorType = 0x05
const leafType = 0x0d
const pageHeader = { type: 0, cellCount: 3, rightChild: 8, leafLength: 8, interiorLength: 12 }

/** The file's own header comes before that of the first page. */
export const fileHeaderLength = 100

/** Far deeper than any real tree, shallow enough for the stack. */
const depthLimit = 32

/** Takes note of a page that cannot be used, wholly or in part. */
export type ReportPage = (page: number, reason: string) => void

/** A row as its page holds it, in full. */
export interface RawRow {
  readonly rowId: number
  readonly page: number
  readonly payload: Buffer
}

/**
 * The pages of a database, those of a log or journal in place of the file's. A page belongs to the first table that
 * reaches it, and is visited once in a walk: that alone makes every walk end, whatever the pages point at.
 */
export class SqlitePages {
  readonly #bytes: Buffer
  readonly #overlay: PageOverlay | null
  readonly #pageSize: number
  /** What of a page is used: some keep bytes at its end for extensions. */
  readonly #usable: number
  readonly #owners = new Map<number, number>()
  readonly count: number

  constructor(bytes: Buffer, pageSize: number, reserved: number, overlay: PageOverlay | null) {
    this.#bytes = bytes
    this.#overlay = overlay
    this.#pageSize = pageSize
    this.#usable = pageSize - reserved
    this.count = overlay?.pageCount ?? Math.floor(bytes.length / pageSize)
  }

  /** All rows of the table whose tree begins at that page, in the order of their ids. */
  *rows(root: number, report: ReportPage): Generator<RawRow> {
    const walk: Walk = { root, seen: new Set(), report }
    const pending: [page: number, depth: number][] = [[root, 0]]
    for (let next = pending.pop(); next !== undefined; next = pending.pop()) {
      const [number, depth] = next
      const page = this.#claim(walk, number)
      if (page === null) continue
      const start = number === 1 ? fileHeaderLength : 0
      const type = page[start + pageHeader.type]
      const cells = this.#cells(walk, number, page, start)
      if (type === leafType) for (const at of cells) yield* this.#row(walk, number, page, at)
      if (type !== interiorType) continue
      if (depth === depthLimit) report(number, `the tree is deeper than ${depthLimit} pages`)
      else {
        const children = cells.map((at) => page.readUInt32BE(at))
        for (const child of [...children, page.readUInt32BE(start + pageHeader.rightChild)].reverse())
          pending.push([child, depth + 1])
      }
    }
  }

  /** The page, if the walk may use it. */
  #claim({ root, seen, report }: Walk, number: number): Buffer | null {
    const owner = this.#owners.get(number)
    if (seen.has(number) || (owner !== undefined && owner !== root)) {
      report(number, 'the page belongs to another place already')
      return null
    }
    const page = this.#page(number)
    if (page === null) {
      report(number, `the page lies outside the ${this.count} pages of the file`)
      return null
    }
    seen.add(number)
    this.#owners.set(number, root)
    return page
  }

  #page(number: number): Buffer | null {
    if (number < 1 || number > this.count) return null
    const other = this.#overlay?.pages.get(number)
    if (other !== undefined) return other
    const at = (number - 1) * this.#pageSize
    return at + this.#pageSize <= this.#bytes.length ? this.#bytes.subarray(at, at + this.#pageSize) : null
  }

  /** Where the cells of a page begin; those that cannot be are left out. */
  #cells({ report }: Walk, number: number, page: Buffer, start: number): number[] {
    const type = page[start + pageHeader.type]
    if (type !== leafType && type !== interiorType) {
      report(number, `the page is no part of a table (type ${type})`)
      return []
    }
    const first = start + (type === leafType ? pageHeader.leafLength : pageHeader.interiorLength)
    const count = page.readUInt16BE(start + pageHeader.cellCount)
    if (first + 2 * count > this.#usable) {
      report(number, `there is no room for ${count} rows in the page`)
      return []
    }
    const cells: number[] = []
    for (let index = 0; index < count; index++) {
      const at = page.readUInt16BE(first + 2 * index)
      if (at >= first + 2 * count && at + 4 <= this.#usable) cells.push(at)
      else report(number, 'a row points outside its page')
    }
    return cells
  }

  *#row(walk: Walk, number: number, page: Buffer, at: number): Generator<RawRow> {
    const length = sqliteVarint(page, at)
    const rowId = length === null ? null : sqliteVarint(page, length.next)
    if (length === null || rowId === null || length.value < 0) {
      walk.report(number, 'the head of a row is cut off')
      return
    }
    const local = this.#localLength(length.value)
    const end = rowId.next + local
    if (end + (local < length.value ? 4 : 0) > this.#usable) {
      walk.report(number, 'a row runs over the end of its page')
      return
    }
    const start = page.subarray(rowId.next, end)
    const payload =
      local === length.value ? start : this.#overflow(walk, start, length.value, page.readUInt32BE(end))
    if (payload !== null) yield { rowId: rowId.value, page: number, payload }
  }

  /** How much of a row lies in the page of its table; the rest is in a chain of pages of its own. */
  #localLength(length: number): number {
    const most = this.#usable - 35
    if (length <= most) return length
    const least = Math.floor(((this.#usable - 12) * 32) / 255) - 23
    const fitting = least + ((length - least) % (this.#usable - 4))
    return fitting <= most ? fitting : least
  }

  #overflow(walk: Walk, start: Buffer, length: number, first: number): Buffer | null {
    const parts = [start]
    let missing = length - start.length
    if (missing > this.count * this.#usable) {
      walk.report(first, `a row claims ${length} bytes, more than the file has`)
      return null
    }
    for (let next = first; missing > 0; ) {
      const page = this.#claim(walk, next)
      if (page === null) return null
      const part = page.subarray(4, Math.min(this.#usable, 4 + missing))
      parts.push(part)
      missing -= part.length
      next = page.readUInt32BE(0)
    }
    return Buffer.concat(parts)
  }
}

/** One reading of a table. */
interface Walk {
  readonly root: number
  readonly seen: Set<number>
  readonly report: ReportPage
}
