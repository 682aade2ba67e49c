import { describe, expect, it } from 'vitest'
import { parseDuration, parseUntil, whyNoDuration } from '../../../src/analysis/whatif/durations.ts'

const NOW = Date.parse('2026-06-15T12:00:00.700Z')

describe('a duration', () => {
  it.each([
    ['24h', 86_400_000],
    ['1h30m', 5_400_000],
    ['1.5h', 5_400_000],
    ['10ms', 10],
    ['-2s', -2000],
    ['0', 0],
    ['1d', null],
    ['h', null],
    ['', null],
    ['5', null],
  ])('%s is %s ms', (text, ms) => {
    expect(parseDuration(text)).toBe(ms)
  })
})

describe('until', () => {
  it.each([
    ['24h', '2026-06-14T12:00:00Z'],
    ['2026-01-02T03:04:05Z', '2026-01-02T03:04:05Z'],
    ['2026-01-02T03:04:05.5+02:00', '2026-01-02T01:04:05.500Z'],
    ['2026-01-02Z', '2026-01-02T00:00:00Z'],
    ['1136073600', '2006-01-01T00:00:00Z'],
    ['1136073600.25', '2006-01-01T00:00:00.250Z'],
  ])('%s is %s', (text, time) => {
    expect(parseUntil(text, NOW)).toBe(Date.parse(time))
  })

  it('without a zone is of this host', () => {
    expect(parseUntil('2026-01-02T03:04', NOW)).toBe(new Date(2026, 0, 2, 3, 4).getTime())
    expect(parseUntil('2026-01-02', NOW)).toBe(new Date(2026, 0, 2).getTime())
  })

  it.each(['yesterday', '2026-13-01', '2026-01-02T25', ''])('%j is none', (text) => {
    expect(parseUntil(text, NOW)).toBeNull()
  })
})

describe('why a text is no duration', () => {
  it.each([
    ['', 'invalid duration ""'],
    ['abc', 'invalid duration "abc"'],
    ['-', 'invalid duration "-"'],
    ['1h.', 'invalid duration "1h."'],
    ['1795487393', 'missing unit in duration "1795487393"'],
    ['+1h2', 'missing unit in duration "+1h2"'],
    ['.5', 'missing unit in duration ".5"'],
    ['5q', 'unknown unit "q" in duration "5q"'],
    ['1.5d3h', 'unknown unit "d" in duration "1.5d3h"'],
    ['2020-01-01', 'unknown unit "-" in duration "2020-01-01"'],
  ])('%s', (text, why) => {
    expect(whyNoDuration(text)).toBe(`time: ${why}`)
  })
})
