import { createHash } from 'node:crypto'

/** The hex sha256 of some bytes. */
export const sha256 = (bytes) => createHash('sha256').update(bytes).digest('hex')

const BASE32 = 'ABCDEFGHIJKLMNOPQRSTUVWXYZ234567'

/** Names and numbers that look random and follow from a seed and a label alone. */
export class Seeded {
  #seed

  constructor(seed) {
    this.#seed = seed
  }

  /** 64 hex digits: a cache-id, a mount-id, a container id. */
  hex64(label) {
    return sha256(`${this.#seed}\0${label}`)
  }

  /** 26 base32 letters, as overlay2 names its short links. */
  shortLink(label) {
    const bytes = Buffer.from(this.hex64(`link ${label}`), 'hex')
    return Array.from(bytes.subarray(0, 26), (byte) => BASE32[byte & 31]).join('')
  }

  /** A whole number from 0 up to, not including, `below`. */
  number(label, below) {
    return Number.parseInt(this.hex64(`number ${label}`).slice(0, 12), 16) % below
  }
}
