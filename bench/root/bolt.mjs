const PAGE = 4096
const HEAD = 16
const FLAG = { leaf: 2, meta: 4, freelist: 16 }

/**
 * The bytes of a bolt database with one bucket: two metas, an empty freelist, the top level, and the bucket on one
 * leaf page, which takes as many pages as it needs.
 *
 * @param {string} bucket
 * @param {ReadonlyMap<string, string>} rows at most 65,534
 */
export function boltWithBucket(bucket, rows) {
  const freelist = pages(2, FLAG.freelist, 0, Buffer.alloc(0))
  const reference = Buffer.alloc(16)
  reference.writeBigUInt64LE(4n, 0)
  const top = leaf(3, [{ flags: 1, key: Buffer.from(bucket), value: reference }])
  const elements = [...rows]
    .map(([key, value]) => ({ flags: 0, key: Buffer.from(key), value: Buffer.from(value) }))
    .sort((a, b) => Buffer.compare(a.key, b.key))
  const body = leaf(4, elements)
  const pageCount = 4 + body.length / PAGE
  return Buffer.concat([meta(0, pageCount), meta(1, pageCount), freelist, top, body])
}

function leaf(id, elements) {
  const heads = Buffer.alloc(elements.length * HEAD)
  let dataAt = heads.length
  for (const [index, { flags, key, value }] of elements.entries()) {
    const at = index * HEAD
    for (const [position, number] of [flags, dataAt - at, key.length, value.length].entries())
      heads.writeUInt32LE(number, at + 4 * position)
    dataAt += key.length + value.length
  }
  const data = elements.flatMap(({ key, value }) => [key, value])
  return pages(id, FLAG.leaf, elements.length, Buffer.concat([heads, ...data]))
}

/** One page with as much overflow as the body needs. */
function pages(id, flags, count, body) {
  const span = Math.ceil((HEAD + body.length) / PAGE)
  const bytes = Buffer.alloc(span * PAGE)
  bytes.writeBigUInt64LE(BigInt(id), 0)
  bytes.writeUInt16LE(flags, 8)
  bytes.writeUInt16LE(count, 10)
  bytes.writeUInt32LE(span - 1, 12)
  body.copy(bytes, HEAD)
  return bytes
}

function meta(txid, pageCount) {
  const body = Buffer.alloc(64)
  for (const [index, number] of [0xed0cdaed, 2, PAGE, 0].entries()) body.writeUInt32LE(number, 4 * index)
  // The root page, its sequence, the freelist, the first page that was never used, the transaction.
  for (const [index, number] of [3, 0, 2, pageCount, txid].entries())
    body.writeBigUInt64LE(BigInt(number), 16 + 8 * index)
  body.writeBigUInt64LE(fnv64(body.subarray(0, 56)), 56)
  return pages(txid, FLAG.meta, 0, body)
}

function fnv64(bytes) {
  let hash = 0xcbf29ce484222325n
  for (const byte of bytes) hash = BigInt.asUintN(64, (hash ^ BigInt(byte)) * 0x100000001b3n)
  return hash
}
