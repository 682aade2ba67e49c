import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { TarError } from '../../src/formats/tar-block.ts'
import { readTar, type TarEntry } from '../../src/formats/tar-header.ts'
import {
  gnuMagic,
  paxRecords,
  signHeader,
  type TarMember,
  tarPiece,
  writeTar,
} from '../support/tar-writer.ts'

const entries = (members: readonly TarMember[]): TarEntry[] => [...readTar(writeTar(members))]

function only(members: readonly TarMember[]): TarEntry {
  const [entry, ...others] = entries(members)
  if (entry === undefined || others.length > 0) throw new Error(`${others.length + 1} entries instead of one`)
  return entry
}

const errorOf = (bytes: Buffer): string => {
  try {
    for (const _ of readTar(bytes));
  } catch (error) {
    if (error instanceof TarError) return error.code
    throw error
  }
  return 'none'
}

describe('header blocks', () => {
  it('give all fields', () => {
    const raw = [
      [100, '0104755\0'],
      [108, '0001750\0'],
      [116, '   145 \0'],
      [136, '14523120620\0'],
      [329, '0000010\0'],
      [337, '0000003\0'],
    ] as const
    expect(only([{ name: 'bin/su', content: 'x', raw }])).toEqual({
      name: Buffer.from('bin/su'),
      type: 'file',
      mode: 0o4755,
      uid: 1000,
      gid: 101,
      size: 1,
      mtime: { seconds: 0o14523120620, nanos: 0 },
      linkName: Buffer.alloc(0),
      devMajor: 8,
      devMinor: 3,
      pax: new Map(),
      dataOffset: 512,
    })
  })

  it.each([
    ['0', 'file'],
    ['\0', 'file'],
    ['7', 'file'],
    ['1', 'hardlink'],
    ['2', 'symlink'],
    ['3', 'char'],
    ['4', 'block'],
    ['5', 'dir'],
    ['6', 'fifo'],
    ['S', 'sparse'],
    ['V', 'other'],
  ])('know the kind %j', (flag, type) => {
    expect(only([{ name: 'x', flag }]).type).toBe(type)
  })

  it('take an old file with a slash at the end for a directory', () => {
    expect(only([{ name: 'x/', flag: '\0' }]).type).toBe('dir')
    expect(only([{ name: 'x/', flag: '0' }]).type).toBe('file')
  })

  it('put the prefix before the name, but not in GNU headers, and less of it in star headers', () => {
    const name = (...raw: (readonly [number, string])[]) => only([{ name: 'name', raw }]).name.toString()
    expect(name([345, 'some/prefix'])).toBe('some/prefix/name')
    expect(name(gnuMagic, [345, '12345670123\0'])).toBe('name')
    expect(name([345, 'p'.repeat(131)], [476, '12345670123'], [508, 'tar\0'])).toBe(`${'p'.repeat(131)}/name`)
  })

  it('read numbers in base 256, negative ones too', () => {
    const bytes = (hex: string) => Buffer.from(hex, 'hex')
    const entry = only([
      {
        name: 'x',
        raw: [
          [108, bytes('80000000ffffffff')],
          [136, bytes('ffffffffffffffffffffffff')],
        ],
      },
    ])
    expect(entry.uid).toBe(0xffffffff)
    expect(entry.mtime.seconds).toBe(-1)
  })

  it('pass over the size of members without content', () => {
    const members = [{ name: 'link', flag: '1', raw: [[124, '00000001000\0']] as const }, { name: 'next' }]
    expect(entries(members).map(({ name, size }) => [name.toString(), size])).toEqual([
      ['link', 0],
      ['next', 0],
    ])
  })

  it('may be summed with signed bytes', () => {
    const bytes = writeTar([{ name: Buffer.from('caf\xe9', 'latin1') }])
    const unsigned = Number.parseInt(bytes.toString('latin1', 148, 154), 8)
    bytes.write((unsigned - 256).toString(8).padStart(6, '0'), 148)
    expect([...readTar(bytes)]).toHaveLength(1)
  })
})

