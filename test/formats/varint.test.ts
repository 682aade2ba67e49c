import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { uvarint, varint } from '../../src/formats/varint.ts'

function encode(value: bigint): Buffer {
  const bytes: number[] = []
  let rest = value
  while (rest > 0x7fn) {
    bytes.push(Number(rest & 0x7fn) | 0x80)
    rest >>= 7n
  }
  return Buffer.from([...bytes, Number(rest)])
}

const zigZag = (value: bigint): bigint => (value >= 0n ? value * 2n : value * -2n - 1n)

describe('varints', () => {
  it('reads what Go writes', () => {
    expect(varint(Buffer.from('9e1d', 'hex'))).toBe(1871)
    expect(uvarint(Buffer.from('9e1d', 'hex'))).toBe(3742)
    expect(varint(Buffer.from('06', 'hex'))).toBe(3)
    expect(varint(Buffer.from('01', 'hex'))).toBe(-1)
    expect(uvarint(Buffer.from('ac02ff', 'hex'))).toBe(300)
  })

  it('reads every number that JavaScript holds exactly', () => {
    fc.assert(fc.property(fc.maxSafeNat(), (value) => uvarint(encode(BigInt(value))) === value))
    fc.assert(fc.property(fc.maxSafeInteger(), (value) => varint(encode(zigZag(BigInt(value)))) === value))
    expect(varint(encode(zigZag(BigInt(Number.MIN_SAFE_INTEGER))))).toBe(Number.MIN_SAFE_INTEGER)
  })

  it.each([
    ['nothing', ''],
    ['a cut', '8080'],
    ['more than 64 bits', 'ffffffffffffffffff02'],
    ['more than ten bytes', '8080808080808080808001'],
    ['2^53 and above', 'ffffffffffffffffff01'],
  ])('refuses %s', (_, hex) => {
    expect(uvarint(Buffer.from(hex, 'hex'))).toBeNull()
  })

  it('refuses signed numbers beyond 2^53', () => {
    expect(varint(Buffer.from('feffffffffffffffff01', 'hex'))).toBeNull()
    expect(varint(Buffer.from('ffffffffffffffffff7f', 'hex'))).toBeNull()
    expect(varint(Buffer.from('8080', 'hex'))).toBeNull()
    expect(varint(encode(zigZag(-(2n ** 53n))))).toBeNull()
  })
})
