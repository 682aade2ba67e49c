/*
 * bbolt databases, read from a copy in memory: no lock, no write, no trust in what the file says of itself.
 * The format is that of bbolt v1.3.9 (meta.go, page.go, bucket.go).
 *
 * A page may be reached from one place only. That alone makes every walk end, whatever the pages point at; the first
 * place that reaches a page and finds it sound keeps it.
 */

import { findMetas, type Meta, metaLength } from './bolt-meta.ts'
import {
  depthLimit,
  elementOwner,
  type LeafValue,
  ownedByMeta,
  type Page,
  type PageReference,
  Pages,
} from './bolt-pages.ts'

/** The value of a bucket element: the root page (0 if the bucket's one page follows right here) and the sequence. */
const bucketHeader = { root: 0, sequence: 8, length: 16 }

const readAttempts = 8

/** Why nothing of a file can be read: no bytes, cut off, another format, both metas damaged, or their root page. */
export type BoltErrorCode = 'empty' | 'truncated' | 'not-bolt' | 'no-valid-meta' | 'root-damaged'

/** Says why nothing of a file can be read; the message is one sentence without a full stop. */
export class BoltError extends Error {
  override readonly name = 'BoltError'
  readonly code: BoltErrorCode

  constructor(code: BoltErrorCode, message: string) {
    super(message)
    this.code = code
  }
}

/** A part that could not be read: the bucket's path from the root, the page where one is to blame, and why. */
export interface BoltDamage {
  bucket: string[]
  pageId: number | null
  reason: string
}

/** One key of a bucket; `value` and `bucket` are both null where a sub-bucket's record itself is damaged. */
export interface BoltEntry {
  key: Buffer
  value: Buffer | null
  bucket: BoltBucket | null
}

/** A bucket, read from its pages when asked; a part that is damaged counts as absent. Buffers share the file's memory. */
export interface BoltBucket {
  readonly sequence: bigint
  /** The value at a key; null if it is absent or a bucket. */
  get(key: string | Uint8Array): Buffer | null
  /** The sub-bucket at a key; null if it is absent or a value. */
  bucket(key: string | Uint8Array): BoltBucket | null
  /** All entries in the order of their keys' bytes. */
  entries(): Iterable<BoltEntry>
}

/**
 * A database as of transaction `txid`. `usedOlderMeta` says that a newer one is damaged and this is the state before
 * it. `damage` grows as buckets are read.
 */
export interface BoltFile {
  root: BoltBucket
  txid: bigint
  pageSize: number
  usedOlderMeta: boolean
  damage: BoltDamage[]
}

/** Opens a database held in memory; throws BoltError if neither of its two states has a readable root page. */
export function openBolt(bytes: Buffer): BoltFile {
  const { intact, broken } = findMetas(bytes)
  const newest = intact[0]
  if (newest === undefined) throw errorWithoutMeta(bytes)

  const log = new DamageLog()
  for (const meta of intact) {
    const root = rootBucket(meta, log)
    if (!root.isReadable()) continue
    noteLosses(meta, bytes, intact.length, log)
    const usedOlderMeta = meta !== newest || (broken !== null && broken.txid > meta.txid)
    return { root, txid: meta.txid, pageSize: meta.pageSize, usedOlderMeta, damage: log.damage }
  }

  if (bytes.length < newest.pageCount * newest.pageSize) {
    throw new BoltError('truncated', 'the file is cut off before its root page')
  }
  throw new BoltError('root-damaged', `the root page is damaged: ${log.damage[0]?.reason ?? 'unreadable'}`)
}

/**
 * Reads a database that an engine may be writing. `readFile` gives the whole file from its start on, `readMetas` reads
 * its first bytes again, both meta pages included (128 KiB cover every page size in use). Throws what `openBolt` throws.
 *
 * A writer changes no page of commit T before commit T + 1 is complete, so the copy is sound if T is still the newest
 * commit once all of it is read. A damaged meta page may be one being written, which is worth another try.
 */
export function readBoltFile(
  readFile: () => Buffer,
  readMetas: () => Buffer,
): { file: BoltFile; consistent: boolean } {
  for (let attempt = 1; ; attempt++) {
    const bytes = readFile()
    const before = findMetas(bytes).intact
    const after = findMetas(readMetas()).intact
    const consistent = before[0]?.txid === after[0]?.txid
    const isSettled = consistent && before.length === 2 && after.length === 2
    if (isSettled || attempt === readAttempts) return { file: openBolt(bytes), consistent }
  }
}

function errorWithoutMeta(bytes: Buffer): BoltError {
  if (bytes.length === 0) return new BoltError('empty', 'the file is empty')
  if (bytes.every((byte) => byte === 0)) return new BoltError('not-bolt', 'the file holds only NUL bytes')
  if (bytes.length < metaLength) {
    return new BoltError('truncated', `${bytes.length} bytes are too few for a bolt database`)
  }
  return findMetas(bytes).broken === null
    ? new BoltError('not-bolt', 'the file is not a bolt database')
    : new BoltError('no-valid-meta', 'both meta pages are damaged')
}

