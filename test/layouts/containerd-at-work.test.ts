import { mkdirSync, mkdtempSync, rmSync, utimesSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { createCollector } from '../../src/layouts/collector.ts'
import { containerdPlaces, snapshotDirectory, snapshotterPath } from '../../src/layouts/containerd/places.ts'
import { readContainerdRoot } from '../../src/layouts/containerd/read-containerd-root.ts'
import { Source } from '../../src/layouts/source.ts'
import { LocalTree } from '../../src/tree/local.ts'
import { ContentSpec, writeContainerd } from '../support/containerd-root.ts'

const { content: BLOBS, ingest: INGEST } = containerdPlaces('')
const SNAPSHOTTER = snapshotterPath('', 'overlayfs')

let root: string
beforeEach(() => {
  root = mkdtempSync(join(tmpdir(), 'layerscope-at-work-'))
})
afterEach(() => rmSync(root, { recursive: true, force: true }))

/** Writes an image that stays and, while `both`, one that goes; gives the blobs and the snapshot of the latter. */
function write(both: boolean): { files: string[]; target: string; directory: string } {
  const stays = new ContentSpec()
  const kept = stays.image(['base'])
  const all = new ContentSpec(stays)
  Object.assign(all.labels, stays.labels)
  const gone = all.image(['app'])
  const blobs = [...all.keys()].filter((digest) => !stays.has(digest))
  const content = both ? all : stays
  writeContainerd(root, '', {
    content,
    namespaces: {
      default: {
        blobs: content.labels,
        images: { 'example.org/kept:1': kept.target, ...(both ? { 'example.org/gone:1': gone.target } : {}) },
        snapshots: {
          [kept.chain[0] ?? '']: { files: { base: 10 } },
          ...(both ? { [gone.chain[0] ?? '']: { files: { app: 10 } } } : {}),
        },
      },
    },
  })
  const files = blobs.map((digest) => `${BLOBS}/sha256/${digest.slice(7)}`)
  return { files, target: gone.target, directory: snapshotDirectory(SNAPSHOTTER, 2, 'committed') }
}

const remove = (...paths: string[]): void => {
  for (const path of paths) rmSync(join(root, path), { recursive: true })
}

/** Reads the root while something happens just before or after its tree is first asked for a path. */
function readWhile(
  [when, method, path]: ['before' | 'after', 'list' | 'stat' | 'read', string],
  happens: () => void,
) {
  const tree = new LocalTree(root)
  const original: (path: string, limit: number) => unknown = tree[method].bind(tree)
  let happened = false
  Object.assign(tree, {
    [method]: (asked: string, limit: number) => {
      const isNow = asked === path && !happened
      if (isNow) happened = true
      if (isNow && when === 'before') happens()
      const answer = original(asked, limit)
      if (isNow && when === 'after') happens()
      return answer
    },
  })
  const collector = createCollector()
  const source = new Source(tree, root, collector.findings, { onFile: () => true })
  readContainerdRoot(source, collector, null, [])
  expect(happened).toBe(true)
  return { ...collector, codes: collector.findings.map(({ code }) => code) }
}

/** Writes half a download, of which something came that long ago. */
function download(minutesAgo: number): void {
  const directory = join(root, `${INGEST}/half`)
  mkdirSync(directory, { recursive: true })
  writeFileSync(join(directory, 'ref'), 'layer')
  writeFileSync(join(directory, 'data'), 'x')
  const at = new Date(Date.now() - minutesAgo * 60_000)
  utimesSync(join(directory, 'data'), at, at)
}

describe('a download that has not ended', () => {
  it.each([
    ['may be at work', true, 1, []],
    ['has left it for hours', true, 600, ['leftover-temporary']],
    ['does not run', false, 1, ['leftover-temporary']],
  ])('where containerd %s', (_how, isRunning, minutesAgo, expected) => {
    write(true)
    download(minutesAgo)
    const collector = createCollector()
    const events = { onFile: () => true, isLocked: () => isRunning }
    readContainerdRoot(new Source(new LocalTree(root), root, collector.findings, events), collector, null, [])
    expect(collector.findings.map(({ code }) => code)).toEqual(expected)
    expect(collector.leftovers.map(({ path }) => path)).toEqual([`${INGEST}/half`])
  })
})

describe('a containerd that works while its root is read', () => {
  it('and removes an image between its rows and its blobs has lost no blob', () => {
    const { files } = write(true)
    const { codes } = readWhile(['before', 'list', `${BLOBS}/sha256`], () => {
      write(false)
      remove(...files)
    })
    expect(codes).toEqual([])
  })

  it('and removes an image between the listing and the read of its manifest has damaged none', () => {
    const { files, target } = write(true)
    const { codes } = readWhile(['before', 'read', `${BLOBS}/sha256/${target.slice(7)}`], () => {
      write(false)
      remove(...files)
    })
    expect(codes).toEqual([])
  })

  it('is told of a blob that is gone while its row stays', () => {
    const { files } = write(true)
    const { codes } = readWhile(['before', 'list', `${BLOBS}/sha256`], () => remove(...files))
    expect(codes).toEqual(files.map(() => 'blob-missing'))
  })

  it('and unpacks a snapshot after the listing has its directory', () => {
    const { directory } = write(false)
    const { codes, layers } = readWhile(['after', 'list', `${SNAPSHOTTER}/snapshots`], () => write(true))
    expect(codes).toEqual([])
    expect(layers.map(({ path }) => path)).toContain(directory)
  })

  it('and removes that snapshot again before it is looked for has lost none', () => {
    const { directory } = write(true)
    remove(directory)
    const { codes } = readWhile(['before', 'stat', directory], () => write(false))
    expect(codes).toEqual([])
  })

  it('is told of a snapshot that is gone while its row stays', () => {
    remove(write(true).directory)
    const { codes } = readWhile(['before', 'list', `${SNAPSHOTTER}/snapshots`], () => {})
    expect(codes).toEqual(['snapshot-data-missing'])
  })
})
