import prettyBytes from 'pretty-bytes'

export type Units = 'decimal' | 'binary' | 'bytes'

const SUFFIXES = ['B', 'kB', 'MB', 'GB', 'TB', 'PB', 'EB']

/** Bytes as docker prints them: decimal units, `digits` significant figures, no trailing zeros (`%.4g`). */
export function engineSize(bytes: number, digits = 4): string {
  let value = bytes
  let unit = 0
  while (value >= 1000 && unit < SUFFIXES.length - 1) {
    value /= 1000
    unit++
  }
  return `${toSignificant(value, digits)}${SUFFIXES[unit]}`
}

/**
 * Significant figures as printf gives them: what lies exactly between two is rounded to the even one. Only a fraction
 * of a power of two can lie exactly between, and with those the arithmetic here is exact.
 */
function toSignificant(value: number, digits: number): number {
  const decimals = digits - Math.trunc(value).toString().length
  const twos = value * 2 ** (decimals + 1)
  const isTie = Number.isInteger(twos) && (twos * 5 ** (decimals + 1)) % 10 === 5
  if (!isTie) return Number(value.toPrecision(digits))
  const below = Math.floor(value * 10 ** decimals)
  return (below % 2 === 0 ? below : below + 1) / 10 ** decimals
}

/** Bytes in the units that the reader chose. Unknown figures are a dash, never 0. */
export function formatBytes(bytes: number | null, units: Units = 'decimal'): string {
  if (bytes === null) return '-'
  if (units === 'bytes') return String(bytes)
  return units === 'binary' ? prettyBytes(bytes, { binary: true }) : engineSize(bytes)
}

/** A share as docker prints it: whole percents, cut off, not rounded. */
export const percent = (part: number, whole: number): string =>
  whole > 0 ? `${Math.floor((part * 100) / whole)}%` : '0%'

/** A share of our own figures, rounded, so that shares sum to about 100%; only nothing is 0%, only all is 100%. */
export function share(part: number, whole: number): string {
  if (part <= 0 || whole <= 0) return '0%'
  if (part * 100 < whole) return '<1%'
  return part < whole ? `${Math.min(99, Math.round((part * 100) / whole))}%` : '100%'
}

/** `1 inode`, `3 inodes`. */
export const inodeText = (count: number): string => `${count} ${count === 1 ? 'inode' : 'inodes'}`

const STEPS: readonly (readonly [seconds: number, name: string])[] = [
  [31_536_000, 'year'],
  [2_592_000, 'month'],
  [604_800, 'week'],
  [86_400, 'day'],
  [3600, 'hour'],
  [60, 'minute'],
  [1, 'second'],
]

/** How long ago a time was, in its largest whole unit: `3 days ago`. A dash where it is unknown. */
export function formatAge(time: string | null, nowMs: number): string {
  const then = time === null ? Number.NaN : Date.parse(time)
  if (Number.isNaN(then)) return '-'
  const seconds = Math.floor((nowMs - then) / 1000)
  if (seconds < 0) return 'in the future'
  const [size, name] = STEPS.find(([step]) => seconds >= step) ?? [1, 'second']
  const count = Math.floor(seconds / size)
  return `${count} ${name}${count === 1 ? '' : 's'} ago`
}
