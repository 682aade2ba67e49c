import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import {
  formatRfc3339,
  goBinaryTimeToRfc3339,
  nanosToRfc3339,
  parseRfc3339,
} from '../../src/formats/go-time.ts'

function binary(unixSeconds: bigint, nanos: number, version = 1): Buffer {
  const bytes = Buffer.alloc(version === 1 ? 15 : 16, 0xff)
  bytes[0] = version
  bytes.writeBigInt64BE(unixSeconds + 62_135_596_800n, 1)
  bytes.writeInt32BE(nanos, 9)
  return bytes
}

describe("Go's binary time", () => {
  it('becomes RFC 3339 in UTC, trailing zeros trimmed', () => {
    expect(goBinaryTimeToRfc3339(binary(1_700_000_000n, 0))).toBe('2023-11-14T22:13:20Z')
    expect(goBinaryTimeToRfc3339(binary(1_700_000_000n, 120_000_000))).toBe('2023-11-14T22:13:20.12Z')
    expect(goBinaryTimeToRfc3339(binary(1_700_000_000n, 1))).toBe('2023-11-14T22:13:20.000000001Z')
    expect(goBinaryTimeToRfc3339(binary(1_700_000_000n, 7, 2))).toBe('2023-11-14T22:13:20.000000007Z')
  })

  it('knows the zero time', () => {
    expect(goBinaryTimeToRfc3339(binary(-62_135_596_800n, 0))).toBe('0001-01-01T00:00:00Z')
  })

  it.each([
    ['nothing', Buffer.alloc(0)],
    ['a cut', binary(0n, 0).subarray(0, 14)],
    ['another version', binary(0n, 0).fill(3, 0, 1)],
    ['the length of another version', binary(0n, 0).fill(2, 0, 1)],
    ['a year that cannot be printed', binary(2n ** 60n, 0)],
    ['more nanoseconds than a second has', binary(0n, 1_000_000_000)],
    ['negative nanoseconds', binary(0n, -1)],
  ])('is null for %s', (_, bytes) => {
    expect(goBinaryTimeToRfc3339(bytes)).toBeNull()
  })
})

describe('nanoseconds', () => {
  it('keep all their digits', () => {
    expect(nanosToRfc3339(1_795_455_265_761_421_488n)).toBe('2026-11-23T17:34:25.761421488Z')
    expect(nanosToRfc3339(0n)).toBe('1970-01-01T00:00:00Z')
    expect(nanosToRfc3339(-1n)).toBe('1969-12-31T23:59:59.999999999Z')
    expect(nanosToRfc3339(10n ** 30n)).toBeNull()
  })
})

describe('RFC 3339 text', () => {
  it.each([
    ['1970-01-01T00:00:00Z', 0, 0],
    ['2023-11-14T22:13:20.5Z', 1_700_000_000, 500_000_000],
    ['2023-11-15T00:13:20.123456789+02:00', 1_700_000_000, 123_456_789],
    ['2023-11-14T16:43:20-05:30', 1_700_000_000, 0],
    ['0001-01-01T00:00:00Z', -62_135_596_800, 0],
    ['2024-02-29T00:00:00Z', 1_709_164_800, 0],
  ])('%s is read', (text, seconds, nanos) => {
    expect(parseRfc3339(text)).toEqual({ seconds, nanos })
  })

  it.each([
    '',
    '2023-11-14',
    '2023-11-14T22:13:20',
    '2023-11-14 22:13:20Z',
    '2023-13-01T00:00:00Z',
    '2023-00-01T00:00:00Z',
    '2023-02-29T00:00:00Z',
    '2023-11-00T00:00:00Z',
    '2023-11-14T24:00:00Z',
    '2023-11-14T00:60:00Z',
    '2023-11-14T00:00:60Z',
    '2023-11-14T00:00:00.1234567890Z',
    '2023-11-14T00:00:00.Z',
    '2023-11-14T00:00:00+24:00',
    '2023-11-14T00:00:00Z\n',
  ])('%j is refused', (text) => {
    expect(parseRfc3339(text)).toBeNull()
  })

  it('comes back from what was printed', () => {
    const instant = fc.record({
      seconds: fc.integer({ min: -62_167_219_200, max: 253_402_300_799 }),
      nanos: fc.integer({ min: 0, max: 999_999_999 }),
    })
    fc.assert(
      fc.property(instant, (value) => {
        expect(parseRfc3339(formatRfc3339(value) ?? '')).toEqual(value)
      }),
    )
  })
})

describe('the ends of what can be written', () => {
  it.each([
    ['0000-01-01T00:00:00Z', -62_167_219_200],
    ['9999-12-31T23:59:59Z', 253_402_300_799],
  ])('%s', (text, seconds) => {
    expect(parseRfc3339(text)).toEqual({ seconds, nanos: 0 })
    expect(formatRfc3339({ seconds, nanos: 0 })).toBe(text)
    expect(formatRfc3339({ seconds: seconds + Math.sign(seconds), nanos: 0 })).toBeNull()
  })

  it.each([
    ['1970-01-01T23:59:00+23:59', 0],
    ['1970-01-01T00:00:00+23:60', null],
    ['1970-01-01T00:00:00+24:00', null],
    ['1970-01-00T00:00:00Z', null],
  ])('%s', (text, seconds) => {
    expect(parseRfc3339(text)?.seconds ?? null).toBe(seconds)
  })
})
