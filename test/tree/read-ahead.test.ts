import { chmodSync, mkdirSync, symlinkSync, truncateSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, it } from 'vitest'
import { LocalTree } from '../../src/tree/local.ts'
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
    const batch = readRecords(root, recordsOf(names, texts), 1, 4)
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
      readRecords(root, recordsOf(names, [...texts.slice(0, 2), 'e', 'f']), 0, 1),
    )
    expect([zero, e, f]).toEqual([NOT_READ, NOT_READ, NOT_READ])
    const one = textsIn(readRecords(root, recordsOf(names, files), 1, 2))
    expect(one[1]).toBe('b'.repeat(SMALL_BYTES - 1))
    expect(one.slice(-2)).toEqual([MISSING, MISSING])
  })

  it('leaves out what it may not look at', () => {
    const { root, names } = makeRecords(2)
    chmodSync(join(root, 'home', nameAt(0)), 0o000)
    const batch = asOrdinaryUser(() => readRecords(root, recordsOf(names), 0, 2))
    expect(textsIn(batch).slice(0, 4)).toEqual([NOT_READ, NOT_READ, NOT_READ, NOT_READ])
    expect(textsIn(batch).slice(4)).toEqual(FOUR.map((file) => `${file} of ${nameAt(1)}`))
    expect([...batch.lengths]).toEqual([NOT_READ, 1])
  })
})

describe('readLinks', () => {
  it('gives the targets of links, and passes over everything else', () => {
    const root = scratch()
    mkdirSync(join(root, 'l/directory'), { recursive: true })
    symlinkSync('../there/diff', join(root, 'l/ONE'))
    symlinkSync('/etc', join(root, 'l/TWO'))
    writeFileSync(join(root, 'l/file'), '')
    expect([...readLinks(root, 'l')].sort()).toEqual([
      ['ONE', '../there/diff'],
      ['TWO', '/etc'],
    ])
    expect(readLinks(root, 'none')).toEqual(new Map())
  })
})

describe('ReadAhead', () => {
  it('serves records in any order, and nothing that was not expected', () => {
    const { root, names } = makeRecords(600)
    const ahead = new ReadAhead({ location: root, expected: [recordsOf(names)] }, { isHelped: false })
    for (const index of [599, 0, 1, 300, 2, 599])
      expect(ahead.texts(`home/${nameAt(index)}`, ['d', 'a'])).toEqual([
        index % 3 === 0 ? ABSENT : `d of ${nameAt(index)}`,
        `a of ${nameAt(index)}`,
      ])
    expect(ahead.length(`home/${nameAt(300)}`, 'long')).toBe(300)
    expect(ahead.texts(`home/${nameAt(1)}`, ['a', 'long'])).toBeNull()
    expect(ahead.texts('home/another', ['a'])).toBeNull()
    expect(ahead.texts(`hom/e${nameAt(1)}`, ['a'])).toBeNull()
    expect(ahead.length(`home/${nameAt(1)}`, 'a')).toBeNull()
    expect(ahead.target('l/ONE')).toBeNull()
  })

  it('reads all pieces that nobody else took', () => {
    const { root, names } = makeRecords(600)
    const expected: Expected[] = [{ links: 'l' }, recordsOf(names)]
    mkdirSync(join(root, 'l'))
    symlinkSync('../x/diff', join(root, 'l/X'))
    const cells = new Int32Array(8)
    const read: number[] = []
    readPieces({ location: root, expected }, cells, ({ index, read: { batch, targets } }, buffers) => {
      read.push(index)
      expect(targets?.get('X')).toBe(index === 0 ? '../x/diff' : undefined)
      expect(buffers).toHaveLength(batch === null ? 0 : 4)
    })
    expect(read).toEqual([0, 1, 2, 3])
    read.length = 0
    readPieces({ location: root, expected }, cells, ({ index }) => read.push(index))
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
