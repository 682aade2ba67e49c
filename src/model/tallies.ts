import type { Tally } from './places.ts'

/** Tallies as they are kept, and as they cross a thread: columns. */
interface TallyColumns {
  readonly contentBytes: Float64Array
  readonly diskBytes: Float64Array
  readonly files: Float64Array
}

/** What was measured below each claim, in the order of the claims: 24 bytes a claim, where objects take three times that. */
export class Tallies implements Iterable<Tally> {
  /** Plain data, from which the same tallies can be made on the other side of a thread. */
  readonly columns: TallyColumns

  /** As many tallies of nothing, or those of columns. */
  constructor(from: number | TallyColumns) {
    this.columns =
      typeof from === 'number'
        ? {
            contentBytes: new Float64Array(from),
            diskBytes: new Float64Array(from),
            files: new Float64Array(from),
          }
        : from
  }

  get size(): number {
    return this.columns.files.length
  }

  at(index: number): Tally | undefined {
    const { contentBytes, diskBytes, files } = this.columns
    const [content, disk, count] = [contentBytes[index], diskBytes[index], files[index]]
    if (content === undefined || disk === undefined || count === undefined) return undefined
    return { contentBytes: content, diskBytes: disk, files: count }
  }

  add(index: number, contentBytes: number, diskBytes: number, files: number): void {
    const { columns } = this
    if (index < 0 || index >= this.size) return
    columns.contentBytes[index] = (columns.contentBytes[index] ?? 0) + contentBytes
    columns.diskBytes[index] = (columns.diskBytes[index] ?? 0) + diskBytes
    columns.files[index] = (columns.files[index] ?? 0) + files
  }

  *[Symbol.iterator](): Generator<Tally> {
    for (let index = 0; index < this.size; index++) {
      const tally = this.at(index)
      if (tally !== undefined) yield tally
    }
  }
}
