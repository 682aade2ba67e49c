import { chmodSync, mkdirSync, symlinkSync, truncateSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, it } from 'vitest'
import { LocalTree } from '../../src/tree/local.ts'
import { packNames } from '../../src/tree/packed-names.ts'
import { ABSENT, type Expected, ReadAhead, readPieces } from '../../src/tree/read-ahead.ts'
import { MISSING, NOT_READ, readLinks, readRecords, SMALL_BYTES } from '../../src/tree/read-batch.ts'
import { asOrdinaryUser, scratch } from './scratch.ts'

const FOUR = ['a', 'b', 'c', 'd']
const nameAt = (index: number): string => `r${String(index).padStart(4, '0')}`

/** Records of four files each, of which every third lacks one. */
function makeRecords(count: number): { root: string; names: string[] } {
  const root = scratch()
  const names = Array.from({ length: count }, (_, index) => nameAt(index))
  for (const [index, name] of names.entries()) {
    mkdirSync(join(root, 'home', name), { recursive: true })
    for (const file of FOUR)
      if (file !== 'd' || index % 3 !== 0) writeFileSync(join(root, 'home', name, file), `${file} of ${name}`)
    writeFileSync(join(root, 'home', name, 'long'), 'x'.repeat(index))
  }
  return { root, names }
}

const recordsOf = (names: readonly string[], texts = FOUR) => ({
  home: 'home',
  names,
  texts,
  lengths: ['long'],
})

/** The texts of a batch, what stands for a length where there is none. */
function textsIn({ bytes, starts, sizes }: ReturnType<typeof readRecords>): (string | number)[] {
  return [...sizes].map((size, index) => {
    const start = starts[index] ?? 0
    return size < 0 ? size : bytes.toString('utf8', start, start + size)
  })
}

describe('readRecords', () => {
  it.each([FOUR, ['a', 'd']])('reads files whether it lists the directories or not (%s)', (...texts) => {
    const { root, names } = makeRecords(4)
    const batch = readRecords(join(root, 'home'), names.slice(1, 4), recordsOf(names, texts))
    const wanted = [1, 2, 3].flatMap((index) =>
      texts.map((file) => (file === 'd' && index === 3 ? MISSING : `${file} of ${nameAt(index)}`)),
    )
    expect(textsIn(batch)).toEqual(wanted)
    expect([...batch.lengths]).toEqual([1, 2, 3])
  })

  it.each([FOUR, ['a', 'b']])('opens regular files only, and no long ones (%s)', (...texts) => {
    const { root, names } = makeRecords(3)
    const home = join(root, 'home')
    writeFileSync(join(root, 'secret'), 'outside')
    for (const name of names) truncateSync(join(home, name, 'b'), SMALL_BYTES)
    writeFileSync(join(home, nameAt(1), 'b'), 'b'.repeat(SMALL_BYTES - 1))
    symlinkSync(join(root, 'secret'), join(home, nameAt(0), 'e'))
    mkdirSync(join(home, nameAt(0), 'f'))
    const files = [...texts, 'e', 'f']
    const [, zero, e, f] = textsIn(
      readRecords(home, names.slice(0, 1), recordsOf(names, [...texts.slice(0, 2), 'e', 'f'])),
    )
    expect([zero, e, f]).toEqual([NOT_READ, NOT_READ, NOT_READ])
    const one = textsIn(readRecords(home, names.slice(1, 2), recordsOf(names, files)))
    expect(one[1]).toBe('b'.repeat(SMALL_BYTES - 1))
    expect(one.slice(-2)).toEqual([MISSING, MISSING])
  })

  it('leaves out what it may not look at', () => {
    const { root, names } = makeRecords(2)
    chmodSync(join(root, 'home', nameAt(0)), 0o000)
    const batch = asOrdinaryUser(() => readRecords(join(root, 'home'), names, recordsOf(names)))
    expect(textsIn(batch).slice(0, 4)).toEqual([NOT_READ, NOT_READ, NOT_READ, NOT_READ])
    expect(textsIn(batch).slice(4)).toEqual(FOUR.map((file) => `${file} of ${nameAt(1)}`))
    expect([...batch.lengths]).toEqual([NOT_READ, 1])
  })
})

describe('readLinks', () => {
  it('gives the targets of links, and nothing of anything else', () => {
    const root = scratch()
    mkdirSync(join(root, 'l/directory'), { recursive: true })
    symlinkSync('../there/diff', join(root, 'l/ONE'))
    symlinkSync('/etc', join(root, 'l/TWO'))
    symlinkSync('x'.repeat(4000), join(root, 'l/LONG'))
    writeFileSync(join(root, 'l/file'), '')
    const names = ['ONE', 'file', 'LONG', 'TWO', 'directory', 'none']
    expect(textsIn(readLinks(join(root, 'l'), names))).toEqual([
      '../there/diff',
      NOT_READ,
      NOT_READ,
      '/etc',
      NOT_READ,
      NOT_READ,
    ])
  })
})

