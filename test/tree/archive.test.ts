import { readFileSync } from 'node:fs'
import { fileURLToPath } from 'node:url'
import { gzipSync } from 'node:zlib'
import { describe, expect, it } from 'vitest'
import { ArchiveTree } from '../../src/tree/archive.ts'
import { LocalTree } from '../../src/tree/local.ts'
import type { Entry } from '../../src/tree/tree.ts'
import { type FixtureName, fixtureRoot, isRoot } from '../support/fixtures.ts'
import { type TarMember, writeTar } from '../support/tar-writer.ts'

function openPack(name: FixtureName): ArchiveTree {
  const file = fileURLToPath(new URL(`../../fixtures/var-lib-docker/${name}.tar.gz`, import.meta.url))
  return new ArchiveTree(file, readFileSync(file), name)
}

const FIXTURES: readonly FixtureName[] = [
  'legacy-aufs',
  'legacy-vfs',
  'overlay2-buildkit',
  'overlay-layerdb',
  'vfs-layerdb',
]

describe('the archive of a fixture', () => {
  it.each(FIXTURES)('%s is the tree that tar restores from it, path by path', (name) => {
    const archive = openPack(name)
    const local = new LocalTree(fixtureRoot(name))
    // An ordinary user cannot restore devices; the bytes of a name that is not UTF-8 are in neither listing.
    const comparable = ({ kind, name: entry }: Entry): boolean =>
      (isRoot || kind !== 'device') && !entry.includes('\uFFFD')
    const pending = ['']
    let compared = 0
    for (let path = pending.pop(); path !== undefined; path = pending.pop()) {
      const entries = archive.list(path).filter(comparable)
      expect(entries, path).toEqual(local.list(path).filter(comparable))
      for (const entry of entries) {
        const below = path === '' ? entry.name : `${path}/${entry.name}`
        compared++
        expect(archive.stat(below)?.kind, below).toBe(local.stat(below)?.kind)
        if (entry.kind === 'directory') pending.push(below)
        else expect(archive.stat(below)?.sizeBytes, below).toBe(local.stat(below)?.sizeBytes)
        if (entry.kind === 'file')
          expect(archive.read(below, 1e9).equals(local.read(below, 1e9)), below).toBe(true)
        if (entry.kind === 'symlink') expect(archive.readlink(below), below).toBe(local.readlink(below))
      }
    }
    expect(compared).toBeGreaterThan(100)
  })
})

const treeOf = (...members: readonly TarMember[]): ArchiveTree =>
  new ArchiveTree('test.tar.gz', gzipSync(writeTar(members)), 'top')

const linkTo = (target: string): readonly (readonly [number, string])[] => [[157, target]]

const names = (tree: ArchiveTree, path = ''): string[] => tree.list(path).map((entry) => entry.name)

describe('ArchiveTree', () => {
  it('leaves out members whose names climb, and those beside its top', () => {
    const tree = treeOf(
      { name: 'top/../../etc/passwd', content: 'x' },
      { name: 'top/a/../../b', content: 'x' },
      { name: '../top/c', content: 'x' },
      { name: 'other/d', content: 'x' },
      { name: './top//kept', content: 'kept' },
    )
    expect(names(tree)).toEqual(['kept'])
    expect(tree.readText('kept', 10)).toBe('kept')
  })

  it('does not follow paths that climb', () => {
    const tree = treeOf({ name: 'top/file', content: 'x' })
    expect(tree.stat('../top/file')).toBeNull()
    expect(tree.stat('./file')).toBeNull()
  })

  it('has one entry for the names of a hard link', () => {
    const tree = treeOf(
      { name: 'top/file', content: 'shared' },
      { name: 'top/again', flag: '1', raw: linkTo('top/file') },
    )
    expect(tree.readText('again', 10)).toBe('shared')
    expect(tree.node('again')).toBe(tree.node('file'))
    expect(tree.node('file')?.names).toBe(2)
  })

  it.each([
    ['climbs', '../../etc/passwd'],
    ['names the top itself', 'top'],
    ['names a directory', 'top/dir'],
    ['names nothing', 'top/absent'],
    ['lies beside the top', 'other/dir'],
  ])('takes a hard link whose target %s for no file and no directory', (_what, target) => {
    const tree = treeOf(
      { name: 'top/dir/', flag: '5' },
      { name: 'top/dir/link', flag: '1', raw: linkTo(target) },
    )
    // A link to a directory above itself would make a walk endless.
    expect(tree.stat('dir/link')?.kind).toBe('unknown')
    expect(tree.stat('dir/link/dir')).toBeNull()
  })

  it('has names that objects know of their own', () => {
    const tree = treeOf({ name: 'top/__proto__', content: 'a' }, { name: 'top/constructor/x', content: 'b' })
    expect(names(tree)).toEqual(['__proto__', 'constructor'])
    expect(tree.readText('__proto__', 10)).toBe('a')
    expect(tree.stat('toString')).toBeNull()
  })

  it('takes the last of several members of one name, and keeps what lies below a directory', () => {
    const tree = treeOf(
      { name: 'top/dir/inside', content: 'x' },
      { name: 'top/dir/', flag: '5' },
      { name: 'top/file', content: 'old' },
      { name: 'top/file', content: 'new' },
    )
    expect(names(tree, 'dir')).toEqual(['inside'])
    expect(tree.readText('file', 10)).toBe('new')
  })
})
