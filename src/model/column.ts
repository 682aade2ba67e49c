const IN_CHUNK = 8192

/** Plain data of a column, which crosses a thread. */
export type Chunks<T> = T[][]

/** A long list that only grows. It never moves: an array that does leaves twice what it holds behind. */
export class Column<T> {
  readonly chunks: Chunks<T>

  constructor(chunks: Chunks<T>) {
    this.chunks = chunks
  }

  get length(): number {
    const { chunks } = this
    return chunks.length === 0 ? 0 : (chunks.length - 1) * IN_CHUNK + (chunks.at(-1)?.length ?? 0)
  }

  at(index: number): T | undefined {
    return this.chunks[Math.floor(index / IN_CHUNK)]?.[index % IN_CHUNK]
  }

  /** Adds a value, and gives its index. */
  push(value: T): number {
    let last = this.chunks.at(-1)
    if (last === undefined || last.length === IN_CHUNK) {
      last = []
      this.chunks.push(last)
    }
    return (this.chunks.length - 1) * IN_CHUNK + last.push(value) - 1
  }

  /** Changes the value at an index that there is. */
  set(index: number, value: T): void {
    const chunk = this.chunks[Math.floor(index / IN_CHUNK)]
    if (chunk !== undefined) chunk[index % IN_CHUNK] = value
  }
}

/** Plain data of a column of numbers. */
export interface NumberChunks {
  readonly chunks: Int32Array[]
  length: number
}

export const noNumbers = (): NumberChunks => ({ chunks: [], length: 0 })

/** The same for integers of 32 bits, in four bytes each. */
export class NumberColumn {
  readonly #data: NumberChunks

  constructor(data: NumberChunks) {
    this.#data = data
  }

  get length(): number {
    return this.#data.length
  }

  at(index: number): number | undefined {
    return index < this.length
      ? this.#data.chunks[Math.floor(index / IN_CHUNK)]?.[index % IN_CHUNK]
      : undefined
  }

  /** Adds a value, and gives its index. */
  push(value: number): number {
    const index = this.#data.length++
    if (index % IN_CHUNK === 0) this.#data.chunks.push(new Int32Array(IN_CHUNK))
    this.set(index, value)
    return index
  }

  /** Changes the value at an index that there is. */
  set(index: number, value: number): void {
    const chunk = this.#data.chunks[Math.floor(index / IN_CHUNK)]
    if (chunk !== undefined) chunk[index % IN_CHUNK] = value
  }
}
