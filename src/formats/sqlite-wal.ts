/** Pages that stand in for those of the database file, and how many pages the database has with them. */
export interface PageOverlay {
  readonly pages: ReadonlyMap<number, Buffer>
  readonly pageCount: number
}

const walHeader = { magic: 0, pageSize: 8, salts: 16, checksum: 24, length: 32 }
const frameHeader = { page: 0, commitSize: 4, salts: 8, checksum: 16, length: 24 }

/** The last bit of the magic number says in which byte order the checksums were made. */
const walMagic = 0x377f0682

type Checksum = readonly [number, number]

/**
 * What a write-ahead log adds to the database: the pages of all its complete transactions, the newest of each. A frame
 * counts while its salts are those of the header and its checksum, which runs on from frame to frame, is right; frames
 * behind the last commit, and those of an earlier round of the log, do not count. Null where there is no complete one.
 */
export function readWal(wal: Buffer, pageSize: number): PageOverlay | null {
  if (wal.length < walHeader.length || (wal.readUInt32BE(walHeader.magic) | 1) !== (walMagic | 1)) return null
  if (wal.readUInt32BE(walHeader.pageSize) !== pageSize) return null
  const bigEndian = wal.readUInt32BE(walHeader.magic) !== walMagic
  let sum = checksum([0, 0], wal.subarray(0, walHeader.checksum), bigEndian)
  if (!isSum(wal, walHeader.checksum, sum)) return null
  const salts = wal.subarray(walHeader.salts, walHeader.checksum)

  const pages = new Map<number, Buffer>()
  const pending = new Map<number, Buffer>()
  let pageCount: number | null = null
  const frameLength = frameHeader.length + pageSize
  for (let at = walHeader.length; at + frameLength <= wal.length; at += frameLength) {
    const head = wal.subarray(at, at + frameHeader.length)
    const page = wal.subarray(at + frameHeader.length, at + frameLength)
    if (!head.subarray(frameHeader.salts, frameHeader.checksum).equals(salts)) break
    sum = checksum(checksum(sum, head.subarray(0, frameHeader.salts), bigEndian), page, bigEndian)
    if (!isSum(head, frameHeader.checksum, sum)) break
    pending.set(head.readUInt32BE(frameHeader.page), page)
    const commitSize = head.readUInt32BE(frameHeader.commitSize)
    if (commitSize === 0) continue
    for (const [number, bytes] of pending) pages.set(number, bytes)
    pending.clear()
    pageCount = commitSize
  }
  return pageCount === null ? null : { pages, pageCount }
}

const isSum = (bytes: Buffer, at: number, [first, second]: Checksum): boolean =>
  bytes.readUInt32BE(at) === first && bytes.readUInt32BE(at + 4) === second

function checksum([first, second]: Checksum, bytes: Buffer, bigEndian: boolean): Checksum {
  let a = first
  let b = second
  for (let at = 0; at + 8 <= bytes.length; at += 8) {
    a = (a + (bigEndian ? bytes.readUInt32BE(at) : bytes.readUInt32LE(at)) + b) >>> 0
    b = (b + (bigEndian ? bytes.readUInt32BE(at + 4) : bytes.readUInt32LE(at + 4)) + a) >>> 0
  }
  return [a, b]
}