function noteLosses(meta: Meta, bytes: Buffer, intactMetas: number, log: DamageLog): void {
  const missingBytes = meta.pageCount * meta.pageSize - bytes.length
  if (missingBytes > 0) log.add([], null, `the last ${missingBytes} bytes of the file are cut off`)
  if (intactMetas === 2) return
  log.add([], 1 - meta.slot, 'the meta page is damaged; if it was the newer one, the last commit is missing')
}

/** Keeps each damage once, however often the buckets are read. */
class DamageLog {
  readonly damage: BoltDamage[] = []
  readonly #seen = new Set<string>()

  add(bucket: string[], pageId: number | null, reason: string): void {
    const fingerprint = JSON.stringify([bucket, pageId, reason])
    if (this.#seen.has(fingerprint)) return
    this.#seen.add(fingerprint)
    this.damage.push({ bucket, pageId, reason })
  }
}

/** What all buckets of a file share. */
interface Database {
  pages: Pages
  log: DamageLog
}

/** Where a bucket's root page is: a page of its own, or an image of one at an offset of the file. */
type BucketRoot = PageReference | { at: number; end: number }

function rootBucket(meta: Meta, log: DamageLog): Bucket {
  const root = { id: meta.root, owner: ownedByMeta, depth: 0, from: null, to: null }
  return new Bucket({ pages: new Pages(meta), log }, [], root, meta.sequence)
}

class Bucket implements BoltBucket {
  readonly sequence: bigint
  readonly #database: Database
  readonly #path: readonly Buffer[]
  readonly #root: BucketRoot
  #page: Page | null | undefined

  constructor(database: Database, path: readonly Buffer[], root: BucketRoot, sequence: bigint) {
    this.#database = database
    this.#path = path
    this.#root = root
    this.sequence = sequence
  }

  get(key: string | Uint8Array): Buffer | null {
    return this.#find(key)?.value ?? null
  }

  bucket(key: string | Uint8Array): BoltBucket | null {
    return this.#find(key)?.bucket ?? null
  }

  *entries(): Generator<BoltEntry> {
    for (const leaf of this.#leaves(this.#rootPage())) {
      for (let index = 0; index < leaf.count; index++) yield this.#entry(leaf, index)
    }
  }

  isReadable(): boolean {
    return this.#rootPage() !== null
  }

  *#leaves(page: Page | null): Generator<Page> {
    if (page === null) return
    if (page.isLeaf) yield page
    else for (let index = 0; index < page.count; index++) yield* this.#leaves(this.#child(page, index))
  }

  #find(text: string | Uint8Array): BoltEntry | null {
    const { pages } = this.#database
    const key = typeof text === 'string' ? Buffer.from(text) : text
    let page = this.#rootPage()
    while (page !== null && !page.isLeaf) page = this.#child(page, Math.max(0, pages.lastAtMost(page, key)))
    if (page === null) return null
    const index = pages.lastAtMost(page, key)
    return index >= 0 && pages.isKey(page, index, key) ? this.#entry(page, index) : null
  }

  #rootPage(): Page | null {
    if (this.#page === undefined) this.#page = this.#readRootPage()
    return this.#page
  }

  #readRootPage(): Page | null {
    const { pages } = this.#database
    const root = this.#root
    return 'id' in root ? pages.load(root, this.#report) : pages.loadInline(root.at, root.end, this.#report)
  }

  #child(page: Page, index: number): Page | null {
    const { pages } = this.#database
    return pages.load(pages.child(page, index), this.#report)
  }

  #entry(leaf: Page, index: number): BoltEntry {
    const { pages } = this.#database
    const key = pages.key(leaf, index)
    const found = pages.leafValue(leaf, index)
    if (found.isBucket) return { key, value: null, bucket: this.#open(key, found, elementOwner(leaf, index)) }
    return { key, value: pages.words.bytes.subarray(found.at, found.end), bucket: null }
  }

  #open(key: Buffer, value: LeafValue, owner: number): Bucket | null {
    const { words } = this.#database.pages
    const path = [...this.#path, key]
    const problem = this.#bucketProblem(value)
    if (problem !== null) {
      this.#database.log.add(pathNames(path), null, problem)
      return null
    }
    const id = words.pageId(value.at + bucketHeader.root)
    const root =
      id === 0
        ? { at: value.at + bucketHeader.length, end: value.end }
        : { id, owner, depth: 0, from: null, to: null }
    return new Bucket(this.#database, path, root, words.u64(value.at + bucketHeader.sequence))
  }

  #bucketProblem({ at, end }: LeafValue): string | null {
    if (!('id' in this.#root)) return 'a bucket lies inside a bucket that can hold none'
    if (end - at < bucketHeader.length) return 'the record of the bucket is too short'
    return this.#path.length === depthLimit ? `buckets are nested deeper than ${depthLimit}` : null
  }

  readonly #report = (pageId: number | null, reason: string): void => {
    this.#database.log.add(pathNames(this.#path), pageId, reason)
  }
}

const pathNames = (path: readonly Buffer[]): string[] => path.map((key) => key.toString())