describe('extended headers', () => {
  it('override what the header says', () => {
    const xattr = Buffer.from('0100000200200000\n=', 'latin1')
    const records = paxRecords({
      path: 'long/näme',
      linkpath: 'target',
      uid: '2097152',
      gid: '2097153',
      mtime: '1350244992.023960108',
      'SCHILY.xattr.security.capability': xattr,
    })
    const entry = only([
      { name: 'PaxHeaders/x', flag: 'x', content: records },
      { name: 'short', flag: '2' },
    ])
    expect(entry.name.toString()).toBe('long/näme')
    expect(entry.linkName.toString()).toBe('target')
    expect([entry.uid, entry.gid]).toEqual([2097152, 2097153])
    expect(entry.mtime).toEqual({ seconds: 1350244992, nanos: 23960108 })
    expect(entry.pax.get('SCHILY.xattr.security.capability')).toEqual(xattr)
  })

  it('override the size, which moves what follows', () => {
    const bytes = writeTar([
      { name: 'x', flag: 'x', content: paxRecords({ size: '3' }) },
      { name: 'a', content: 'abc', raw: [[124, '00000000000\0']] },
      { name: 'b' },
    ])
    expect([...readTar(bytes)].map(({ name, size }) => `${name} ${size}`)).toEqual(['a 3', 'b 0'])
  })

  it.each([
    ['-1.5', { seconds: -2, nanos: 500_000_000 }],
    ['-1', { seconds: -1, nanos: 0 }],
    ['-0', { seconds: 0, nanos: 0 }],
    ['7.', { seconds: 7, nanos: 0 }],
    ['7.1234567899', { seconds: 7, nanos: 123_456_789 }],
  ])('may hold the time %s', (mtime, instant) => {
    expect(only([{ name: 'x', flag: 'x', content: paxRecords({ mtime }) }, { name: 'a' }]).mtime).toEqual(
      instant,
    )
  })

  it('leave alone what they give no value', () => {
    const records = paxRecords({ path: '', uid: '' })
    expect(only([{ name: 'x', flag: 'x', content: records }, { name: 'a' }]).name.toString()).toBe('a')
  })

  it('hold long names in the way of GNU', () => {
    const entry = only([
      { name: '././@LongLink', flag: 'K', content: `${'t'.repeat(300)}\0` },
      { name: '././@LongLink', flag: 'L', content: `${'n'.repeat(600)}\0` },
      { name: 'n'.repeat(100), flag: '1', raw: [gnuMagic] },
    ])
    expect(entry.name.toString()).toBe('n'.repeat(600))
    expect(entry.linkName.toString()).toBe('t'.repeat(300))
  })

  it('do not pass from a global header to the members after it', () => {
    const content = paxRecords({ comment: 'commit', uid: '5' })
    const entry = only([{ name: 'pax_global_header', flag: 'g', content }, { name: 'a' }])
    expect([entry.name.toString(), entry.uid, entry.pax.size]).toEqual(['a', 0, 0])
    const alone = only([{ name: 'pax_global_header', flag: 'g', content }])
    expect([alone.name.toString(), alone.type, alone.size]).toEqual(['pax_global_header', 'global', 0])
    expect(alone.pax.get('comment')?.toString()).toBe('commit')
  })

  it('count the extents of old sparse files as header', () => {
    const extension = Buffer.alloc(512)
    const bytes = Buffer.concat([
      tarPiece({ name: 'sparse', flag: 'S', content: 'data', raw: [[482, '\x01']] }).header,
      Buffer.concat([extension.subarray(0, 504), Buffer.from([1]), extension.subarray(505)]),
      extension,
      writeTar([{ name: 'next' }]),
    ])
    expect([...readTar(bytes)].map(({ dataOffset }) => dataOffset)[0]).toBe(3 * 512)
  })
})

describe('a damaged tar', () => {
  const sound = writeTar([
    { name: 'x', flag: 'x', content: paxRecords({ path: 'a' }) },
    { name: 'a', content: 'content' },
    { name: 'b/', flag: '5' },
  ])

  it('is told apart from one without an end mark', () => {
    expect(errorOf(Buffer.alloc(0))).toBe('none')
    expect(errorOf(sound.subarray(0, -1024))).toBe('none')
    expect(errorOf(sound.subarray(0, -1030))).toBe('cut-off')
    expect(errorOf(sound.subarray(0, 512))).toBe('cut-off')
    expect(errorOf(sound.subarray(0, 1024))).toBe('cut-off')
    expect(errorOf(sound.subarray(0, 1536))).toBe('cut-off')
  })

  it('is refused where no header is', () => {
    expect(errorOf(Buffer.alloc(512, 'x'))).toBe('bad-header')
    const bytes = Buffer.from(sound)
    bytes[0] = 0x79
    expect(errorOf(bytes)).toBe('bad-header')
  })

  it.each(['7', '7 x', '5 x=\n5', '99 x=1\n', '06 x=1', 'x x=1\n', '6 =x1\n7 xx1\n'])(
    'is refused for the PAX record %j',
    (record) => {
      expect(errorOf(writeTar([{ name: 'x', flag: 'x', content: record }, { name: 'a' }]))).toBe('bad-pax')
    },
  )

  it.each([{ size: '-1' }, { uid: 'root' }, { mtime: 'now' }, { size: '99999999999999999999' }])(
    'is refused for %j',
    (records) => {
      expect(errorOf(writeTar([{ name: 'x', flag: 'x', content: paxRecords(records) }, { name: 'a' }]))).toBe(
        'bad-pax',
      )
    },
  )

  it('ends or is refused, whatever its bytes', () => {
    const change = fc.tuple(fc.nat(sound.length - 1), fc.nat(255))
    fc.assert(
      fc.property(fc.array(change, { maxLength: 5 }), fc.nat(sound.length), (changes, length) => {
        const bytes = Buffer.from(sound)
        for (const [at, value] of changes) bytes[at] = value
        for (const at of [0, 1024, 2048]) signHeader(bytes.subarray(at, at + 512))
        errorOf(bytes.subarray(0, length))
      }),
      { numRuns: 1000 },
    )
  })
})
