import { parseRfc3339 } from '../../formats/go-time.ts'
import { type GoDate, type GoTime, parseGoDate } from './go-date.ts'

const NANOS_OF_UNIT: Readonly<Record<string, number>> = {
  ns: 1,
  us: 1e3,
  µs: 1e3,
  μs: 1e3,
  ms: 1e6,
  s: 1e9,
  m: 60e9,
  h: 3600e9,
}

/** Reads a duration as Go writes it (`24h`, `1h30m`, `-5m`), in milliseconds; null if it is none. */
export function parseDuration(text: string): number | null {
  const [, sign = '', rest = ''] = /^([-+]?)(.*)$/s.exec(text) ?? []
  if (rest === '0') return 0
  const parts = [...rest.matchAll(/(\d+(?:\.\d*)?|\.\d+)(ns|us|µs|μs|ms|s|m|h)/gy)]
  if (parts.length === 0 || parts.map(([part]) => part).join('') !== rest) return null
  let nanos = 0
  for (const [, count = '0', unit = 's'] of parts) nanos += Number(count) * (NANOS_OF_UNIT[unit] ?? 0)
  // Go counts in 64 bits.
  return nanos >= 2 ** 63 ? null : ((sign === '-' ? -1 : 1) * nanos) / 1e6
}

/** Go's words for a text that is no duration. */
export function whyNoDuration(text: string): string {
  const quoted = JSON.stringify(text)
  for (let rest = text.replace(/^[-+]/, ''); rest !== ''; ) {
    const [part, unit] = /^(?:\d+\.?\d*|\.\d+)([^.\d]*)/.exec(rest) ?? []
    if (part === undefined || unit === undefined) break
    if (unit === '') return `time: missing unit in duration ${quoted}`
    if (NANOS_OF_UNIT[unit] === undefined)
      return `time: unknown unit ${JSON.stringify(unit)} in duration ${quoted}`
    rest = rest.slice(part.length)
  }
  return `time: invalid duration ${quoted}`
}

/**
 * Reads what `--filter until=` takes: a duration back from now, a date with or without time and zone, or Unix seconds.
 * Milliseconds since 1970, or docker's words for a text that is none of them (api/types/time/timestamp.go).
 */
export function parseUntil(text: string, nowMs: number, go: GoTime): GoDate {
  const duration = text === '0' ? null : parseDuration(text)
  // The engine counts back in whole seconds.
  if (duration !== null) return { ms: Math.floor((nowMs - duration) / 1000) * 1000 }
  const date = parseGoDate(text, go)
  if ('ms' in date || text.includes('-')) return date
  const [unix, seconds = '', fraction = '0'] = /^\+?(\d+)(?:\.(\d+))?$/.exec(text) ?? []
  if (unix === undefined || BigInt(seconds) >= 2n ** 63n)
    return { why: `failed to parse value as time or duration: ${JSON.stringify(text)}` }
  return { ms: Number(seconds) * 1000 + Number(`0.${fraction}`) * 1000 }
}

/** A recorded time in milliseconds since 1970; null where there is none. */
export function timeMs(time: string | null): number | null {
  const instant = time === null ? null : parseRfc3339(time)
  return instant === null ? null : instant.seconds * 1000 + instant.nanos / 1e6
}
