/** The most bytes that a 64-bit number takes, seven bits in each. */
const longestVarint = 10

/** Reads an unsigned LEB128 number, as Go's `binary.PutUvarint` writes it; null if cut off or above 2^53 - 1. */
export function uvarint(bytes: Uint8Array): number | null {
  const value = readNumber(bytes)
  return value === null ? null : safeNumber(value)
}

/** Reads a signed (zig-zag) LEB128 number, as Go's `binary.PutVarint` writes it; null if cut off or beyond 2^53 - 1. */
export function varint(bytes: Uint8Array): number | null {
  const value = readNumber(bytes)
  return value === null ? null : safeNumber((value >> 1n) ^ -(value & 1n))
}

/** Bytes behind the number are ignored, as Go ignores them. */
function readNumber(bytes: Uint8Array): bigint | null {
  let value = 0n
  for (const [index, byte] of bytes.subarray(0, longestVarint).entries()) {
    value |= BigInt(byte & 0x7f) << BigInt(7 * index)
    if (byte < 0x80) return value
  }
  return null
}

function safeNumber(value: bigint): number | null {
  const number = Number(value)
  return Number.isSafeInteger(number) ? number : null
}
