import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { type BoltBucket, BoltError, type BoltFile, openBolt, readBoltFile } from '../../src/formats/bolt.ts'
import { type BoltOptions, type BucketSpec, signMeta, writeBolt } from '../support/bolt-writer.ts'

const pageSize = 1024

/** A bucket as nested arrays of [key, value], sub-buckets as { sequence, entries }, damaged ones as null. */
type Dump = [key: string, value: string | { sequence: bigint; entries: Dump } | null][]

function dump(bucket: BoltBucket): Dump {
  return [...bucket.entries()].map(({ key, value, bucket: child }) => [
    key.toString('latin1'),
    child === null ? (value?.toString('latin1') ?? null) : { sequence: child.sequence, entries: dump(child) },
  ])
}

function expected(spec: BucketSpec): Dump {
  return spec.entries
    .map(([key, value]): Dump[number] => [
      Buffer.from(key).toString('latin1'),
      typeof value === 'string' || Buffer.isBuffer(value)
        ? Buffer.from(value).toString('latin1')
        : { sequence: value.sequence ?? 0n, entries: expected(value) },
    ])
    .sort(([a], [b]) => (a < b ? -1 : 1))
}

const numbered = (count: number): BucketSpec => ({
  entries: Array.from({ length: count }, (_, index) => [
    `key-${String(index).padStart(4, '0')}`,
    `value ${index}`,
  ]),
})

/** One of everything: values, an inline bucket, a bucket on pages with branches, an empty one, a value over pages. */
const mixed: BucketSpec = {
  sequence: 3n,
  entries: [
    ['plain', 'value'],
    ['empty', ''],
    [
      'inline',
      {
        inline: true,
        sequence: 9n,
        entries: [
          ['a', '1'],
          ['b', '2'],
        ],
      },
    ],
    ['none', { inline: true, entries: [] }],
    ['tree', { sequence: 17n, entries: [...numbered(20).entries, ['deeper', { entries: [['x', 'y']] }]] }],
    ['long', 'L'.repeat(3 * pageSize)],
  ],
}

const openError = (bytes: Buffer): BoltError => {
  try {
    openBolt(bytes)
  } catch (error) {
    if (error instanceof BoltError) return error
    throw error
  }
  throw new Error('the file was opened')
}

/** Reads everything in every way, and gives the file for its damage. */
function readAll(bytes: Buffer): BoltFile {
  const file = openBolt(bytes)
  const visit = (bucket: BoltBucket): void => {
    for (const entry of bucket.entries()) {
      bucket.get(entry.key)
      bucket.bucket(entry.key)
      if (entry.bucket !== null) visit(entry.bucket)
    }
  }
  visit(file.root)
  return file
}

describe('a sound database', () => {
  it.each<[string, BoltOptions]>([
    ['little-endian', { bigEndian: false }],
    ['big-endian', { bigEndian: true }],
    ['branches three levels deep', { elementsPerPage: 3 }],
    ['pages of 4096 bytes', { pageSize: 4096 }],
    ['pages of 64 KiB', { pageSize: 65536 }],
    ['the newest meta first', { txid: 8n }],
  ])('gives all entries: %s', (_, options) => {
    const file = openBolt(writeBolt(mixed, options))
    expect(dump(file.root)).toEqual(expected(mixed))
    expect(file.root.sequence).toBe(3n)
    expect(file.damage).toEqual([])
    expect(file.usedOlderMeta).toBe(false)
    expect(file.txid).toBe(options.txid ?? 7n)
    expect(file.pageSize).toBe(options.pageSize ?? 1024)
  })

  it('finds keys by text and by bytes, and tells values from buckets', () => {
    const { root } = openBolt(writeBolt(mixed, { elementsPerPage: 2 }))
    expect(root.get('plain')?.toString()).toBe('value')
    expect(root.get(Buffer.from('empty'))?.length).toBe(0)
    expect(root.get('tree')).toBeNull()
    expect(root.bucket('plain')).toBeNull()
    expect(root.bucket('inline')?.get('b')?.toString()).toBe('2')
    expect(root.bucket('tree')?.bucket('deeper')?.get('x')?.toString()).toBe('y')
    for (const absent of ['', 'a', 'inlinf', 'zzz', 'key-0000x']) {
      expect(root.get(absent)).toBeNull()
      expect(root.bucket(absent)).toBeNull()
    }
  })

  it('may hold nothing', () => {
    const { root, damage } = openBolt(writeBolt({ entries: [] }))
    expect([...root.entries()]).toEqual([])
    expect(root.get('x')).toBeNull()
    expect(damage).toEqual([])
  })

  it('gives back whatever was written', () => {
    const bytes = fc.uint8Array({ minLength: 1, maxLength: 20 }).map((array) => Buffer.from(array))
    const level = (depth: number): fc.Arbitrary<BucketSpec> =>
      fc
        .record({
          entries: fc.uniqueArray(fc.tuple(bytes, depth === 0 ? bytes : fc.oneof(bytes, level(depth - 1))), {
            selector: ([key]) => key.toString('hex'),
            maxLength: 12,
          }),
          sequence: fc.bigInt({ min: 0n, max: 2n ** 64n - 1n }),
        })
        .map(({ entries, sequence }) => ({
          entries,
          sequence,
          inline: depth < 2 && entries.every(([, value]) => Buffer.isBuffer(value)),
        }))
    const options = fc.record({ elementsPerPage: fc.integer({ min: 2, max: 20 }), bigEndian: fc.boolean() })
    fc.assert(
      fc.property(level(2), options, (spec, how) => {
        const { root, damage } = openBolt(writeBolt(spec, how))
        expect(dump(root)).toEqual(expected(spec))
        for (const { key, value } of root.entries()) expect(root.get(key)).toEqual(value)
        expect(damage).toEqual([])
      }),
      { numRuns: 200 },
    )
  })
})

