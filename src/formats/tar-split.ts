/*
 * tar-split streams (gzip'd JSON lines): everything of a layer's tar but the contents of its files, in tar order.
 * The format is that of tar-split v0.12 (tar/storage/entry.go, tar/asm/disassemble.go).
 */

import { gunzipSync, constants as zlib } from 'node:zlib'
import { isObject, type JsonObject } from './fields.ts'
import { parseJsonBounded } from './go-json.ts'
import { paddedLength, TarError } from './tar-block.ts'
import { readTarHeader, type TarHeader } from './tar-header.ts'

/** The numbers that tar-split writes for its two kinds of entry. */
const fileType = 1
const segmentType = 2

const crcLength = 8

/** A member of the tar: its name as the header has it, its bytes of content, and their CRC-64 (null if there are none). */
export interface TarSplitFile {
  kind: 'file'
  name: Buffer
  size: number
  crc: Buffer | null
}

/** Bytes of the tar that are no content: headers, padding and the zero blocks at the end. */
export interface TarSplitSegment {
  kind: 'segment'
  payload: Buffer
}

/** One line of a stream. */
export type TarSplitEntry = TarSplitFile | TarSplitSegment

/** How much a stream may hold once unpacked, in all and in one line. */
export interface TarSplitLimits {
  totalBytes: number
  lineBytes: number
}

/**
 * Room for the headers of some 300,000 files. A small crafted stream could unpack to a thousand times its size, and
 * takes that much memory twice over; a stream of nothing but headers of empty files unpacks to less than fifty times its own.
 */
const defaultLimits = (gzip: Buffer): TarSplitLimits => ({
  totalBytes: Math.min(512 * 2 ** 20, 16 * 2 ** 20 + 100 * gzip.length),
  lineBytes: 16 * 2 ** 20,
})

/** Why a stream cannot be read on. */
export type TarSplitErrorCode = 'cut-off' | 'not-gzip' | 'too-large' | 'bad-line' | 'bad-position'

/** Says what is wrong with a stream; the message is a clause with its own subject: "the stream is cut off". */
export class TarSplitError extends Error {
  override readonly name = 'TarSplitError'
  readonly code: TarSplitErrorCode

  constructor(code: TarSplitErrorCode, message: string) {
    super(message)
    this.code = code
  }
}

/**
 * Goes through the entries of a gzip'd stream in tar order, parsing line by line. Throws TarSplitError once it comes to
 * the damage, so a stream that is cut off still gives the entries before the cut.
 */
export function* readTarSplit(
  gzip: Buffer,
  limits: TarSplitLimits = defaultLimits(gzip),
): Generator<TarSplitEntry> {
  const { bytes, isCutOff } = unpack(gzip, limits.totalBytes)
  let position = 0
  let at = 0
  while (at < bytes.length) {
    const newline = bytes.indexOf(0x0a, at)
    if (newline < 0 && isCutOff) break
    const end = newline < 0 ? bytes.length : newline
    if (end - at > limits.lineBytes) {
      throw new TarSplitError('too-large', `line ${position + 1} is longer than ${limits.lineBytes} bytes`)
    }
    yield decodeLine(bytes.toString('utf8', at, end), position)
    position++
    at = end + 1
  }
  if (isCutOff) throw new TarSplitError('cut-off', `the stream is cut off after line ${position}`)
}

/**
 * Gives each file of a stream with the tar header that the segment before it holds; null where that cannot be decoded.
 */
export function* withTarHeaders(
  entries: Iterable<TarSplitEntry>,
): Generator<{ file: TarSplitFile; header: TarHeader | null }> {
  let segments: Buffer[] = []
  let padding = 0
  for (const entry of entries) {
    if (entry.kind === 'segment') {
      segments.push(entry.payload)
      continue
    }
    // A segment begins with what fills up the last block of the file before it.
    yield { file: entry, header: decodeHeader(Buffer.concat(segments), padding) }
    segments = []
    padding = paddedLength(entry.size) - entry.size
  }
}

function decodeHeader(segment: Buffer, at: number): TarHeader | null {
  try {
    return readTarHeader(segment, at)
  } catch (error) {
    if (error instanceof TarError) return null
    throw error
  }
}

/** Node has no synchronous gunzip in steps, so the whole stream is unpacked at once, up to the limit. */
function unpack(gzip: Buffer, maxOutputLength: number): { bytes: Buffer; isCutOff: boolean } {
  const options = { maxOutputLength, chunkSize: 256 * 1024 }
  try {
    return { bytes: gunzipSync(gzip, options), isCutOff: false }
  } catch (error) {
    const code = errorCode(error)
    if (code === 'ERR_BUFFER_TOO_LARGE') {
      throw new TarSplitError('too-large', `the stream unpacks to more than ${maxOutputLength} bytes`)
    }
    if (code !== 'Z_BUF_ERROR') throw new TarSplitError('not-gzip', 'the stream is no gzip, or a damaged one')
  }
  // The input ended too early: flushing gives what was unpacked until then.
  return { bytes: gunzipSync(gzip, { ...options, finishFlush: zlib.Z_SYNC_FLUSH }), isCutOff: true }
}

const errorCode = (error: unknown): unknown =>
  error instanceof Error && 'code' in error ? error.code : undefined

function decodeLine(line: string, position: number): TarSplitEntry {
  const parsed = parseJsonBounded(line)
  if (!parsed.ok) throw new TarSplitError('bad-line', `line ${position + 1} is ${parsed.reason}`)
  if (!isObject(parsed.value)) throw new TarSplitError('bad-line', `line ${position + 1} is no object`)
  if (parsed.value['position'] !== position) {
    throw new TarSplitError('bad-position', `line ${position + 1} is not entry ${position} of the stream`)
  }
  const entry = decodeEntry(parsed.value)
  if (entry === null) throw new TarSplitError('bad-line', `line ${position + 1} is no tar-split entry`)
  return entry
}

function decodeEntry(object: JsonObject): TarSplitEntry | null {
  const payload = base64(object['payload'] ?? '')
  if (payload === null) return null
  if (object['type'] === segmentType) return { kind: 'segment', payload }
  if (object['type'] !== fileType) return null

  const size = object['size'] ?? 0
  const name = decodeName(object)
  if (typeof size !== 'number' || !Number.isSafeInteger(size) || size < 0 || name === null) return null
  if (payload.length !== 0 && payload.length !== crcLength) return null
  return { kind: 'file', name, size, crc: payload.length === 0 ? null : payload }
}

/** Names that are not UTF-8 stand in `name_raw`; an empty name is left out altogether. */
function decodeName(object: JsonObject): Buffer | null {
  const name = object['name'] ?? ''
  if (typeof name !== 'string') return null
  return name === '' ? base64(object['name_raw'] ?? '') : Buffer.from(name)
}

/** Decodes strictly: Node alone would pass over anything that is not base64. */
function base64(text: unknown): Buffer | null {
  if (typeof text !== 'string') return null
  const bytes = Buffer.from(text, 'base64')
  const padding = text.endsWith('==') ? 2 : text.endsWith('=') ? 1 : 0
  return text.length % 4 === 0 && bytes.length === (text.length / 4) * 3 - padding ? bytes : null
}
