/** Where the fields of a meta page stand, from the start of the page. */
const metaPage = {
  magic: 16,
  version: 20,
  pageSize: 24,
  root: 32,
  sequence: 40,
  pageCount: 56,
  txid: 64,
  checksum: 72,
  length: 80,
}

const metaMagic = 0xed0cdaed
const metaVersion = 2

/** bbolt looks for the second meta at these page sizes when the first is unreadable: 1 KiB to 16 MiB. */
const pageSizes = Array.from({ length: 15 }, (_, power) => 1024 * 2 ** power)
const smallestPageSize = 512

/** The least bytes in which a meta page fits. */
export const metaLength = metaPage.length

/** Integers in the byte order of the machine that wrote the file. */
export class Words {
  readonly bytes: Buffer
  readonly #bigEndian: boolean

  constructor(bytes: Buffer, bigEndian: boolean) {
    this.bytes = bytes
    this.#bigEndian = bigEndian
  }

  u16(at: number): number {
    return this.#bigEndian ? this.bytes.readUInt16BE(at) : this.bytes.readUInt16LE(at)
  }

  u32(at: number): number {
    return this.#bigEndian ? this.bytes.readUInt32BE(at) : this.bytes.readUInt32LE(at)
  }

  u64(at: number): bigint {
    return this.#bigEndian ? this.bytes.readBigUInt64BE(at) : this.bytes.readBigUInt64LE(at)
  }

  /** A page id or count: inexact above 2^53, which is far past the end of any file, and that is all one asks of it. */
  pageId(at: number): number {
    const [low, high] = this.#bigEndian ? [at + 4, at] : [at, at + 4]
    return this.u32(high) * 2 ** 32 + this.u32(low)
  }
}

/** What a meta page says; `slot` is its page id, and without `intact` nothing of it can be relied on. */
export interface Meta {
  slot: 0 | 1
  intact: boolean
  words: Words
  pageSize: number
  root: number
  sequence: bigint
  pageCount: number
  txid: bigint
}

/** Finds the usable metas, newest first, and the one that is recognisable but damaged. */
export function findMetas(bytes: Buffer): { intact: Meta[]; broken: Meta | null } {
  const first = readMeta(bytes, 0, 0)
  const sizes = first?.intact ? [first.pageSize] : pageSizes
  const seconds = sizes.map((size) => readMeta(bytes, size, 1)).filter((meta) => meta !== null)
  const second = seconds.find((meta) => meta.intact) ?? seconds[0]
  const metas = [first, second ?? null].filter((meta) => meta !== null)
  return {
    intact: metas.filter((meta) => meta.intact).sort((a, b) => (a.txid > b.txid ? -1 : 1)),
    broken: metas.find((meta) => !meta.intact) ?? null,
  }
}

/**
 * How many bytes from the start of a file its newest states lie in, as its meta pages say; null if neither is intact.
 * Engines let files grow ahead of what they hold, and damaged ones end anywhere.
 */
export function usedLength(bytes: Buffer): number | null {
  const { intact } = findMetas(bytes)
  return intact.length === 0 ? null : Math.max(...intact.map((meta) => meta.pageCount * meta.pageSize))
}

/** Reads the meta page at an offset; null if it does not begin like one. The magic tells the byte order. */
function readMeta(bytes: Buffer, at: number, slot: 0 | 1): Meta | null {
  if (at + metaPage.length > bytes.length) return null
  const bigEndian = bytes.readUInt32BE(at + metaPage.magic) === metaMagic
  const words = new Words(bytes, bigEndian)
  if (words.u32(at + metaPage.magic) !== metaMagic) return null

  const pageSize = words.u32(at + metaPage.pageSize)
  const checksum = fnv1a64(bytes.subarray(at + metaPage.magic, at + metaPage.checksum))
  const intact =
    words.u32(at + metaPage.version) === metaVersion &&
    words.u64(at + metaPage.checksum) === checksum &&
    pageSize >= smallestPageSize &&
    (slot === 0 || pageSize === at)
  return {
    slot,
    intact,
    words,
    pageSize,
    root: words.pageId(at + metaPage.root),
    sequence: words.u64(at + metaPage.sequence),
    pageCount: words.pageId(at + metaPage.pageCount),
    txid: words.u64(at + metaPage.txid),
  }
}

function fnv1a64(bytes: Buffer): bigint {
  let hash = 0xcbf29ce484222325n
  for (const byte of bytes) hash = BigInt.asUintN(64, (hash ^ BigInt(byte)) * 0x100000001b3n)
  return hash
}
