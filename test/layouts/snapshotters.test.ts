import { execFileSync } from 'node:child_process'
import { mkdirSync, mkdtempSync, rmSync, truncateSync, utimesSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { snapshotterPath } from '../../src/layouts/containerd/places.ts'
import type { Report } from '../../src/report/schema.ts'
import { ContentSpec, writeContainerd } from '../support/containerd-root.ts'
import { reportOf } from '../support/scan-fixture.ts'

let root: string
beforeEach(() => {
  root = mkdtempSync(join(tmpdir(), 'layerscope-snapshotters-'))
})
afterEach(() => rmSync(root, { recursive: true, force: true }))

const content = new ContentSpec()
const image = content.image(['base'])
const [base = ''] = image.chain

/** One image, a container on it, and a view of it. */
const write = (snapshotter: string): void =>
  writeContainerd(root, '', {
    content,
    snapshotter,
    namespaces: {
      default: {
        blobs: content.labels,
        images: { 'example.org/base:1': image.target },
        snapshots: {
          [base]: { files: { same: 5000, 'dir/edited': 5000 }, usage: 16_384 },
          web: { parent: base, kind: 'active', files: { same: 5000, 'dir/edited': 5001, new: 1 } },
          look: { parent: base, kind: 'view', files: { same: 5000, 'dir/edited': 5000 } },
        },
        containers: { web: 'web' },
        leases: { all: { snapshots: [base, 'web', 'look'] } },
      },
    },
  })

const soundness = ({ findings, orphans, complete }: Report) => [
  findings.filter(({ severity }) => severity !== 'info').map(({ code }) => code),
  orphans.map(({ path }) => path),
  complete,
]

describe('btrfs, whose snapshots are subvolumes', () => {
  const home = snapshotterPath('', 'btrfs')

  it('has them in three directories, one for each kind', () => {
    write('btrfs')
    const report = reportOf(root)
    expect(soundness(report)).toEqual([[], [], true])
    expect(report.layers.map(({ id, path }) => [id, path])).toEqual([
      ['look', `${home}/view/3`],
      [base, `${home}/snapshots/1`],
    ])
    expect(report.containers[0]?.layerPath).toBe(`${home}/active/2`)
    expect(report.ledger.unexplained.disk).toBe(0)
  })

  it('counts what a container changed, not all of its tree', () => {
    write('btrfs')
    const at = new Date(1_700_000_000_000)
    for (const tree of ['snapshots/1', 'active/2']) utimesSync(join(root, home, tree, 'same'), at, at)
    const blocks = (path: string): number =>
      Number(execFileSync('stat', ['-c', '%b', join(root, home, path)], { encoding: 'utf8' })) * 512
    const { writable } = reportOf(root).containers[0]?.size ?? {}
    expect(writable?.content).toBe(blocks('active/2/dir/edited') + blocks('active/2/new'))
    expect(writable?.disk).toBeGreaterThan(writable?.content ?? 0)
  })

  it('says nothing of what a container changed where the snapshot below is gone', () => {
    write('btrfs')
    rmSync(join(root, home, 'snapshots/1'), { recursive: true })
    expect(reportOf(root).containers[0]?.size.writable.content).toBeNull()
  })

  it('keeps for ever what no row names', () => {
    write('btrfs')
    for (const stray of ['active/rm-9', 'snapshots/9', 'view/9']) mkdirSync(join(root, home, stray))
    expect(reportOf(root).orphans.map(({ path, kind, reason }) => [path, kind, reason])).toEqual(
      ['active/rm-9', 'snapshots/9', 'view/9'].map((stray) => [
        `${home}/${stray}`,
        'orphan',
        'data that no record of any namespace names: containerd never removes it',
      ]),
    )
  })
})

describe.each(['devmapper', 'blockfile', 'zfs', 'erofs'])('%s, whose files nobody sees', (snapshotter) => {
  it('has writable layers of unknown size', () => {
    write(snapshotter)
    const report = reportOf(root)
    expect(soundness(report)).toEqual([[], [], true])
    expect(report.containers[0]?.size.writable).toEqual({ content: null, disk: null, files: null })
    expect(report.layers.map(({ id, size }) => [id, size])).toEqual([
      ['look', { content: null, disk: null, files: null }],
      [base, { content: 16_384, disk: null, files: null }],
    ])
    expect(report.images[0]?.size).toMatchObject({ disk: null })
  })
})

it('blockfile and erofs have files that take space on the disk all the same', () => {
  write('blockfile')
  const home = snapshotterPath('', 'blockfile')
  mkdirSync(join(root, home, 'snapshots'))
  for (const id of [1, 2]) writeFileSync(join(root, home, `snapshots/${id}`), Buffer.alloc(10_000, 'x'))
  const report = reportOf(root)
  expect(soundness(report)).toEqual([[], [], true])
  expect(report.containers[0]?.size.writable).toEqual({ content: null, disk: 12_288, files: 1 })
  expect(report.layers.find(({ id }) => id === base)?.size).toEqual({
    content: 16_384,
    disk: 12_288,
    files: 1,
  })
})

it('where a snapshotter cannot be read, nothing is known of what a container wrote', () => {
  write('overlayfs')
  truncateSync(join(root, snapshotterPath('', 'overlayfs'), 'metadata.db'), 0)
  const [web] = reportOf(root).containers
  expect(web?.size.writable).toEqual({ content: null, disk: null, files: null })
})
