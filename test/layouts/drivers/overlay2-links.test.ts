import { mkdirSync, symlinkSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, it } from 'vitest'
import {
  checkLinkFiles,
  checkShortLinks,
  type ExpectedDirectory,
  overlayLinkFiles,
  shortLinksOf,
} from '../../../src/layouts/drivers/overlay2-links.ts'
import { Source } from '../../../src/layouts/source.ts'
import type { Finding } from '../../../src/model/findings.ts'
import { LocalTree } from '../../../src/tree/local.ts'
import { scratch } from '../../tree/scratch.ts'

const linkOf = (id: string): string => id.toUpperCase().padEnd(26, 'X')

/** Writes overlay2 directories, each with what its `lower` names, and gives what is found wrong with them. */
function check(
  lowers: Readonly<Record<string, readonly string[]>>,
  expected: readonly ExpectedDirectory[],
): string[] {
  const root = scratch()
  mkdirSync(join(root, 'overlay2/l'), { recursive: true })
  for (const [id, below] of Object.entries(lowers)) {
    mkdirSync(join(root, 'overlay2', id))
    writeFileSync(join(root, 'overlay2', id, 'link'), linkOf(id))
    symlinkSync(`../${id}/diff`, join(root, 'overlay2/l', linkOf(id)))
    if (below.length > 0)
      writeFileSync(join(root, 'overlay2', id, 'lower'), below.map((each) => `l/${linkOf(each)}`).join(':'))
  }
  const findings: Finding[] = []
  const source = new Source(new LocalTree(root), root, findings, { onFile: () => true })
  const present = new Map(source.list('overlay2').map((entry) => [entry.name, entry]))
  const links = checkShortLinks(source, 'overlay2', shortLinksOf(source, 'overlay2'), present)
  checkLinkFiles(source, 'overlay2', links, present, expected)
  return findings.map(({ code, path }) => `${code} ${path}`)
}

const layer = (id: string, below: string | null): ExpectedDirectory => ({
  id,
  below,
  owner: { kind: 'layer', id },
})

const cached = (id: string, copyOf?: string): ExpectedDirectory => ({
  id,
  below: undefined,
  owner: { kind: 'cache-record', id },
  ...(copyOf === undefined ? {} : { copyOf }),
})

describe('the directories below a layer', () => {
  it('are those of the layers below, nearest first', () => {
    const lowers = { base: [], mid: ['base'], top: ['mid', 'base'] }
    expect(check(lowers, [layer('base', null), layer('mid', 'base'), layer('top', 'mid')])).toEqual([])
  })

  it('are held against what the layer below has, be that wrong itself', () => {
    const lowers = { base: [], mid: [], top: ['mid'], other: ['mid', 'base'], beyond: ['top', 'mid'] }
    const layers = [
      layer('base', null),
      layer('mid', 'base'),
      layer('top', 'mid'),
      layer('other', 'mid'),
      layer('beyond', 'top'),
    ]
    expect(check(lowers, layers)).toEqual([
      'overlay-lower-mismatch overlay2/mid/lower',
      'overlay-lower-mismatch overlay2/other/lower',
    ])
  })

  it('are told apart where chains part and one goes on after the other', () => {
    const lowers = { a: [], b: ['a'], c: ['b', 'a'], x: ['b', 'a'], y: ['x', 'b', 'a'], z: ['c', 'a'] }
    const layers = [
      layer('a', null),
      layer('b', 'a'),
      layer('c', 'b'),
      layer('x', 'b'),
      layer('y', 'x'),
      layer('z', 'c'),
    ]
    expect(check(lowers, layers)).toEqual(['overlay-lower-mismatch overlay2/z/lower'])
  })

  it("may be BuildKit's own copies of them", () => {
    const lowers = { base: [], mid: ['base'], copy: ['base'], top: ['copy', 'base'] }
    const layers = [layer('base', null), layer('mid', 'base'), layer('top', 'mid')]
    expect(check(lowers, [cached('copy', 'mid'), ...layers])).toEqual([])
  })

  it('may not be those of another cache record', () => {
    const lowers = { base: [], mid: ['base'], other: ['base'], top: ['other', 'base'] }
    const layers = [layer('base', null), layer('mid', 'base'), layer('top', 'mid')]
    const wrong = ['overlay-lower-mismatch overlay2/top/lower']
    expect(check(lowers, [cached('other'), ...layers])).toEqual(wrong)
    expect(check(lowers, [cached('other', 'base'), ...layers])).toEqual(wrong)
  })
})

