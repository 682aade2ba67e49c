import type { PruneRules } from './rules.ts'

const UNITS = ' kmgtp'

/** An amount in bytes, or why docker takes it for none. */
export type MemorySize = { readonly bytes: number } | { readonly why: string }

/**
 * Reads an amount as `--keep-storage` takes it. Docker's memory sizes count in 1024, whatever the unit is called: `5MB` is
 * 5 × 1024² (go-units, RAMInBytes; 0.4 up to docker 26, 0.5 in docker 28, which both were asked).
 */
export const parseMemory = (text: string, { looseSizes }: PruneRules): MemorySize =>
  looseSizes ? looseSize(text) : strictSize(text)

function strictSize(text: string): MemorySize {
  const match = /^(\d+(?:\.\d+)*) ?([kmgtp])?i?b?$/i.exec(text)
  const [, count = '', unit = ' '] = match ?? []
  if (match === null) return { why: `invalid size: '${text}'` }
  return isFloat(count) ? inBytes(count, unit) : { why: noFloat(count) }
}

function looseSize(text: string): MemorySize {
  const end = Math.max(...[...'0123456789. '].map((each) => text.lastIndexOf(each)))
  if (end === -1) return { why: `invalid size: '${text}'` }
  const count = text.slice(0, text.charAt(end) === ' ' ? end : end + 1)
  const suffix = text.slice(end + 1)
  if (!isFloat(count)) return { why: noFloat(count) }
  if (count.startsWith('-') && toNumber(count) < 0) return { why: `invalid size: '${text}'` }
  if (suffix.length > 3) return { why: `invalid suffix: '${suffix}'` }
  return /^(?:b|[kmgtp](?:i?b)?)?$/i.test(suffix)
    ? inBytes(count, /^b?$/i.test(suffix) ? ' ' : suffix.charAt(0))
    : { why: `invalid suffix: '${suffix.toLowerCase()}'` }
}

const inBytes = (count: string, unit: string): MemorySize => ({
  bytes: Math.floor(toNumber(count) * 1024 ** UNITS.indexOf(unit.toLowerCase())),
})

/** A number as Go reads one (strconv.ParseFloat); those in base 16 are left out. */
const isFloat = (text: string): boolean =>
  /^[-+]?(?:\d+(?:_\d+)*(?:\.(?:\d+(?:_\d+)*)?)?|\.\d+(?:_\d+)*)(?:e[-+]?\d+)?$/i.test(text)

const toNumber = (text: string): number => Number(text.replaceAll('_', ''))

const noFloat = (text: string): string =>
  `strconv.ParseFloat: parsing ${JSON.stringify(text)}: invalid syntax`
