import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { Crc64 } from '../../src/formats/crc64.ts'

/** The definition, bit by bit. */
function slowSum(bytes: Uint8Array): string {
  let crc = 2n ** 64n - 1n
  for (const byte of bytes) {
    crc ^= BigInt(byte)
    for (let bit = 0; bit < 8; bit++) crc = (crc & 1n) === 1n ? (crc >> 1n) ^ 0xd800000000000000n : crc >> 1n
  }
  return (crc ^ (2n ** 64n - 1n)).toString(16).padStart(16, '0')
}

describe('CRC-64', () => {
  it('has the published check value', () => {
    expect(new Crc64().update(Buffer.from('123456789')).digest().toString('hex')).toBe('b90956c775a41001')
    expect(new Crc64().digest().toString('hex')).toBe('0000000000000000')
  })

  it('equals its definition, however the content is cut up', () => {
    fc.assert(
      fc.property(fc.uint8Array({ maxLength: 100 }), fc.nat(100), (bytes, cut) => {
        const sum = new Crc64().update(bytes.subarray(0, cut)).update(bytes.subarray(cut)).digest()
        expect(sum.toString('hex')).toBe(slowSum(bytes))
      }),
    )
  })
})
