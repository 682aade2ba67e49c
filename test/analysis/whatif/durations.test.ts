import { describe, expect, it } from 'vitest'
import {
  parseDuration,
  parseUntil as read,
  timeMs,
  whyNoDuration,
} from '../../../src/analysis/whatif/durations.ts'

/** Milliseconds; null where the text is none. */
function parseUntil(text: string, nowMs: number): number | null {
  const moment = read(text, nowMs, { since120: true })
  return 'ms' in moment ? moment.ms : null
}

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
    ['2562047h', 9_223_369_200_000],
    ['2562048h', null],
    ['99999999999h', null],
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
    ['h-1', 'invalid duration "h-1"'],
    ['a12', 'invalid duration "a12"'],
    ['1h-5x', 'unknown unit "h-" in duration "1h-5x"'],
    ['.25', 'missing unit in duration ".25"'],
  ])('%s', (text, why) => {
    expect(whyNoDuration(text)).toBe(`time: ${why}`)
  })
})

describe('details of durations and dates', () => {
  it.each([
    ['1.25s', 1250],
    ['.25s', 250],
    ['0', 0],
    ['-0', 0],
    ['+1.5h', 5_400_000],
  ])('%s is %i ms', (text, ms) => {
    expect(Math.abs(parseDuration(text) ?? Number.NaN)).toBe(ms)
  })

  it.each(['x1h', '1hx', '1h\n', '.s', '.xs', '1h x', '--1h'])('%j is no duration', (text) => {
    expect(parseDuration(text)).toBeNull()
  })

  it('0 is the first second, and digits among other things are no seconds', () => {
    expect(parseUntil('0', NOW)).toBe(0)
    expect(parseUntil('x12', NOW)).toBeNull()
    expect(parseUntil('12x', NOW)).toBeNull()
    expect(parseUntil('-12', NOW)).toBeNull()
    expect(parseUntil('1-2', NOW)).toBeNull()
  })

  it('a date has fractions of a second, with a zone or without', () => {
    const local = new Date(2026, 0, 2, 3, 4, 5).getTime()
    expect(parseUntil('2026-01-02T03:04:05.25', NOW)).toBe(local + 250)
    expect(parseUntil('2026-01-02T03:04:05.2500000001234Z', NOW)).toBe(Date.parse('2026-01-02T03:04:05.250Z'))
    expect(parseUntil('2026-02-30', NOW)).toBeNull()
  })

  it('a recorded time is in milliseconds, or not known', () => {
    expect(timeMs('1970-01-01T00:00:02.5Z')).toBe(2500)
    expect(timeMs('yesterday')).toBeNull()
    expect(timeMs(null)).toBeNull()
  })
})