/** A root with records, and the same number of links. */
function makeRecordsAndLinks(count: number): { root: string; expected: Expected[] } {
  const { root, names } = makeRecords(count)
  mkdirSync(join(root, 'l'))
  for (const name of names) symlinkSync(`../${name}`, join(root, 'l', name))
  return { root, expected: [{ home: 'l', links: names }, recordsOf(names)] }
}

const readAhead = (root: string, expected: readonly Expected[]): ReadAhead =>
  new ReadAhead(root, expected, { isHelped: false })

describe('ReadAhead', () => {
  it('serves what was expected, and nothing else', () => {
    const { root, expected } = makeRecordsAndLinks(600)
    const ahead = readAhead(root, expected)
    for (const index of [0, 1, 2, 4, 300, 299, 301, 599, 599])
      expect(ahead.texts(`home/${nameAt(index)}`, ['d', 'a'])).toEqual([
        index % 3 === 0 ? ABSENT : `d of ${nameAt(index)}`,
        `a of ${nameAt(index)}`,
      ])
    expect(ahead.length(`home/${nameAt(599)}`, 'long')).toBe(599)
    expect(ahead.target(`l/${nameAt(3)}`)).toBe(`../${nameAt(3)}`)
    expect(ahead.texts(`home/${nameAt(599)}`, ['a', 'long'])).toBeNull()
    expect(ahead.texts('home/another', ['a'])).toBeNull()
    expect(ahead.texts(`hom/e${nameAt(1)}`, ['a'])).toBeNull()
    expect(ahead.length(`home/${nameAt(1)}`, 'a')).toBeNull()
    expect(ahead.target('l/ONE')).toBeNull()
    expect(ahead.target(`home/${nameAt(1)}`)).toBeNull()
  })

  it('forgets what the question has passed, and leaves it to the asker', () => {
    const { root, expected } = makeRecordsAndLinks(600)
    const ahead = readAhead(root, expected)
    for (const index of [0, 31, 32, 599])
      expect(ahead.texts(`home/${nameAt(index)}`, ['a'])).toEqual([`a of ${nameAt(index)}`])
    for (const index of [0, 31, 32]) expect(ahead.texts(`home/${nameAt(index)}`, ['a'])).toEqual([null])
    expect(ahead.length(`home/${nameAt(0)}`, 'long')).toBeNull()
    expect(ahead.texts(`home/${nameAt(576)}`, ['a'])).toEqual([`a of ${nameAt(576)}`])
  })

  it('knows names that are not plain letters from those that are', () => {
    const { root } = makeRecords(1)
    const odd = ['\udcff', 'é', ' ', nameAt(0)]
    const ahead = readAhead(root, [recordsOf(odd)])
    expect(odd.map((name) => ahead.texts(`home/${name}`, ['a']))).toEqual([
      null,
      null,
      [null],
      [`a of ${nameAt(0)}`],
    ])
  })

  it('reads all pieces that nobody else took', () => {
    const { root, expected } = makeRecordsAndLinks(300)
    const [links, records] = expected.map((each) => ({
      home: each.home,
      names: packNames('links' in each ? each.links : each.names),
      files: 'links' in each ? null : each,
    }))
    if (links === undefined || records === undefined) throw new Error('there are two')
    const task = { location: root, homes: [links, records], atOnce: 256 }
    const cells = new Int32Array(new SharedArrayBuffer(32))
    const read: unknown[] = []
    readPieces(task, cells, ({ index, batch }, buffers) => {
      read.push([index, batch.sizes.length, batch.lengths.length, buffers.length])
    })
    expect(read).toEqual([
      [0, 256, 0, 4],
      [1, 44, 0, 4],
      [2, 1024, 256, 4],
      [3, 176, 44, 4],
    ])
    read.length = 0
    readPieces(task, cells, ({ index }) => read.push(index))
    expect(read).toEqual([])
  })
})

describe('LocalTree, where something is expected', () => {
  it('serves it as it was read, until nothing is expected any more', () => {
    const { root, names } = makeRecords(300)
    const tree = new LocalTree(root)
    tree.expect([recordsOf(names)])
    expect(tree.textsAhead('home/r0004', ['a', 'b'])).toEqual(['a of r0004', 'b of r0004'])
    writeFileSync(join(root, 'home/r0004/a'), 'changed')
    expect(tree.textsAhead('home/r0004', ['a'])).toEqual(['a of r0004'])
    expect(tree.lengthAhead('home/r0005', 'long')).toBe(5)
    tree.expect(null)
    expect(tree.textsAhead('home/r0004', ['a'])).toBeNull()
    expect(tree.lengthAhead('home/r0005', 'long')).toBeNull()
  })
})
