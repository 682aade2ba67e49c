const NOT_UTF8 = /[\udc80-\udcff]/u
const REPLACEMENT = '\uFFFD'

/**
 * A file name as a string that loses nothing: UTF-8 is decoded, and each byte that is none becomes the lone surrogate
 * U+DC80 to U+DCFF of its value, as Python's `surrogateescape` does. `bytesOfName` gives the bytes back.
 */
export function nameOfBytes(bytes: Buffer): string {
  const text = bytes.toString('utf8')
  return text.includes(REPLACEMENT) && !Buffer.from(text).equals(bytes) ? byteByByte(bytes) : text
}

/** The bytes of a name, for the file system; a plain string where UTF-8 says the same. */
export const fileName = (name: string): string | Buffer => (NOT_UTF8.test(name) ? bytesOfName(name) : name)

export function bytesOfName(name: string): Buffer {
  if (!NOT_UTF8.test(name)) return Buffer.from(name)
  return Buffer.concat(
    [...name].map((character) =>
      NOT_UTF8.test(character) ? Buffer.from([character.charCodeAt(0) - 0xdc00]) : Buffer.from(character),
    ),
  )
}

function byteByByte(bytes: Buffer): string {
  let name = ''
  for (let at = 0; at < bytes.length; ) {
    const length = sequenceLength(bytes[at] ?? 0)
    const text = bytes.toString('utf8', at, at + length)
    const isWhole = length > 0 && Buffer.from(text).equals(bytes.subarray(at, at + length))
    name += isWhole ? text : String.fromCharCode(0xdc00 + (bytes[at] ?? 0))
    at += isWhole ? length : 1
  }
  return name
}

/** How many bytes a UTF-8 sequence has that begins with this one; 0 where none does. */
function sequenceLength(first: number): number {
  if (first < 0x80) return 1
  if (first < 0xc2) return 0
  if (first < 0xe0) return 2
  if (first < 0xf0) return 3
  return first < 0xf5 ? 4 : 0
}
