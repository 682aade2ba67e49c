/** A value of a row. Integers beyond 2^53 are rounded, as numbers are. */
export type SqliteValue = null | number | string | Buffer

export type TextEncoding = 'utf8' | 'utf16le' | 'utf16be'

/** A number and where the bytes behind it begin. */
export interface Varint {
  readonly value: number
  readonly next: number
}

const longestVarint = 9

/** Reads a number of one to nine bytes, high bits first; the ninth byte gives all its bits. Null if it is cut off. */
export function sqliteVarint(bytes: Buffer, at: number): Varint | null {
  let value = 0n
  for (let index = 0; index < longestVarint; index++) {
    const byte = bytes[at + index]
    if (byte === undefined) return null
    if (index === longestVarint - 1) value = (value << 8n) | BigInt(byte)
    else value = (value << 7n) | BigInt(byte & 0x7f)
    if (byte < 0x80 || index === longestVarint - 1)
      return { value: Number(BigInt.asIntN(64, value)), next: at + index + 1 }
  }
  return null
}

/**
 * Decodes a row: a header with the type of each column, then the values one after another. A phrase that says what is
 * wrong where the row contradicts itself.
 */
export function decodeRecord(payload: Buffer, encoding: TextEncoding): SqliteValue[] | string {
  const header = sqliteVarint(payload, 0)
  if (header === null || header.value < header.next || header.value > payload.length)
    return 'the head of a row is damaged'
  const types = payload.subarray(0, header.value)
  const values: SqliteValue[] = []
  let at = header.value
  for (let position = header.next; position < header.value; ) {
    const type = sqliteVarint(types, position)
    if (type === null) return 'the head of a row is cut off'
    const length = lengthOf(type.value)
    if (length === null) return `a column of a row has no known type (${type.value})`
    if (at + length > payload.length) return 'a column of a row is cut off'
    values.push(decodeValue(type.value, payload.subarray(at, at + length), encoding))
    at += length
    position = type.next
  }
  return values
}

/** How many bytes a value of each of the types 0 to 9 takes. */
const fixedLengths: readonly number[] = [0, 1, 2, 3, 4, 6, 8, 8, 0, 0]

function lengthOf(type: number): number | null {
  if (type >= 12) return Math.floor((type - 12) / 2)
  return fixedLengths[type] ?? null
}

function decodeValue(type: number, bytes: Buffer, encoding: TextEncoding): SqliteValue {
  if (type === 0) return null
  if (type === 7) return bytes.readDoubleBE(0)
  if (type === 8 || type === 9) return type - 8
  if (type === 6) return Number(bytes.readBigInt64BE(0))
  if (type < 6) return bytes.readIntBE(0, bytes.length)
  return type % 2 === 0 ? bytes : decodeText(bytes, encoding)
}

function decodeText(bytes: Buffer, encoding: TextEncoding): string {
  if (encoding !== 'utf16be') return bytes.toString(encoding)
  return Buffer.from(bytes.subarray(0, bytes.length - (bytes.length % 2)))
    .swap16()
    .toString('utf16le')
}
