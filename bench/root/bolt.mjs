const PAGE = 4096
const HEAD = 16
const FLAG = { leaf: 2, meta: 4, freelist: 16 }

/**
 * The bytes of a bolt database: two metas, an empty freelist, and each bucket on one leaf page, which takes as many
 * pages as it needs. A small bucket without buckets in it lies within its parent's page, as bolt keeps it.
 *
 * @typedef {ReadonlyMap<string | Buffer, string | Buffer | Bucket>} Bucket at most 65,534 entries
 * @param {Bucket} top
 */
export function boltDatabase(top) {
  const freelist = pages(2, FLAG.freelist, 0, Buffer.alloc(0))
  const body = [freelist]
  const space = { body, next: 3 }
  const root = writeBucket(space, top)
  return Buffer.concat([meta(0, root, space.next), meta(1, root, space.next), ...body])
}

/** Writes a bucket after those within it, and gives the id of its page. */
function writeBucket(space, bucket) {
  const elements = elementsOf(space, bucket)
  const page = pages(space.next, FLAG.leaf, elements.length, leaf(elements))
  const id = space.next
  space.body.push(page)
  space.next += page.length / PAGE
  return id
}

const elementsOf = (space, bucket) =>
  [...bucket]
    .map(([key, value]) => ({
      flags: value instanceof Map ? 1 : 0,
      key: Buffer.from(key),
      value: value instanceof Map ? bucketValue(space, value) : Buffer.from(value),
    }))
    .sort((a, b) => Buffer.compare(a.key, b.key))

/** The page of a bucket and its sequence; page 0 says that the bucket follows at once. */
function bucketValue(space, bucket) {
  const value = Buffer.alloc(16)
  if (![...bucket.values()].some((inner) => inner instanceof Map)) {
    const elements = elementsOf(space, bucket)
    const body = leaf(elements)
    if (HEAD + body.length <= PAGE / 4)
      return Buffer.concat([value, head(0, FLAG.leaf, elements.length, 0), body])
  }
  value.writeBigUInt64LE(BigInt(writeBucket(space, bucket)), 0)
  return value
}

/** What follows the head of a leaf page: where each element lies, then their bytes. */
function leaf(elements) {
  const heads = Buffer.alloc(elements.length * HEAD)
  let dataAt = heads.length
  for (const [index, { flags, key, value }] of elements.entries()) {
    const at = index * HEAD
    for (const [position, number] of [flags, dataAt - at, key.length, value.length].entries())
      heads.writeUInt32LE(number, at + 4 * position)
    dataAt += key.length + value.length
  }
  return Buffer.concat([heads, ...elements.flatMap(({ key, value }) => [key, value])])
}

/** One page with as much overflow as the body needs. */
function pages(id, flags, count, body) {
  const span = Math.ceil((HEAD + body.length) / PAGE)
  const rest = Buffer.alloc(span * PAGE - HEAD - body.length)
  return Buffer.concat([head(id, flags, count, span - 1), body, rest])
}

function head(id, flags, count, overflow) {
  const bytes = Buffer.alloc(HEAD)
  bytes.writeBigUInt64LE(BigInt(id), 0)
  bytes.writeUInt16LE(flags, 8)
  bytes.writeUInt16LE(count, 10)
  bytes.writeUInt32LE(overflow, 12)
  return bytes
}

function meta(txid, root, pageCount) {
  const body = Buffer.alloc(64)
  for (const [index, number] of [0xed0cdaed, 2, PAGE, 0].entries()) body.writeUInt32LE(number, 4 * index)
  // The root page, its sequence, the freelist, the first page that was never used, the transaction.
  for (const [index, number] of [root, 0, 2, pageCount, txid].entries())
    body.writeBigUInt64LE(BigInt(number), 16 + 8 * index)
  body.writeBigUInt64LE(fnv64(body.subarray(0, 56)), 56)
  return pages(txid, FLAG.meta, 0, body)
}

function fnv64(bytes) {
  let hash = 0xcbf29ce484222325n
  for (const byte of bytes) hash = BigInt.asUintN(64, (hash ^ BigInt(byte)) * 0x100000001b3n)
  return hash
}
