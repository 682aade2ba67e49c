import type { Meta, Words } from './bolt-meta.ts'

/** Where the fields of a page header stand; the elements, or the meta, follow it. */
const pageHeader = { id: 0, flags: 8, count: 10, overflow: 12, length: 16 }

const branchFlag = 0x01
const leafFlag = 0x02

/** Elements of both kinds are 16 bytes; their positions count from the element's own start. */
const elementLength = 16
const branchElement = { position: 0, keySize: 4, child: 8 }
const leafElement = { flags: 0, position: 4, keySize: 8, valueSize: 12 }
const bucketElementFlag = 0x01

/** Far deeper than any real tree or nest of buckets, shallow enough for the stack. */
export const depthLimit = 64

/** A page whose header, elements and keys were found sound; `to` is the key that all of its keys must precede. */
export interface Page {
  id: number
  /** How many pages of the file it covers. */
  span: number
  at: number
  count: number
  isLeaf: boolean
  depth: number
  from: Buffer | null
  to: Buffer | null
}

/**
 * How a page is reached: `owner` numbers the one element that points at it, the rest is what the page must satisfy.
 * The keys of the page must not precede `from`.
 */
export interface PageReference {
  id: number
  owner: number
  depth: number
  from: Buffer | null
  to: Buffer | null
}

/** What a leaf's element holds: the offsets of its value in the file, and whether that is a bucket. */
export interface LeafValue {
  isBucket: boolean
  at: number
  end: number
}

/** Takes note of a page that cannot be used; the page is null where it is part of a value. */
export type ReportDamage = (pageId: number | null, reason: string) => void

/** The owner of the root page, which the meta points at. */
export const ownedByMeta = -1

/** Numbers an element of a page; a page counts its elements in 16 bits. */
export const elementOwner = (page: Page, index: number): number => page.id * 0x10000 + index

/** A page image inside a bucket's value has no page id of its own. */
const inlinePageId = 0

const keysElsewhere = 'the keys lie outside the range that the parent page gives'

/** The pages below one meta, each checked the first time it is reached. */
export class Pages {
  readonly words: Words
  readonly #pageSize: number
  readonly #limit: number
  /** Every page in use, those that continue another one included. */
  readonly #known = new Map<number, { owner: number; page: Page }>()

  constructor(meta: Meta) {
    this.words = meta.words
    this.#pageSize = meta.pageSize
    this.#limit = Math.min(meta.pageCount, Math.floor(meta.words.bytes.length / meta.pageSize))
  }

  /** Gives a page once it is found sound; else reports the damage and gives null. */
  load(reference: PageReference, report: ReportDamage): Page | null {
    const known = this.#known.get(reference.id)
    if (known?.owner === reference.owner) return known.page
    const page = this.#read(reference)
    if (typeof page === 'string') {
      report(reference.id, page)
      return null
    }
    const entry = { owner: reference.owner, page }
    for (let id = page.id; id < page.id + page.span; id++) this.#known.set(id, entry)
    return page
  }

  /** Gives the page image of an inline bucket, under the same conditions. */
  loadInline(at: number, end: number, report: ReportDamage): Page | null {
    const place = { id: inlinePageId, owner: ownedByMeta, depth: 0, from: null, to: null }
    const page = this.#check(place, 0, at, end)
    if (typeof page !== 'string' && page.isLeaf) return page
    report(null, typeof page === 'string' ? page : 'a bucket kept inline points at other pages')
    return null
  }

  key(page: Page, index: number): Buffer {
    const { at, end } = this.#keyRange(page, index)
    return this.words.bytes.subarray(at, end)
  }

  /** Whether the key at an index is this one. */
  isKey(page: Page, index: number, key: Uint8Array): boolean {
    return this.#compareKey(page, index, key, 0, key.length) === 0
  }

  leafValue(page: Page, index: number): LeafValue {
    const element = page.at + pageHeader.length + index * elementLength
    const { words } = this
    const at = element + words.u32(element + leafElement.position) + words.u32(element + leafElement.keySize)
    const isBucket = words.u32(element + leafElement.flags) === bucketElementFlag
    return { isBucket, at, end: at + words.u32(element + leafElement.valueSize) }
  }

  child(page: Page, index: number): PageReference {
    const element = page.at + pageHeader.length + index * elementLength
    return {
      id: this.words.pageId(element + branchElement.child),
      owner: elementOwner(page, index),
      depth: page.depth + 1,
      // A key below all others belongs to the leftmost child, whatever key the branch has for it.
      from: index === 0 ? page.from : this.key(page, index),
      to: index + 1 < page.count ? this.key(page, index + 1) : page.to,
    }
  }

