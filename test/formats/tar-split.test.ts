import { gzipSync } from 'node:zlib'
import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { Crc64 } from '../../src/formats/crc64.ts'
import {
  readTarSplit,
  type TarSplitEntry,
  TarSplitError,
  withTarHeaders,
} from '../../src/formats/tar-split.ts'
import { paxRecords, type TarMember, tarSplitLines, writeTar } from '../support/tar-writer.ts'

const gzipLines = (lines: readonly unknown[]): Buffer =>
  gzipSync(lines.map((line) => `${typeof line === 'string' ? line : JSON.stringify(line)}\n`).join(''))

const members: TarMember[] = [
  { name: 'etc/', flag: '5', raw: [[100, '0000755\0']] },
  { name: 'etc/hi', content: 'hi\n' },
  { name: 'x', flag: 'x', content: paxRecords({ path: `long/${'n'.repeat(200)}` }) },
  { name: `long/${'n'.repeat(200)}`, content: 'c'.repeat(1024) },
  { name: Buffer.from('caf\xe9', 'latin1'), flag: '2', raw: [[157, 'target']] },
  { name: '.wh.gone' },
]

/** Reads until the end or the error; gives both. */
function readUntilError(gzip: Buffer, limits?: { totalBytes: number; lineBytes: number }) {
  const entries: TarSplitEntry[] = []
  try {
    for (const entry of readTarSplit(gzip, limits)) entries.push(entry)
  } catch (error) {
    if (error instanceof TarSplitError) return { entries, code: error.code }
    throw error
  }
  return { entries, code: null }
}

describe('a tar-split stream', () => {
  it('gives the tar back, together with the contents', () => {
    const contents = members
      .filter(({ flag }) => flag !== 'x')
      .map(({ content }) => Buffer.from(content ?? ''))
    const parts = [...readTarSplit(gzipLines(tarSplitLines(members)))].map((entry) => {
      if (entry.kind === 'segment') return entry.payload
      const content = contents.shift() ?? Buffer.alloc(0)
      expect(entry.size).toBe(content.length)
      expect(entry.crc).toEqual(content.length === 0 ? null : new Crc64().update(content).digest())
      return content
    })
    expect(Buffer.concat(parts).equals(writeTar(members))).toBe(true)
  })

  it('gives the name as bytes, UTF-8 or not', () => {
    const names = [...readTarSplit(gzipLines(tarSplitLines(members)))].flatMap((entry) =>
      entry.kind === 'file' ? [entry.name.toString('latin1')] : [],
    )
    expect(names).toEqual(['etc/', 'etc/hi', `long/${'n'.repeat(200)}`, 'caf\xe9', '.wh.gone'])
  })

  it('gives each file its header', () => {
    const found = [...withTarHeaders(readTarSplit(gzipLines(tarSplitLines(members))))]
    expect(found.map(({ header }) => header?.type)).toEqual(['dir', 'file', 'file', 'symlink', 'file'])
    for (const { file, header } of found) {
      expect(header?.name).toEqual(file.name)
      expect(header?.size).toBe(file.size)
    }
    expect(found[0]?.header?.mode).toBe(0o755)
    expect(found[3]?.header?.linkName.toString()).toBe('target')
  })

  it('gives a file without header where the segment holds none', () => {
    const lines = [
      { type: 2, payload: Buffer.alloc(512, 'x').toString('base64'), position: 0 },
      { type: 1, name: 'a', payload: null, position: 1 },
      { type: 1, name: 'b', payload: null, position: 2 },
    ]
    expect([...withTarHeaders(readTarSplit(gzipLines(lines)))].map(({ header }) => header)).toEqual([
      null,
      null,
    ])
  })

  it('may be empty, or lack the last newline', () => {
    expect(readUntilError(gzipSync(''))).toEqual({ entries: [], code: null })
    expect(readUntilError(gzipSync('{"type":2,"payload":"","position":0}')).entries).toHaveLength(1)
  })
})

