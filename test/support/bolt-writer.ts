/** A bucket to be written: keys in any order, values as bytes or sub-buckets. */
export interface BucketSpec {
  entries: readonly (readonly [key: string | Buffer, value: string | Buffer | BucketSpec])[]
  sequence?: bigint
  /** Kept within its parent's page; such a bucket holds no sub-buckets. */
  inline?: boolean
}

export interface BoltOptions {
  pageSize?: number
  bigEndian?: boolean
  txid?: bigint
  /** How many elements a page takes at most; few of them make deep trees. */
  elementsPerPage?: number
  /** What the older meta shows; the same as the newer one unless given. */
  older?: BucketSpec
}

const headerLength = 16
const elementLength = 16
const metaLength = 80
const branchFlag = 0x01
const leafFlag = 0x02
const metaFlag = 0x04
const freelistFlag = 0x10

interface Element {
  flags: number
  key: Buffer
  value: Buffer
  child: number
}

/** Writes a bolt database: pages 0 and 1 are the metas, 2 an empty freelist, the trees follow. */
export function writeBolt(root: BucketSpec, options: BoltOptions = {}): Buffer {
  return new Writer(options).write(root)
}

/** Makes the checksum of a meta page right again after a test changed the page. */
export function signMeta(bytes: Buffer, at: number, bigEndian = false): void {
  let hash = 0xcbf29ce484222325n
  for (const byte of bytes.subarray(at + 16, at + 72)) {
    hash = BigInt.asUintN(64, (hash ^ BigInt(byte)) * 0x100000001b3n)
  }
  if (bigEndian) bytes.writeBigUInt64BE(hash, at + 72)
  else bytes.writeBigUInt64LE(hash, at + 72)
}

class Writer {
  readonly #pageSize: number
  readonly #bigEndian: boolean
  readonly #txid: bigint
  readonly #elementsPerPage: number
  readonly #older: BucketSpec | undefined
  readonly #body: Buffer[] = []
  #nextPage = 3

  constructor(options: BoltOptions) {
    this.#pageSize = options.pageSize ?? 1024
    this.#bigEndian = options.bigEndian ?? false
    this.#txid = options.txid ?? 7n
    this.#elementsPerPage = options.elementsPerPage ?? 0xffff
    this.#older = options.older
  }

  write(root: BucketSpec): Buffer {
    const olderRoot = this.#older === undefined ? null : this.#tree(this.#older)
    const newerRoot = this.#tree(root)
    const freelist = Buffer.alloc(this.#pageSize)
    this.#header(freelist, 2, freelistFlag, 0, 0)
    const newer = this.#meta(this.#txid, newerRoot, root.sequence ?? 0n)
    const older = this.#meta(this.#txid - 1n, olderRoot ?? newerRoot, (this.#older ?? root).sequence ?? 0n)
    const metas = this.#txid % 2n === 0n ? [newer, older] : [older, newer]
    return Buffer.concat([...metas, freelist, ...this.#body])
  }

  /** Writes the pages of a bucket and gives the root's id. */
  #tree(bucket: BucketSpec): number {
    let level: Element[] = this.#elements(bucket)
    let flag = leafFlag
    for (;;) {
      const parents: Element[] = []
      for (let at = 0; at === 0 || at < level.length; at += this.#elementsPerPage) {
        const part = level.slice(at, at + this.#elementsPerPage)
        const child = this.#page(flag, part)
        parents.push({ flags: 0, key: part[0]?.key ?? Buffer.alloc(0), value: Buffer.alloc(0), child })
      }
      if (parents.length === 1) return parents[0]?.child ?? 0
      level = parents
      flag = branchFlag
    }
  }

  #elements(bucket: BucketSpec): Element[] {
    return bucket.entries
      .map(([key, value]) => {
        const isBucket = typeof value !== 'string' && !Buffer.isBuffer(value)
        const bytes = isBucket ? this.#bucketValue(value) : Buffer.from(value)
        return { flags: isBucket ? 1 : 0, key: Buffer.from(key), value: bytes, child: 0 }
      })
      .sort((a, b) => Buffer.compare(a.key, b.key))
  }

  #bucketValue(bucket: BucketSpec): Buffer {
    const header = Buffer.alloc(16)
    this.#u64(header, 0, BigInt(bucket.inline ? 0 : this.#tree(bucket)))
    this.#u64(header, 8, bucket.sequence ?? 0n)
    if (!bucket.inline) return header
    const elements = this.#elements(bucket)
    const page = this.#image(leafFlag, elements)
    this.#header(page, 0, leafFlag, elements.length, 0)
    return Buffer.concat([header, page])
  }

  #page(flag: number, elements: Element[]): number {
    const image = this.#image(flag, elements)
    const span = Math.ceil(image.length / this.#pageSize)
    const id = this.#nextPage
    const page = Buffer.concat([image, Buffer.alloc(span * this.#pageSize - image.length)])
    this.#header(page, id, flag, elements.length, span - 1)
    this.#body.push(page)
    this.#nextPage += span
    return id
  }

  /** Lays out the elements and their data, leaving the page header open. */
  #image(flag: number, elements: Element[]): Buffer {
    const heads = Buffer.alloc(headerLength + elements.length * elementLength)
    const data: Buffer[] = []
    let dataAt = heads.length
    for (const [index, { flags, key, value, child }] of elements.entries()) {
      const at = headerLength + index * elementLength
      const fields =
        flag === leafFlag ? [flags, dataAt - at, key.length, value.length] : [dataAt - at, key.length]
      for (const [position, number] of fields.entries()) this.#u32(heads, at + 4 * position, number)
      if (flag === branchFlag) this.#u64(heads, at + 8, BigInt(child))
      data.push(key, value)
      dataAt += key.length + value.length
    }
    return Buffer.concat([heads, ...data])
  }

  #meta(txid: bigint, root: number, sequence: bigint): Buffer {
    const page = Buffer.alloc(Math.max(this.#pageSize, metaLength))
    this.#header(page, Number(txid % 2n), metaFlag, 0, 0)
    for (const [index, number] of [0xed0cdaed, 2, this.#pageSize, 0].entries())
      this.#u32(page, 16 + 4 * index, number)
    const numbers = [BigInt(root), sequence, 2n, BigInt(this.#nextPage), txid]
    for (const [index, number] of numbers.entries()) this.#u64(page, 32 + 8 * index, number)
    signMeta(page, 0, this.#bigEndian)
    return page
  }

  #header(page: Buffer, id: number, flags: number, count: number, overflow: number): void {
    this.#u64(page, 0, BigInt(id))
    this.#u16(page, 8, flags)
    this.#u16(page, 10, count)
    this.#u32(page, 12, overflow)
  }

  #u16(bytes: Buffer, at: number, value: number): void {
    if (this.#bigEndian) bytes.writeUInt16BE(value, at)
    else bytes.writeUInt16LE(value, at)
  }

  #u32(bytes: Buffer, at: number, value: number): void {
    if (this.#bigEndian) bytes.writeUInt32BE(value, at)
    else bytes.writeUInt32LE(value, at)
  }

  #u64(bytes: Buffer, at: number, value: bigint): void {
    if (this.#bigEndian) bytes.writeBigUInt64BE(value, at)
    else bytes.writeBigUInt64LE(value, at)
  }
}