  /** The index of the last key that is not greater than the given one; -1 if every key is greater. */
  lastAtMost(page: Page, key: Uint8Array): number {
    let low = 0
    let high = page.count
    while (low < high) {
      const middle = (low + high) >>> 1
      if (this.#compareKey(page, middle, key, 0, key.length) <= 0) low = middle + 1
      else high = middle
    }
    return low - 1
  }

  #keyRange(page: Page, index: number): { at: number; end: number } {
    const element = page.at + pageHeader.length + index * elementLength
    const layout = page.isLeaf ? leafElement : branchElement
    const at = element + this.words.u32(element + layout.position)
    return { at, end: at + this.words.u32(element + layout.keySize) }
  }

  #read(reference: PageReference): Page | string {
    const { id, depth } = reference
    if (id < 2 || id >= this.#limit) return `page ${id} lies outside the ${this.#limit} pages of the file`
    if (depth > depthLimit) return `the tree is deeper than ${depthLimit} pages`
    const at = id * this.#pageSize
    const span = this.words.u32(at + pageHeader.overflow) + 1
    if (id + span > this.#limit) return `the page claims ${span} pages, past the end of the file`
    for (let other = id; other < id + span; other++) {
      if (this.#known.has(other)) return `page ${other} belongs to another place already`
    }
    return this.#check(reference, span, at, at + span * this.#pageSize)
  }

  /** Checks everything that is within one page, so that the accessors above need not. */
  #check({ id, depth, from, to }: PageReference, span: number, at: number, end: number): Page | string {
    if (at + pageHeader.length > end) return 'there is no room for a page'
    const ownId = this.words.pageId(at + pageHeader.id)
    if (ownId !== id) return `the page says it is page ${ownId}`
    const flags = this.words.u16(at + pageHeader.flags)
    if (flags !== leafFlag && flags !== branchFlag)
      return `the page is neither branch nor leaf (flags ${flags})`
    const isLeaf = flags === leafFlag
    const count = this.words.u16(at + pageHeader.count)
    if (count === 0 && !isLeaf) return 'the branch page has no children'
    const page = { id, span, at, count, isLeaf, depth, from, to }
    return this.#elementProblem(page, end) ?? this.#orderProblem(page) ?? page
  }

  #elementProblem(page: Page, end: number): string | null {
    const { words } = this
    const firstElement = page.at + pageHeader.length
    const elementsEnd = firstElement + page.count * elementLength
    if (elementsEnd > end) return `there is no room for ${page.count} elements in the page`
    const layout = page.isLeaf ? leafElement : branchElement
    for (let element = firstElement; element < elementsEnd; element += elementLength) {
      const keyAt = element + words.u32(element + layout.position)
      const valueSize = page.isLeaf ? words.u32(element + leafElement.valueSize) : 0
      const dataEnd = keyAt + words.u32(element + layout.keySize) + valueSize
      if (keyAt < elementsEnd || dataEnd > end) return 'an element points outside the page'
      const isKnownKind = !page.isLeaf || words.u32(element + leafElement.flags) <= bucketElementFlag
      if (!isKnownKind) return 'an element is neither value nor bucket'
    }
    return null
  }

  #orderProblem(page: Page): string | null {
    const { bytes } = this.words
    for (let index = 1; index < page.count; index++) {
      const { at, end } = this.#keyRange(page, index)
      if (this.#compareKey(page, index - 1, bytes, at, end) >= 0) return 'the keys are out of order'
    }
    if (page.count === 0) return null
    const { from, to } = page
    const startsBefore = from !== null && this.#compareKey(page, 0, from, 0, from.length) < 0
    const endsAfter = to !== null && this.#compareKey(page, page.count - 1, to, 0, to.length) >= 0
    return startsBefore || endsAfter ? keysElsewhere : null
  }

  /** Orders a key of a page and some bytes. Most differ early, where a call of the runtime's own costs more than this. */
  #compareKey(page: Page, index: number, other: Uint8Array, otherAt: number, otherEnd: number): number {
    const { bytes } = this.words
    const { at, end } = this.#keyRange(page, index)
    const length = Math.min(end - at, otherEnd - otherAt)
    for (let offset = 0; offset < length; offset++) {
      const difference = (bytes[at + offset] ?? 0) - (other[otherAt + offset] ?? 0)
      if (difference !== 0) return difference
    }
    return end - at - (otherEnd - otherAt)
  }
}
