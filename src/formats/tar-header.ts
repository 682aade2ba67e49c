/*
 * Members of a tar as Go's archive/tar puts them together from headers and extended headers, since every engine makes
 * and reads its layers with it.
 */

import type { Instant } from './go-time.ts'
import {
  blockLength,
  hasRightChecksum,
  isEnd,
  paddedLength,
  parseTarBlock,
  type TarBlock,
  TarError,
  type TarType,
  untilNul,
} from './tar-block.ts'
import { parsePaxRecords, paxInteger, paxTime } from './tar-pax.ts'

/** Old GNU sparse headers say at this offset whether a block of extents follows; such a block says it at the other. */
const sparseExtendedAt = 482
const sparseBlockExtendedAt = 504

/** Headers that only extend the one after them: PAX (own and global) and the long names of GNU. */
const extensionFlags = new Set(['x', 'g', 'L', 'K'])

interface LongNames {
  name?: Buffer
  linkName?: Buffer
}

const slash = 0x2f

/** Kinds that have no content, whatever size their header states. */
const contentless = new Set<TarType>(['hardlink', 'symlink', 'char', 'block', 'dir', 'fifo'])

/**
 * One member of a tar, long names and PAX records applied. `size` is the bytes of content in the tar, `mode` the
 * permission bits; `pax` holds every PAX record of the member by its key, extended attributes as `SCHILY.xattr.<name>`.
 */
export interface TarHeader {
  name: Buffer
  type: TarType
  mode: number
  uid: number
  gid: number
  size: number
  mtime: Instant
  linkName: Buffer
  devMajor: number
  devMinor: number
  pax: ReadonlyMap<string, Buffer>
}

/** A member of a tar in memory, and the offset where its content begins. */
export interface TarEntry extends TarHeader {
  dataOffset: number
}

/** Goes through an uncompressed tar; throws TarError where it is damaged. A zero block or the end of the bytes ends it. */
export function* readTar(bytes: Buffer): Generator<TarEntry> {
  let at = 0
  for (;;) {
    const entry = readTarHeader(bytes, at)
    if (entry === null) return
    if (entry.dataOffset + entry.size > bytes.length) {
      throw new TarError('cut-off', `the tar ends within the member at byte ${at}`)
    }
    yield entry
    at = entry.dataOffset + paddedLength(entry.size)
  }
}

/**
 * Reads the header at an offset together with the PAX and GNU headers before it; null at the end of the tar.
 * A global PAX header counts as a member of its own only if nothing follows; Go applies none to later members.
 */
export function readTarHeader(bytes: Buffer, offset: number): TarEntry | null {
  const long: LongNames = {}
  let pax: ReadonlyMap<string, Buffer> = new Map()
  let global: TarEntry | null = null
  let at = offset
  for (;;) {
    const block = bytes.subarray(at, at + blockLength)
    if (isEnd(block)) {
      if (at === offset || global !== null) return global
      throw new TarError('cut-off', `the extended header at byte ${offset} belongs to no member`)
    }
    if (block.length < blockLength)
      throw new TarError('cut-off', `the tar ends within the header at byte ${at}`)
    if (!hasRightChecksum(block)) throw new TarError('bad-header', `there is no tar header at byte ${at}`)

    const parsed = parseTarBlock(block)
    at += blockLength
    if (!extensionFlags.has(parsed.flag)) {
      const dataOffset = parsed.type === 'sparse' ? skipSparseBlocks(bytes, block, at) : at
      return { ...withOverrides(parsed, pax, long), dataOffset }
    }

    if (at + parsed.size > bytes.length) {
      throw new TarError('cut-off', `the tar ends within the extended header before byte ${at}`)
    }
    const data = bytes.subarray(at, at + parsed.size)
    at += paddedLength(data.length)
    if (parsed.flag === 'x') pax = parsePaxRecords(data)
    if (parsed.flag === 'L') long.name = untilNul(data)
    if (parsed.flag === 'K') long.linkName = untilNul(data)
    if (parsed.flag === 'g') {
      const header = withOverrides(parsed, new Map(), {})
      global = { ...header, type: 'global', size: 0, pax: parsePaxRecords(data), dataOffset: at }
    }
  }
}

function withOverrides(block: TarBlock, pax: ReadonlyMap<string, Buffer>, long: LongNames): TarHeader {
  // An empty PAX value leaves the header's own in force.
  const record = (key: string): Buffer | null => {
    const value = pax.get(key)
    return value === undefined || value.length === 0 ? null : value
  }
  const name = long.name ?? record('GNU.sparse.name') ?? record('path') ?? block.name
  const isOldDirectory = block.flag === '\0' && name.at(-1) === slash
  const type = isOldDirectory ? 'dir' : block.type
  return {
    name,
    type,
    mode: block.mode,
    uid: paxInteger(record('uid')) ?? block.uid,
    gid: paxInteger(record('gid')) ?? block.gid,
    size: contentless.has(type) ? 0 : (paxInteger(record('size')) ?? block.size),
    mtime: paxTime(record('mtime')) ?? { seconds: block.mtime, nanos: 0 },
    linkName: long.linkName ?? record('linkpath') ?? block.linkName,
    devMajor: block.devMajor,
    devMinor: block.devMinor,
    pax,
  }
}

function skipSparseBlocks(bytes: Buffer, block: Buffer, dataOffset: number): number {
  let at = dataOffset
  let isExtended = block[sparseExtendedAt] !== 0
  while (isExtended && at + blockLength <= bytes.length) {
    isExtended = bytes[at + sparseBlockExtendedAt] !== 0
    at += blockLength
  }
  return at
}
