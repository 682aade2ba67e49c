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
