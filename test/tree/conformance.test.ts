import { execFileSync } from 'node:child_process'
import { linkSync, mkdirSync, readFileSync, symlinkSync, writeFileSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { describe, expect, it } from 'vitest'
import { ArchiveTree } from '../../src/tree/archive.ts'
import { LocalTree } from '../../src/tree/local.ts'
import { type Tree, TreeError } from '../../src/tree/tree.ts'
import { scratch } from './scratch.ts'

/** The same small tree for every implementation, with one entry of each kind that a test can make without rights. */
function makeTop(): string {
  const top = join(scratch(), 'top')
  mkdirSync(join(top, 'dir/empty'), { recursive: true })
  mkdirSync(join(top, 'real'))
  writeFileSync(join(top, 'dir/file'), 'content')
  writeFileSync(join(top, 'real/inside'), 'inside')
  writeFileSync(join(top, 'latin'), Buffer.from([0x61, 0xff, 0x62]))
  writeFileSync(join(top, 'none'), '')
  linkSync(join(top, 'dir/file'), join(top, 'hard'))
  symlinkSync('real', join(top, 'way'))
  symlinkSync('/etc/passwd', join(top, 'out'))
  symlinkSync('nowhere', join(top, 'broken'))
  execFileSync('mkfifo', [join(top, 'pipe')])
  return top
}

function openLocal(): Tree {
  return new LocalTree(makeTop())
}

function openArchive(): Tree {
  const top = makeTop()
  const file = join(dirname(top), 'top.tar.gz')
  execFileSync('tar', ['-czf', file, '-C', dirname(top), 'top'])
  return new ArchiveTree(file, readFileSync(file), 'top')
}

/** The code of the TreeError that a call throws; any other error fails the test. */
function codeOf(call: () => unknown): string {
  try {
    return `gave ${JSON.stringify(call())}`
  } catch (error) {
    if (error instanceof TreeError) return error.code
    throw error
  }
}

describe.each([
  ['a local directory', openLocal],
  ['an archive', openArchive],
])('the tree of %s', (_name, open) => {
  it('lists names in order with their kinds', () => {
    expect(open().list('')).toEqual([
      { name: 'broken', kind: 'symlink' },
      { name: 'dir', kind: 'directory' },
      { name: 'hard', kind: 'file' },
      { name: 'latin', kind: 'file' },
      { name: 'none', kind: 'file' },
      { name: 'out', kind: 'symlink' },
      { name: 'pipe', kind: 'fifo' },
      { name: 'real', kind: 'directory' },
      { name: 'way', kind: 'symlink' },
    ])
    expect(open().list('dir/empty')).toEqual([])
  })

  it('tells what lies at a path without following it', () => {
    const tree = open()
    expect(tree.stat('')?.kind).toBe('directory')
    expect(tree.stat('dir/file')).toMatchObject({ kind: 'file', sizeBytes: 7 })
    expect(tree.stat('out')).toMatchObject({ kind: 'symlink', sizeBytes: '/etc/passwd'.length })
    expect(tree.stat('pipe')?.kind).toBe('fifo')
    expect(tree.stat('absent')).toBeNull()
    expect(tree.stat('absent/below')).toBeNull()
    expect(tree.stat('dir/file/below')).toBeNull()
  })

  it('reads regular files whole, as text, and their start', () => {
    const tree = open()
    expect(tree.read('dir/file', 7).toString()).toBe('content')
    expect(tree.read('hard', 7).toString()).toBe('content')
    expect(tree.read('none', 0)).toHaveLength(0)
    expect(tree.readText('latin', 100)).toBe('a\uFFFDb')
    expect(tree.readStart('dir/file', 3).toString()).toBe('con')
    expect(tree.readStart('dir/file', 100).toString()).toBe('content')
  })

  it('refuses what is too large, missing or no regular file', () => {
    const tree = open()
    expect(codeOf(() => tree.read('dir/file', 6))).toBe('too-large')
    expect(codeOf(() => tree.readText('dir/file', 6))).toBe('too-large')
    expect(codeOf(() => tree.read('absent', 1))).toBe('missing')
    expect(codeOf(() => tree.read('absent/below', 1))).toBe('missing')
    expect(codeOf(() => tree.read('dir', 1))).toBe('not-regular')
    expect(codeOf(() => tree.read('pipe', 1))).toBe('not-regular')
    expect(codeOf(() => tree.readText('pipe', 1))).toBe('not-regular')
    expect(codeOf(() => tree.readStart('pipe', 1))).toBe('not-regular')
    expect(codeOf(() => tree.list('absent'))).toBe('missing')
    expect(codeOf(() => tree.list('dir/file'))).toBe('not-directory')
  })

  it('gives the target of a link as it stands there, and follows none', () => {
    const tree = open()
    expect(tree.readlink('out')).toBe('/etc/passwd')
    expect(tree.readlink('broken')).toBe('nowhere')
    expect(codeOf(() => tree.readlink('dir/file'))).toBe('io')
    expect(codeOf(() => tree.readlink('absent'))).toBe('missing')
    expect(codeOf(() => tree.read('out', 1e6))).toBe('symlink')
    expect(codeOf(() => tree.readStart('out', 10))).toBe('symlink')
    expect(codeOf(() => tree.list('way'))).toBe('symlink')
  })

  it('does not go through a link in the middle of a path', () => {
    const tree = open()
    for (const call of [
      () => tree.read('way/inside', 100),
      () => tree.readText('way/inside', 100),
      () => tree.readStart('way/inside', 100),
      () => tree.list('way/empty'),
      () => tree.readlink('way/inside'),
    ])
      expect(codeOf(call)).toMatch(/^(symlink|missing)$/)
    // The directory that the link leads to is known by then, under its own name only.
    expect(tree.readText('real/inside', 100)).toBe('inside')
    expect(codeOf(() => tree.read('way/inside', 100))).toMatch(/^(symlink|missing)$/)
  })
})
