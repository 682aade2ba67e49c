/** Names in memory that threads share, one behind the other; the strings alone would take a third of the memory. */
export interface PackedNames {
  readonly bytes: Uint8Array<SharedArrayBuffer>
  /** Where each name ends. */
  readonly ends: Uint32Array<SharedArrayBuffer>
}

const IS_ASCII = /^[\x20-\x7e]+$/

/** Packs the names whose letters are one byte each, as those of all ids are. The others are left out. */
export function packNames(names: readonly string[]): PackedNames {
  const plain = names.filter((name) => IS_ASCII.test(name))
  const ends = new Uint32Array(new SharedArrayBuffer(4 * plain.length))
  let end = 0
  for (const [index, { length }] of plain.entries()) {
    end += length
    ends[index] = end
  }
  const shared = new SharedArrayBuffer(end)
  const bytes = Buffer.from(shared)
  for (const [index, name] of plain.entries()) bytes.write(name, (ends[index] ?? 0) - name.length, 'latin1')
  return { bytes: new Uint8Array(shared), ends }
}

/** Packed names, to look at. */
export class Names {
  readonly #bytes: Buffer
  readonly #ends: Uint32Array

  constructor({ bytes, ends }: PackedNames) {
    this.#bytes = Buffer.from(bytes.buffer)
    this.#ends = ends
  }

  get length(): number {
    return this.#ends.length
  }

  /** The name at a place; empty where there is none. */
  at(index: number): string {
    const start = index === 0 ? 0 : (this.#ends[index - 1] ?? 0)
    return this.#bytes.toString('latin1', start, this.#ends[index] ?? start)
  }
}
