import type { Instant } from './go-time.ts'
import { TarError } from './tar-block.ts'

/** Reads records of the form `<length> <key>=<value>\n`, the length counting all of it; values may hold any bytes. */
export function parsePaxRecords(data: Buffer): Map<string, Buffer> {
  const records = new Map<string, Buffer>()
  let at = 0
  while (at < data.length) {
    const space = data.indexOf(0x20, at)
    const length = space < 0 ? '' : data.toString('latin1', at, Math.min(space, at + 16))
    const end = at + (/^\d+$/.test(length) ? Number(length) : 0)
    const equals = data.indexOf(0x3d, space)
    const isRecord =
      space >= 0 && equals > space && equals < end && end <= data.length && data[end - 1] === 0x0a
    if (!isRecord) throw new TarError('bad-pax', 'a PAX header holds a malformed record')
    records.set(data.toString('utf8', space + 1, equals), data.subarray(equals + 1, end - 1))
    at = end
  }
  return records
}

/** Reads a record that holds a size or an id. */
export function paxInteger(value: Buffer | null): number | null {
  if (value === null) return null
  const number = /^\d+$/.test(value.toString('latin1')) ? Number(value.toString('latin1')) : Number.NaN
  if (!Number.isSafeInteger(number)) throw new TarError('bad-pax', 'a PAX record holds no usable number')
  return number
}

/** Reads seconds with an optional fraction; a negative time counts its fraction downwards, an Instant never does. */
export function paxTime(value: Buffer | null): Instant | null {
  if (value === null) return null
  const match = /^(-?)(\d+)(?:\.(\d*))?$/.exec(value.toString('latin1'))
  const whole = Number(match?.[2])
  if (match === null || !Number.isSafeInteger(whole))
    throw new TarError('bad-pax', 'a PAX record holds no time')
  const nanos = Number((match[3] ?? '').slice(0, 9).padEnd(9, '0'))
  if (match[1] !== '-') return { seconds: whole, nanos }
  return nanos === 0 ? { seconds: 0 - whole, nanos } : { seconds: -whole - 1, nanos: 1e9 - nanos }
}
