/**
 * The upper half of the reflected ISO polynomial 0xD800000000000000. Its lower half is zero, and so is that of every
 * table entry, which lets two 32-bit numbers do the work of one slow bigint.
 */
const polynomialHigh = 0xd8000000

const table = Uint32Array.from({ length: 256 }, (_, byte) => {
  let high = 0
  let low = byte
  for (let bit = 0; bit < 8; bit++) {
    const carry = low & 1
    low = ((high & 1) << 31) | (low >>> 1)
    high = (high >>> 1) ^ (carry === 1 ? polynomialHigh : 0)
  }
  return high
})

/** CRC-64 with the ISO polynomial, all ones at the start and flipped at the end: what tar-split keeps for each file. */
export class Crc64 {
  #high = 0xffffffff
  #low = 0xffffffff

  /** Takes in the next bytes of the content. */
  update(bytes: Uint8Array): this {
    let high = this.#high
    let low = this.#low
    for (const byte of bytes) {
      const step = table[(low ^ byte) & 0xff] ?? 0
      low = (low >>> 8) | (high << 24)
      high = (high >>> 8) ^ step
    }
    this.#high = high
    this.#low = low
    return this
  }

  /** The sum so far as eight bytes, big-endian, the form in which tar-split writes it. */
  digest(): Buffer {
    const sum = Buffer.alloc(8)
    sum.writeUInt32BE(~this.#high >>> 0, 0)
    sum.writeUInt32BE(~this.#low >>> 0, 4)
    return sum
  }
}
