import crypto from 'node:crypto'

// Node before 20.12 does not have the short way, which takes half the time.
const { hash } = crypto as Partial<Pick<typeof crypto, 'hash'>>

/** The sha256 of some bytes, or of a text's UTF-8, as lower-case hex. */
export const sha256Hex: (data: string | Buffer) => string =
  hash === undefined
    ? (data) => crypto.createHash('sha256').update(data).digest('hex')
    : (data) => hash('sha256', data, 'hex')
