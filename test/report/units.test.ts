import { describe, expect, it } from 'vitest'
import { engineSize, formatAge, formatBytes, percent, share } from '../../src/report/units.ts'

describe('engineSize', () => {
  // As docker prints them: go-units' HumanSize, which is "%.4g" of decimal units.
  it.each([
    [0, '0B'],
    [999, '999B'],
    [1000, '1kB'],
    [1001, '1.001kB'],
    [1234, '1.234kB'],
    [12_345, '12.35kB'],
    [100_500, '100.5kB'],
    [999_949, '999.9kB'],
    [999_999, '1000kB'],
    [1_000_000, '1MB'],
    [1_982_319, '1.982MB'],
    [5_242_880, '5.243MB'],
    [20_971_520, '20.97MB'],
    [22_953_842, '22.95MB'],
    [1_500_000_000, '1.5GB'],
    [2 ** 40, '1.1TB'],
    [2 ** 50, '1.126PB'],
    [Number.MAX_SAFE_INTEGER, '9.007PB'],
  ])('prints %d as %s', (bytes, text) => {
    expect(engineSize(bytes)).toBe(text)
  })

  // C and Go round a figure that lies exactly between two to the even one.
  it.each([
    [12_125, '12.12kB'],
    [12_375, '12.38kB'],
    [1_015_625_000_000, '1.016TB'],
    [100_250, '100.2kB'],
    [100_750, '100.8kB'],
  ])('rounds %d to %s, as printf does', (bytes, text) => {
    expect(engineSize(bytes)).toBe(text)
  })

  it('prints three figures in the list of images', () => {
    expect([22_953_842, 1_982_319, 2416, 710, 1000, 123_456].map((bytes) => engineSize(bytes, 3))).toEqual([
      '23MB',
      '1.98MB',
      '2.42kB',
      '710B',
      '1kB',
      '123kB',
    ])
  })
})

describe('formatBytes', () => {
  it('prints unknown figures as a dash, never as 0', () => {
    for (const units of ['decimal', 'binary', 'bytes'] as const) {
      expect(formatBytes(null, units)).toBe('-')
      expect(formatBytes(0, units)).toMatch(/^0( ?B)?$/)
    }
  })

  it('prints the units that were asked for', () => {
    expect(formatBytes(20_971_520)).toBe('20.97MB')
    expect(formatBytes(20_971_520, 'binary')).toBe('20 MiB')
    expect(formatBytes(20_971_520, 'bytes')).toBe('20971520')
  })
})

describe('percent', () => {
  it('is cut off, not rounded, and 0 of nothing', () => {
    expect([percent(999, 1000), percent(1, 3), percent(3, 3), percent(0, 5), percent(5, 0)]).toEqual([
      '99%',
      '33%',
      '100%',
      '0%',
      '0%',
    ])
  })
})

describe('share', () => {
  it('is rounded, so that the parts of a whole sum to about all of it', () => {
    expect([1049, 177, 164, 41, 59].map((part) => share(part, 1490))).toEqual([
      '70%',
      '12%',
      '11%',
      '3%',
      '4%',
    ])
  })

  it('is nothing only of nothing and all only of all', () => {
    expect([share(0, 5), share(1, 1_000_000), share(9999, 10_000), share(5, 5), share(5, 0)]).toEqual([
      '0%',
      '<1%',
      '99%',
      '100%',
      '0%',
    ])
  })
})

describe('formatAge', () => {
  const now = Date.parse('2026-03-01T12:00:00Z')
  it.each([
    ['2026-03-01T12:00:00Z', '0 seconds ago'],
    ['2026-03-01T11:59:59Z', '1 second ago'],
    ['2026-03-01T11:59:01Z', '59 seconds ago'],
    ['2026-03-01T11:58:59Z', '1 minute ago'],
    ['2026-03-01T10:00:01Z', '1 hour ago'],
    ['2026-02-28T12:00:00Z', '1 day ago'],
    ['2026-02-20T12:00:00Z', '1 week ago'],
    ['2026-01-01T12:00:00Z', '1 month ago'],
    ['2024-03-01T12:00:00.123456789Z', '1 year ago'],
    ['1970-01-01T00:00:00Z', '56 years ago'],
    ['2026-03-01T12:00:05Z', 'in the future'],
  ])('says of %s: %s', (time, text) => {
    expect(formatAge(time, now)).toBe(text)
  })

  it('is a dash where the time is unknown or no time', () => {
    expect(formatAge(null, now)).toBe('-')
    expect(formatAge('yesterday', now)).toBe('-')
  })
})