describe('a file that is no database', () => {
  it.each([
    ['empty', Buffer.alloc(0), 'empty'],
    ['a few bytes', Buffer.from('{}'), 'truncated'],
    ['NUL bytes', Buffer.alloc(8192), 'not-bolt'],
    ['text', Buffer.alloc(8192, 'SQLite format 3'), 'not-bolt'],
    ['the metas alone', writeBolt(numbered(3)).subarray(0, 2 * pageSize), 'truncated'],
  ])('is refused: %s', (_, bytes, code) => {
    expect(openError(bytes).code).toBe(code)
    expect(openError(bytes).message).toMatch(/^\S.*[^.]$/)
  })

  it('is refused if both metas are damaged', () => {
    const bytes = writeBolt(numbered(3))
    bytes[40] = 0xff
    bytes[pageSize + 40] = 0xff
    expect(openError(bytes).code).toBe('no-valid-meta')
  })

  it('is refused if the root page of both metas is damaged', () => {
    const bytes = writeBolt(numbered(3))
    bytes[3 * pageSize] = 0xff
    expect(openError(bytes).code).toBe('root-damaged')
  })
})

describe('the two metas', () => {
  const older = numbered(2)
  const newer = numbered(5)

  it('shows the newer state, in either slot', () => {
    for (const txid of [6n, 7n])
      expect(dump(openBolt(writeBolt(newer, { older, txid })).root)).toEqual(expected(newer))
  })

  it('shows the older state if the newer meta is damaged', () => {
    const bytes = writeBolt(newer, { older })
    bytes[pageSize + 32] = 0xff
    const file = openBolt(bytes)
    expect(file.usedOlderMeta).toBe(true)
    expect(file.txid).toBe(6n)
    expect(dump(file.root)).toEqual(expected(older))
    expect(file.damage).toMatchObject([{ bucket: [], pageId: 1 }])
  })

  it('shows the older state if the root page of the newer one is damaged', () => {
    const bytes = writeBolt(newer, { older })
    bytes[4 * pageSize + 8] = 0xff
    const file = openBolt(bytes)
    expect(file.usedOlderMeta).toBe(true)
    expect(dump(file.root)).toEqual(expected(older))
    expect(file.damage).toMatchObject([{ bucket: [], pageId: 4 }])
  })

  it('shows the newer state if the older meta is damaged', () => {
    const bytes = writeBolt(newer, { older })
    bytes[32] = 0xff
    const file = openBolt(bytes)
    expect(file.usedOlderMeta).toBe(false)
    expect(dump(file.root)).toEqual(expected(newer))
    expect(file.damage).toMatchObject([{ bucket: [], pageId: 0 }])
  })

  it('finds the second meta without the first, whatever the page size', () => {
    for (const size of [1024, 4096, 16384]) {
      const bytes = writeBolt(newer, { pageSize: size })
      bytes.fill(0, 0, size)
      expect(dump(openBolt(bytes).root)).toEqual(expected(newer))
    }
  })
})

