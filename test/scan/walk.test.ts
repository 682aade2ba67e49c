import { linkSync, mkdirSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, it } from 'vitest'
import { bookToClaims } from '../../src/scan/book.ts'
import { LOCAL } from '../../src/scan/reader.ts'
import { Walk } from '../../src/scan/walk.ts'
import { claimsOn } from '../support/claims.ts'
import { scratch } from '../tree/scratch.ts'

const CLAIMS = ['', 'layers/3', 'layers/3/diff', 'layers/7', 'records/one', 'records/shared', 'gone']

/** Layers with files, some of them hard links to one file, and a directory of files that have owners of their own. */
function makeRoot(): string {
  const root = scratch()
  mkdirSync(join(root, 'records'))
  for (const name of ['one', 'two', 'shared']) writeFileSync(join(root, 'records', name), name.repeat(3000))
  for (let layer = 0; layer < 20; layer++) {
    const diff = join(root, 'layers', String(layer), 'diff')
    mkdirSync(join(diff, 'deep/er'), { recursive: true })
    // As a name that is not UTF-8 may be one of them.
    mkdirSync(Buffer.concat([Buffer.from(`${diff}/`), Buffer.from([0x62, 0xff])]))
    writeFileSync(join(diff, 'deep/er/file'), Buffer.alloc(layer * 500))
    linkSync(join(root, 'records/shared'), join(diff, 'link'))
  }
  return root
}

const newWalk = (root: string): Walk => new Walk(LOCAL, root, new Set(), { onProgress: () => true })

const walkAlone = (root: string): Walk => {
  const walk = newWalk(root)
  walk.begin()
  while (walk.step());
  return walk
}

const booked = (root: string, { sums, problems, stopped }: Walk) => [
  ...bookToClaims({ reader: LOCAL, location: root, sums, problems, stopped }, claimsOn(CLAIMS)),
]

/** What crosses a thread. */
const cloned = ({ sums }: Walk) => structuredClone(sums.data())

describe('Walk', () => {
  it.each([1, 2, 5, 30])(
    'gives the same sums when two walks share it, handing over after %i directories',
    (every) => {
      const root = makeRoot()
      const alone = booked(root, walkAlone(root))
      const [first, second] = [newWalk(root), newWalk(root)]
      first.begin()
      // As long as either has something, each hands half of it to the other in turn.
      for (let more = true; more; ) {
        more = false
        for (const [from, to] of [
          [first, second],
          [second, first],
        ] as const) {
          for (let steps = 0; steps < every && from.step(); steps++) more = true
          to.take(structuredClone(from.hand()))
        }
      }
      while (first.step() || second.step());
      expect(second.entered).toBeGreaterThan(5)
      first.sums.append(cloned(second))
      expect(booked(root, first)).toEqual(alone)
    },
  )

  it('hands over in the middle of a large directory', () => {
    const root = makeRoot()
    for (let index = 0; index < 300; index++)
      mkdirSync(join(root, 'many', String(index), 'deep'), { recursive: true })
    const alone = booked(root, walkAlone(root))
    const [first, second] = [newWalk(root), newWalk(root)]
    const handed: number[] = []
    first.begin()
    const hand = (): void => {
      const directories = structuredClone(first.hand())
      handed.push(directories.length)
      second.take(directories)
    }
    while (first.step(hand));
    while (second.step());
    expect(handed.reduce((sum, count) => sum + count, 0)).toBeGreaterThan(100)
    first.sums.append(cloned(second))
    expect(booked(root, first)).toEqual(alone)
  })
})

describe('bookToClaims', () => {
  it('books files that have claims of their own apart from the others beside them', () => {
    const root = makeRoot()
    const [top, third, diff, seventh, one, shared, gone] = booked(root, walkAlone(root))
    expect(one).toMatchObject({ contentBytes: 9000, files: 1 })
    // The blocks of the file with many names go to the claim that comes first.
    expect(shared).toEqual({ contentBytes: 18_000, diskBytes: 0, files: 0 })
    expect(third).toMatchObject({ contentBytes: 0, files: 1 })
    expect(diff).toMatchObject({ contentBytes: 19_500, files: 5 })
    expect(seventh?.contentBytes).toBe(21_500)
    expect(top?.files).toBeGreaterThan(100)
    expect(gone).toEqual({ contentBytes: 0, diskBytes: 0, files: 0 })
  })

  it('takes the files of a directory as they are at the second look, all of them', () => {
    const root = makeRoot()
    const walk = walkAlone(root)
    writeFileSync(join(root, 'records/one'), 'x'.repeat(1_000_000))
    writeFileSync(join(root, 'records/two'), '')
    const [, , , , one] = booked(root, walk)
    expect(one?.contentBytes).toBe(1_000_000)
    const total = booked(root, walkAlone(root)).reduce((sum, { diskBytes }) => sum + diskBytes, 0)
    expect(booked(root, walk).reduce((sum, { diskBytes }) => sum + diskBytes, 0)).toBe(total)
  })
})