describe('overlayLinkFiles', () => {
  it('expects the links, and the files of directories in the order that is given', () => {
    const links = [
      { name: 'A', kind: 'symlink' },
      { name: 'x', kind: 'file' },
    ] as const
    expect(overlayLinkFiles('overlay2', links, ['b', 'a'])).toEqual([
      { home: 'overlay2/l', links: ['A'] },
      { home: 'overlay2', names: ['b', 'a'], texts: ['link', 'lower'], lengths: [] },
    ])
  })

  it('does not list what a link in the place of l leads to', () => {
    const root = scratch()
    mkdirSync(join(root, 'overlay2'))
    mkdirSync(join(root, 'elsewhere'))
    symlinkSync('../x/diff', join(root, 'elsewhere/LINK'))
    symlinkSync('../elsewhere', join(root, 'overlay2/l'))
    const findings: Finding[] = []
    const source = new Source(new LocalTree(root), root, findings, { onFile: () => true })
    expect(shortLinksOf(source, 'overlay2')).toEqual([])
    expect(findings.map(({ code, path }) => [code, path])).toEqual([['symlink-not-followed', 'overlay2/l']])
  })
})

describe('the short links', () => {
  it('are those of their directories, and no link without one', () => {
    const root = scratch()
    mkdirSync(join(root, 'overlay2/l'), { recursive: true })
    for (const id of ['a', 'b', 'c']) {
      mkdirSync(join(root, 'overlay2', id))
      writeFileSync(join(root, 'overlay2', id, 'link'), linkOf(id))
    }
    for (const [name, target] of [
      [linkOf('a'), '../a/diff'],
      [linkOf('b'), '../a/diff'],
      ['GONE', '../gone/diff'],
      ['OUT', '/etc'],
    ] as const)
      symlinkSync(target, join(root, 'overlay2/l', name))
    const findings: Finding[] = []
    const source = new Source(new LocalTree(root), root, findings, { onFile: () => true })
    const present = new Map(source.list('overlay2').map((entry) => [entry.name, entry]))
    const links = checkShortLinks(source, 'overlay2', shortLinksOf(source, 'overlay2'), present)
    checkLinkFiles(source, 'overlay2', links, present, [layer('a', null), layer('b', null), layer('c', null)])
    expect(findings.map(({ code, path }) => `${code} ${path}`)).toEqual([
      'unsafe-name overlay2/l/OUT',
      'overlay-link-stale overlay2/l',
      `overlay-link-missing overlay2/l/${linkOf('b')}`,
      `overlay-link-missing overlay2/l/${linkOf('c')}`,
    ])
    expect(links.strays.map(({ path }) => path)).toEqual(['overlay2/l/GONE'])
  })

  it.each([
    { order: ['a', 'b', 'c'], says: ['a and b', 'a and c'] },
    { order: ['c', 'b', 'a'], says: ['c and b', 'c and a'] },
    { order: ['b', 'a', 'c'], says: ['b and a', 'b and c'] },
  ])('that several directories claim are told of whatever comes first ($order)', ({ order, says }) => {
    const root = scratch()
    mkdirSync(join(root, 'overlay2/l'), { recursive: true })
    for (const id of order) {
      mkdirSync(join(root, 'overlay2', id))
      writeFileSync(join(root, 'overlay2', id, 'link'), linkOf('a'))
    }
    symlinkSync('../a/diff', join(root, 'overlay2/l', linkOf('a')))
    symlinkSync('../a/diff', join(root, 'overlay2/l', linkOf('another')))
    const findings: Finding[] = []
    const source = new Source(new LocalTree(root), root, findings, { onFile: () => true })
    const present = new Map(source.list('overlay2').map((entry) => [entry.name, entry]))
    const links = checkShortLinks(source, 'overlay2', shortLinksOf(source, 'overlay2'), present)
    checkLinkFiles(
      source,
      'overlay2',
      links,
      present,
      order.map((id) => layer(id, null)),
    )
    const duplicates = findings.filter(({ code }) => code === 'overlay-link-duplicate')
    expect(duplicates.map(({ message }) => message.split(' ').slice(2, 5).join(' '))).toEqual(says)
  })
})
