import type { PageOverlay } from './sqlite-wal.ts'

const journalMagic = Buffer.from('d9d505f920a163d7', 'hex')
const header = { recordCount: 8, nonce: 12, pageCount: 16, sectorSize: 20, pageSize: 24, length: 28 }

/** Written by those who do not wait for the disk: as many records as the file holds. */
const untilTheEnd = 0xffffffff

/** The checksum of a record takes every 200th byte of its page, from the end. */
const checksumStep = 200

/**
 * What a rollback journal takes back: the pages as they were before a transaction that did not end, and the size that
 * the database had. Null where it is no journal, or one whose transaction has ended.
 */
export function readJournal(journal: Buffer, pageSize: number): PageOverlay | null {
  if (!isJournal(journal) || journal.readUInt32BE(header.pageSize) !== pageSize) return null
  const sectorSize = Math.max(header.length, journal.readUInt32BE(header.sectorSize))
  const pages = new Map<number, Buffer>()
  const recordLength = 4 + pageSize + 4
  for (let start = 0; isHeader(journal, start); ) {
    const nonce = journal.readUInt32BE(start + header.nonce)
    const stated = journal.readUInt32BE(start + header.recordCount)
    let at = start + sectorSize
    const room = Math.max(0, Math.floor((journal.length - at) / recordLength))
    const count = stated === untilTheEnd ? room : Math.min(stated, room)
    for (let index = 0; index < count; index++, at += recordLength) {
      const number = journal.readUInt32BE(at)
      const page = journal.subarray(at + 4, at + 4 + pageSize)
      if (journal.readUInt32BE(at + 4 + pageSize) !== checksum(nonce, page)) break
      // The first record of a page is the oldest.
      if (!pages.has(number)) pages.set(number, page)
    }
    start = Math.ceil(at / sectorSize) * sectorSize
  }
  return { pages, pageCount: journal.readUInt32BE(header.pageCount) }
}

/** Whether it begins as the journal of a transaction does that has not ended. */
export const isJournal = (journal: Buffer): boolean => isHeader(journal, 0)

const isHeader = (journal: Buffer, at: number): boolean =>
  journal.length >= at + header.length && journal.subarray(at, at + journalMagic.length).equals(journalMagic)

function checksum(nonce: number, page: Buffer): number {
  let sum = nonce
  for (let at = page.length - checksumStep; at > 0; at -= checksumStep) sum += page[at] ?? 0
  return sum >>> 0
}