describe('damage below the root', () => {
  const spec: BucketSpec = {
    entries: [
      ['a', { entries: numbered(6).entries }],
      ['b', { entries: [['fine', 'yes']] }],
    ],
  }
  // With two elements to a page: 3 to 6 are the tree of a (leaves, then branches), the rest follows.
  const damaged = (change: (bytes: Buffer) => void): BoltFile => {
    const bytes = writeBolt(spec, { elementsPerPage: 2 })
    change(bytes)
    return readAll(bytes)
  }

  it('costs the page and no more, and is reported once with its place', () => {
    const file = damaged((bytes) => bytes.fill(0, 4 * pageSize, 5 * pageSize))
    const keys = [...(file.root.bucket('a')?.entries() ?? [])].map((entry) => entry.key.toString())
    expect(keys).toEqual(['key-0000', 'key-0001', 'key-0004', 'key-0005'])
    expect(file.root.bucket('b')?.get('fine')?.toString()).toBe('yes')
    expect(file.damage).toEqual([{ bucket: ['a'], pageId: 4, reason: 'the page says it is page 0' }])
    expect(file.root.bucket('a')?.get('key-0002')).toBeNull()
    expect(file.damage).toHaveLength(1)
  })

  it.each<[string, (bytes: Buffer) => void, RegExp]>([
    [
      'a page of another kind',
      (bytes) => bytes.writeUInt16LE(0x10, 3 * pageSize + 8),
      /neither branch nor leaf/,
    ],
    [
      'too many elements',
      (bytes) => bytes.writeUInt16LE(0xffff, 3 * pageSize + 10),
      /no room for 65535 elements/,
    ],
    ['a length past the end', (bytes) => bytes.writeUInt32LE(0xffffffff, 3 * pageSize + 12), /past the end/],
    [
      'a length over other pages',
      (bytes) => bytes.writeUInt32LE(4, 3 * pageSize + 12),
      /belongs to another place/,
    ],
    ['a position outside', (bytes) => bytes.writeUInt32LE(0xfffffff0, 3 * pageSize + 20), /points outside/],
    ['a value outside', (bytes) => bytes.writeUInt32LE(0xfffffff0, 3 * pageSize + 28), /points outside/],
    ['an unknown element', (bytes) => bytes.writeUInt32LE(2, 3 * pageSize + 16), /neither value nor bucket/],
    ['keys out of order', (bytes) => bytes.fill('z', 3 * pageSize + 48, 3 * pageSize + 49), /out of order/],
    [
      'a page of another range',
      (bytes) => bytes.fill('z', 5 * pageSize + 48, 5 * pageSize + 49),
      /out of order|range/,
    ],
    ['no children', (bytes) => bytes.writeUInt16LE(0, 6 * pageSize + 10), /no children/],
    ['a child outside', (bytes) => bytes.writeBigUInt64LE(2n ** 63n, 6 * pageSize + 24), /lies outside/],
    ['a child that is a meta', (bytes) => bytes.writeBigUInt64LE(1n, 6 * pageSize + 24), /lies outside/],
    [
      'a page used twice',
      (bytes) => bytes.writeBigUInt64LE(3n, 6 * pageSize + 40),
      /belongs to another place/,
    ],
    [
      'a page within itself',
      (bytes) => bytes.writeBigUInt64LE(6n, 6 * pageSize + 24),
      /belongs to another place/,
    ],
  ])('is named: %s', (_, change, reason) => {
    const file = damaged(change)
    expect(file.damage.length).toBeGreaterThan(0)
    expect(file.damage.map((damage) => damage.reason).join('\n')).toMatch(reason)
    expect(file.root.bucket('b')?.get('fine')?.toString()).toBe('yes')
  })

  it('leaves a sub-bucket without value and bucket if its record is too short', () => {
    const bytes = writeBolt({
      entries: [
        ['a', 'short'],
        ['b', 'fine'],
      ],
    })
    bytes.writeUInt32LE(1, 3 * pageSize + 16)
    const file = openBolt(bytes)
    expect(dump(file.root)).toEqual([
      ['a', null],
      ['b', 'fine'],
    ])
    expect(file.damage).toEqual([
      { bucket: ['a'], pageId: null, reason: 'the record of the bucket is too short' },
    ])
  })

  it('ends in buckets nested without end', () => {
    let spec: BucketSpec = { entries: [['value', 'deep']] }
    for (let depth = 0; depth < 80; depth++) spec = { entries: [['b', spec]] }
    const file = readAll(writeBolt(spec))
    expect(file.damage.map((damage) => damage.reason)).toEqual(['buckets are nested deeper than 64'])
  })

  it('names what is cut off', () => {
    const bytes = writeBolt(mixed)
    const root = Number(bytes.readBigUInt64LE(pageSize + 32))
    const withTail = Buffer.concat([bytes, Buffer.alloc(2 * pageSize)])
    withTail.writeBigUInt64LE(BigInt(withTail.length / pageSize), pageSize + 56)
    signMeta(withTail, pageSize)
    const file = openBolt(withTail.subarray(0, -700))
    expect(root).toBeLessThan(withTail.length / pageSize)
    expect(file.damage).toEqual([
      { bucket: [], pageId: null, reason: 'the last 700 bytes of the file are cut off' },
    ])
    expect(dump(file.root)).toEqual(expected(mixed))
  })
})

