/** A moment: whole seconds since 1970 (negative before it) and the nanoseconds (0 to 999999999) that follow them. */
export interface Instant {
  seconds: number
  nanos: number
}

/** Where Go's binary form of a time keeps its fields; all are big-endian. */
const binaryTime = { version: 0, seconds: 1, nanos: 9 }

/** Version 2 adds a byte for the seconds of odd zone offsets. */
const lengthOfVersion = new Map([
  [1, 15],
  [2, 16],
])

/** Go counts seconds from the year 1, Unix from 1970. */
const unixEpochInGoSeconds = 62_135_596_800n

/** The range that four-digit years can print: 0000-01-01 to 9999-12-31. */
const firstSecond = -62_167_219_200
const lastSecond = 253_402_300_799

const nanosPerSecond = 1_000_000_000n

/** Reads what Go's `time.MarshalBinary` wrote and gives RFC 3339 in UTC with all nanoseconds; null if it is no such time. */
export function goBinaryTimeToRfc3339(bytes: Buffer): string | null {
  if (bytes.length !== lengthOfVersion.get(bytes[binaryTime.version] ?? 0)) return null
  const seconds = bytes.readBigInt64BE(binaryTime.seconds) - unixEpochInGoSeconds
  return formatRfc3339({ seconds: Number(seconds), nanos: bytes.readInt32BE(binaryTime.nanos) })
}

/** Gives nanoseconds since 1970 as RFC 3339 in UTC; null outside the years 0 to 9999. */
export function nanosToRfc3339(ns: bigint): string | null {
  const nanos = ((ns % nanosPerSecond) + nanosPerSecond) % nanosPerSecond
  return formatRfc3339({ seconds: Number((ns - nanos) / nanosPerSecond), nanos: Number(nanos) })
}

/** Gives a moment as Go's RFC3339Nano prints it in UTC, trailing zeros trimmed; null outside the years 0 to 9999. */
export function formatRfc3339({ seconds, nanos }: Instant): string | null {
  if (!(seconds >= firstSecond && seconds <= lastSecond)) return null
  if (!(nanos >= 0 && nanos < Number(nanosPerSecond))) return null
  const wholeSeconds = new Date(seconds * 1000).toISOString().slice(0, 'yyyy-mm-ddThh:mm:ss'.length)
  const fraction = nanos === 0 ? '' : `.${String(nanos).padStart(9, '0').replace(/0+$/, '')}`
  return `${wholeSeconds}${fraction}Z`
}

const rfc3339 = /^(\d{4})-(\d\d)-(\d\d)T(\d\d):(\d\d):(\d\d)(?:\.(\d{1,9}))?(?:Z|([+-])(\d\d):(\d\d))$/

/** Reads RFC 3339 with any offset and up to nine fraction digits; null if the text is anything else or no real date. */
export function parseRfc3339(text: string): Instant | null {
  const match = rfc3339.exec(text)
  if (match === null) return null
  const part = (index: number) => Number(match[index] ?? 0)
  const [year, month, day, hour, minute, second] = [part(1), part(2), part(3), part(4), part(5), part(6)]
  const [offsetHour, offsetMinute] = [part(9), part(10)]
  if (hour > 23 || minute > 59 || second > 59 || offsetHour > 23 || offsetMinute > 59) return null

  // Date.UTC takes the years 0 to 99 for 1900 to 1999, setUTCFullYear does not.
  const date = new Date(0)
  date.setUTCFullYear(year, month - 1, day)
  // A day that the month does not have falls into another one.
  if (date.getUTCMonth() !== month - 1) return null

  const local = date.getTime() / 1000 + hour * 3600 + minute * 60 + second
  const offset = (offsetHour * 60 + offsetMinute) * (match[8] === '-' ? -60 : 60)
  return { seconds: local - offset, nanos: Number((match[7] ?? '').padEnd(9, '0')) }
}
