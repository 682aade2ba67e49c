import { execFileSync } from 'node:child_process'
import {
  linkSync,
  mkdirSync,
  mkdtempSync,
  readFileSync,
  rmSync,
  symlinkSync,
  truncateSync,
  writeFileSync,
} from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { describe, expect, it, onTestFinished } from 'vitest'
import { KIND_LETTERS, SizedDirectory } from '../../../src/scan/browse/sized-directory.ts'
import { ArchiveTree } from '../../../src/tree/archive.ts'
import { LocalTree } from '../../../src/tree/local.ts'
import { DEEP_FILE_BYTES, DEEP_NAME, makeDeepTree } from '../../support/deep-tree.ts'
import { fixtureRoot } from '../../support/fixtures.ts'
import { removeTree } from '../../support/restore-fixtures.ts'

interface Sized {
  readonly rows: ReadonlyMap<string, { kind: string; content: number; disk: number; inodes: number }>
  readonly disk: number
  readonly parts: number
}

/** Walks a directory in parts of that length to the end. */
function sized(
  root: string,
  path: string,
  milliseconds = 1000,
  apart: ReadonlySet<string> = new Set(),
): Sized {
  const directory = new SizedDirectory(new LocalTree(root), path, apart)
  const { listing } = directory
  const names = listing.kinds === '' ? [] : listing.names.split('\0')
  const rows = names.map((name, row) => ({
    name,
    kind: KIND_LETTERS[listing.kinds[row] ?? ''] ?? '',
    content: listing.contentBytes[row] ?? 0,
    disk: listing.diskBytes[row] ?? 0,
    inodes: 1,
  }))
  for (let parts = 1; ; parts++) {
    const part = directory.next(milliseconds)
    for (const [index, place] of part.rows.entries()) {
      const row = rows[place]
      if (row === undefined) throw new Error(`there is no row ${place}`)
      row.content = part.contentBytes[index] ?? 0
      row.disk = part.diskBytes[index] ?? 0
      row.inodes = part.inodes[index] ?? 0
    }
    if (!part.isDone) continue
    const disk = rows.reduce((sum, row) => sum + row.disk, listing.ownDiskBytes)
    return { rows: new Map(rows.map((row) => [row.name, row])), disk, parts }
  }
}

const du = (path: string): number =>
  Number.parseInt(execFileSync('du', ['-sxB1', path], { encoding: 'utf8' }), 10)

function scratch(): string {
  const directory = mkdtempSync(join(tmpdir(), 'layerscope-browse-'))
  onTestFinished(() => rmSync(directory, { recursive: true, force: true }))
  return directory
}

describe('a directory with the sizes of what is in it', () => {
  it.each(['overlay2-buildkit', 'legacy-aufs', 'podman-overlay', 'containerd'] as const)(
    'is the sum that du gives, for every directory of %s',
    (name) => {
      const root = fixtureRoot(name)
      const directories = execFileSync('find', [root, '-type', 'd', '-printf', '%P\\0'], { encoding: 'utf8' })
        .split('\0')
        .filter((path, index) => index % 23 === 0 || !path.includes('/'))
      for (const path of directories.slice(0, 40)) expect(sized(root, path).disk).toBe(du(join(root, path)))
      expect(directories.length).toBeGreaterThan(3)
    },
    60_000,
  )

  it('counts an inode with several names once, at the directory itself first', () => {
    const root = scratch()
    mkdirSync(join(root, 'a'))
    writeFileSync(join(root, 'a/one'), 'x'.repeat(10_000))
    linkSync(join(root, 'a/one'), join(root, 'z'))
    linkSync(join(root, 'a/one'), join(root, 'a/two'))
    const { rows, disk } = sized(root, '')
    expect(rows.get('z')?.disk).toBe(12_288)
    expect(rows.get('a')?.inodes).toBe(1)
    expect(disk).toBe(du(root))
  })

  it('gives the same in many small parts as in one', () => {
    const root = scratch()
    for (let index = 0; index < 60; index++) {
      mkdirSync(join(root, `d${index % 7}/e${index}`), { recursive: true })
      writeFileSync(join(root, `d${index % 7}/e${index}/f`), 'x'.repeat(index * 100))
    }
    const once = sized(root, '')
    const often = sized(root, '', -1)
    expect(often.parts).toBeGreaterThan(once.parts)
    expect(often.rows).toEqual(once.rows)
  })

  it('follows no link, enters no mount point, and says what is sparse', () => {
    const root = scratch()
    symlinkSync('/usr', join(root, 'link'))
    mkdirSync(join(root, 'mounted'))
    writeFileSync(join(root, 'mounted/large'), 'x'.repeat(50_000))
    writeFileSync(join(root, 'sparse'), 'x')
    truncateSync(join(root, 'sparse'), 40e9)
    const { rows } = sized(root, '', 1000, new Set([join(root, 'mounted')]))
    expect(rows.get('link')).toMatchObject({ kind: 'symlink', content: 4 })
    expect(rows.get('mounted')).toMatchObject({ kind: 'mount', disk: 0 })
    expect(rows.get('sparse')).toMatchObject({ content: 40e9, disk: 4096 })
    expect(() => new SizedDirectory(new LocalTree(root), 'link/bin', new Set())).toThrow('nothing lies at')
  })

  it('knows names whose bytes are no UTF-8, and what lies below them', () => {
    const root = scratch()
    const odd = Buffer.concat([Buffer.from(`${root}/odd`), Buffer.from([0xff])])
    mkdirSync(odd)
    writeFileSync(Buffer.concat([odd, Buffer.from('/file')]), 'x'.repeat(5000))
    expect(sized(root, '').rows.get('odd\udcff')).toMatchObject({ kind: 'directory', content: 5000 })
    expect(sized(root, 'odd\udcff').rows.get('file')?.content).toBe(5000)
  })

  it('of a file it is that file alone', () => {
    const root = scratch()
    writeFileSync(join(root, 'one'), 'x')
    writeFileSync(join(root, 'two'), 'xx')
    expect([...sized(root, 'two').rows.keys()]).toEqual(['two'])
  })
})

it('works in an archive too, and says that its blocks are estimated', () => {
  const file = fileURLToPath(new URL('../../../fixtures/var-lib-docker/legacy-aufs.tar.gz', import.meta.url))
  const tree = new ArchiveTree(file, readFileSync(file), 'legacy-aufs')
  const directory = new SizedDirectory(tree, 'containers', new Set())
  expect(directory.listing.isEstimated).toBe(true)
  expect(directory.next(1000).rows).toHaveLength(directory.listing.names.split('\0').length)
})

it('sums up and lists what lies deeper than the longest path that the system takes', () => {
  const root = mkdtempSync(join(tmpdir(), 'layerscope-deep-'))
  onTestFinished(() => removeTree(root))
  makeDeepTree(root, 40)
  expect(sized(root, '').disk).toBe(du(root))
  const below = sized(root, Array.from({ length: 39 }, () => DEEP_NAME).join('/'))
  expect([...below.rows.keys()]).toEqual(['file', DEEP_NAME])
  expect(below.rows.get(DEEP_NAME)?.content).toBe(DEEP_FILE_BYTES)
})