describe('systematic damage to a small file', () => {
  const spec: BucketSpec = {
    entries: [
      ['i', { inline: true, entries: [['a', '1']] }],
      ['t', { entries: numbered(5).entries }],
      ['v', 'value'],
    ],
  }
  const sound = writeBolt(spec, { elementsPerPage: 2 })

  /** Opens and reads all of it; nothing but a BoltError at the opening may come of it. */
  const survive = (bytes: Buffer): void => {
    try {
      readAll(bytes)
    } catch (error) {
      if (!(error instanceof BoltError)) throw error
    }
  }

  it('survives every byte flipped', () => {
    for (const flip of [0x01, 0x80, 0xff]) {
      for (let at = 0; at < sound.length; at++) {
        const bytes = Buffer.from(sound)
        bytes[at] = (bytes[at] ?? 0) ^ flip
        survive(bytes)
      }
    }
  })

  it('survives every length', () => {
    for (let length = 0; length < sound.length; length++) survive(sound.subarray(0, length))
  })

  it('survives any mixture of damage, page pointers exchanged included', () => {
    const change = fc.tuple(fc.nat(sound.length - 1), fc.oneof(fc.nat(12), fc.nat(255)))
    fc.assert(
      fc.property(fc.array(change, { minLength: 1, maxLength: 30 }), (changes) => {
        const bytes = Buffer.from(sound)
        for (const [at, value] of changes) bytes[at] = value
        // Signed again, so that hostile figures in the metas are believed.
        signMeta(bytes, 0)
        signMeta(bytes, pageSize)
        survive(bytes)
      }),
      { numRuns: 2000 },
    )
  })
})

describe('reading beside a writer', () => {
  const states = [6n, 7n, 8n].map((txid) => writeBolt(numbered(Number(txid)), { txid }))
  const state = (index: number): Buffer => states[index] ?? Buffer.alloc(0)

  it('takes a copy whose commit is still the newest', () => {
    let reads = 0
    const { file, consistent } = readBoltFile(
      () => {
        reads++
        return state(0)
      },
      () => state(0).subarray(0, 2 * pageSize),
    )
    expect({ txid: file.txid, consistent, reads }).toEqual({ txid: 6n, consistent: true, reads: 1 })
  })

  it('reads again if a commit came in between', () => {
    const files = [state(0), state(1), state(2)]
    const metas = [state(1), state(2), state(2)]
    const next = (list: Buffer[]) => () => list.shift() ?? Buffer.alloc(0)
    const { file, consistent } = readBoltFile(next(files), next(metas))
    expect({ txid: file.txid, consistent }).toEqual({ txid: 8n, consistent: true })
  })

  it('reads again if a meta page was half written', () => {
    const half = Buffer.from(state(1))
    half[pageSize + 72] = 0
    const files = [half, state(1)]
    const { file } = readBoltFile(
      () => files.shift() ?? state(1),
      () => state(1),
    )
    expect(file.damage).toEqual([])
    expect(file.txid).toBe(7n)
  })

  it('gives up after eight tries and says so', () => {
    let reads = 0
    const { file, consistent } = readBoltFile(
      () => {
        reads++
        return state(0)
      },
      () => state(1),
    )
    expect({ txid: file.txid, consistent, reads }).toEqual({ txid: 6n, consistent: false, reads: 8 })
  })

  it('is sure of a file whose one meta page stays damaged', () => {
    const bytes = Buffer.from(state(0))
    bytes.fill(0, pageSize, 2 * pageSize)
    expect(
      readBoltFile(
        () => bytes,
        () => bytes,
      ).consistent,
    ).toBe(true)
  })
})