describe('a damaged stream', () => {
  const lines = tarSplitLines(members)

  it.each<[string, Buffer, string]>([
    ['nothing', Buffer.alloc(0), 'cut-off'],
    ['no gzip', Buffer.from('{"type":2}'), 'not-gzip'],
    ['NUL bytes', Buffer.alloc(100), 'not-gzip'],
    ['a position left out', gzipLines([lines[0], lines[2]]), 'bad-position'],
    ['a position twice', gzipLines([lines[0], lines[0]]), 'bad-position'],
    ['no position', gzipLines([{ type: 2, payload: '' }]), 'bad-position'],
    ['no JSON', gzipLines(['nonsense']), 'bad-line'],
    ['an empty line', gzipLines(['']), 'bad-line'],
    ['no object', gzipLines([[1]]), 'bad-line'],
    ['an unknown type', gzipLines([{ type: 3, payload: '', position: 0 }]), 'bad-line'],
    ['bad base64', gzipLines([{ type: 2, payload: 'A*==', position: 0 }]), 'bad-line'],
    ['a payload that is no text', gzipLines([{ type: 2, payload: 5, position: 0 }]), 'bad-line'],
    [
      'a negative size',
      gzipLines([{ type: 1, name: 'a', size: -1, payload: null, position: 0 }]),
      'bad-line',
    ],
    [
      'a size beyond all',
      gzipLines([{ type: 1, name: 'a', size: 1e300, payload: null, position: 0 }]),
      'bad-line',
    ],
    ['a short CRC', gzipLines([{ type: 1, name: 'a', size: 1, payload: 'AAAA', position: 0 }]), 'bad-line'],
    ['a name that is no text', gzipLines([{ type: 1, name: 5, payload: null, position: 0 }]), 'bad-line'],
  ])('is refused for %s', (_, gzip, code) => {
    expect(readUntilError(gzip).code).toBe(code)
  })

  it('gives the entries before the damage', () => {
    expect(readUntilError(gzipLines([lines[0], lines[1], 'x'])).entries).toHaveLength(2)
    const noise = Array.from({ length: 200 }, (_, position) => ({
      type: 2,
      payload: Buffer.from(String(Math.sin(position))).toString('base64'),
      position,
    }))
    const gzip = gzipLines(noise)
    const { entries, code } = readUntilError(gzip.subarray(0, gzip.length / 2))
    expect(code).toBe('cut-off')
    expect(entries.length).toBeGreaterThan(20)
    expect(entries.length).toBeLessThan(200)
  })

  it('is bounded in all and in each line', () => {
    const bomb = gzipSync(Buffer.alloc(4_000_000, ' '))
    expect(readUntilError(bomb, { totalBytes: 1_000_000, lineBytes: 1_000_000 }).code).toBe('too-large')
    expect(readUntilError(bomb, { totalBytes: 8_000_000, lineBytes: 1_000_000 }).code).toBe('too-large')
    expect(readUntilError(bomb.subarray(0, -20), { totalBytes: 1_000_000, lineBytes: 9 }).code).toBe(
      'too-large',
    )
  })

  it('takes no more memory than its own size warrants', () => {
    const bomb = gzipSync(Buffer.alloc(64 * 2 ** 20, ' \n'))
    expect(readUntilError(bomb).code).toBe('too-large')
  })

  it('is refused or read at every length and for every byte, with no other error', () => {
    const gzip = gzipLines(lines)
    for (let length = 0; length < gzip.length; length++) {
      expect(readUntilError(gzip.subarray(0, length)).code).not.toBeNull()
    }
    fc.assert(
      fc.property(fc.nat(gzip.length - 1), fc.nat(255), (at, value) => {
        const bytes = Buffer.from(gzip)
        bytes[at] = value
        readUntilError(bytes)
      }),
    )
  })
})
