import { mkdirSync, mkdtempSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, describe, expect, it } from 'vitest'
import { workerPath } from '../../src/layouts/buildkit/places.ts'
import { DOCKER_BASE } from '../../src/layouts/containerd/places.ts'
import { ContentSpec, writeCacheRecords, writeContainerd } from '../support/containerd-root.ts'
import { removeTree } from '../support/restore-fixtures.ts'
import { reportOf } from '../support/scan-fixture.ts'

const root = mkdtempSync(join(tmpdir(), 'layerscope-snapshot-cache-'))
afterAll(() => removeTree(root))

const id = (letter: string): string => letter.repeat(25)
const [base, top, local, twin, lazy] = ['a', 'b', 'c', 'd', 'e'].map(id) as [
  string,
  string,
  string,
  string,
  string,
]

const content = new ContentSpec()
const built = content.image(['base', 'top'])
const pulled = content.image(['pulled'])
const [, , baseBlob = '', topBlob = ''] = built.blobs
const unused = content.put('compressed, in the cache alone')
const [builtBase = '', builtTop = ''] = built.chain
const [pulledTop = ''] = pulled.chain

writeContainerd(root, DOCKER_BASE, {
  content,
  namespaces: {
    moby: {
      images: { 'docker.io/library/built:1': built.target, 'docker.io/library/pulled:1': pulled.target },
      snapshots: {
        [builtBase]: { files: { a: 100 } },
        [builtTop]: { parent: builtBase },
        [pulledTop]: { usage: 8192 },
        [base]: { files: { a: 100 }, usage: 8192 },
        [top]: { parent: base },
        [`${top}-view`]: { parent: top, kind: 'view' },
        [local]: { kind: 'active', files: { Dockerfile: 50 } },
        [`${pulledTop}-view`]: { parent: pulledTop, kind: 'view' },
      },
      leases: {
        [base]: { labels: { 'containerd.io/gc.flat': 'now' }, content: [baseBlob], snapshots: [base] },
        [top]: { labels: { 'containerd.io/gc.flat': 'now' }, content: [topBlob, unused], snapshots: [top] },
        [`${top}-view`]: { snapshots: [`${top}-view`, `${pulledTop}-view`] },
        [local]: { snapshots: [local] },
        built: { content: [...built.blobs], snapshots: [builtTop] },
        pulled: { content: [...pulled.blobs], snapshots: [pulledTop] },
      },
    },
  },
})
writeCacheRecords(root, workerPath('overlayfs'), {
  [base]: { 'cache.blob': baseBlob, 'snapshot.size': 8200, 'snapshot.committed': true },
  [top]: {
    'cache.parent': base,
    'cache.blob': topBlob,
    'snapshot.size': 4100,
    'snapshot.committed': true,
  },
  [local]: { 'cache.recordType': 'source.local' },
  [twin]: {
    'cache.equalMutable': local,
    'cache.snapshot': twin,
    'snapshot.size': 12288,
    'snapshot.committed': true,
  },
  [lazy]: {
    'cache.snapshot': pulledTop,
    'cache.blob': unused,
    'cache.blobonly': true,
    'snapshot.size': 30,
    'snapshot.committed': true,
  },
})
mkdirSync(join(root, 'image'), { recursive: true })
writeFileSync(join(root, 'engine-id'), 'x')

const report = reportOf(root)
const record = (of: string) => report.cacheRecords.find((each) => each.id === of)

describe('the build cache of a Docker with its images in containerd', () => {
  it('is listed with its sizes, a mutable one with that of its twin', () => {
    expect(report.cacheRecords.map((each) => [each.id, each.size.content])).toEqual([
      [base, 8200],
      [top, 4100],
      [local, 12288],
      [lazy, 30],
    ])
    expect(record(local)?.twins).toEqual([twin])
  })

  it('is shared where the compressed layers are exactly those of an image, and below', () => {
    expect(report.cacheRecords.filter(({ shared }) => shared).map((each) => each.id)).toEqual([base, top])
  })

  it('owns its snapshots and views, which are no layers', () => {
    expect(report.layers.map((layer) => layer.id).sort()).toEqual([...built.chain, ...pulled.chain].sort())
    expect(record(lazy)).toMatchObject({
      layer: pulledTop,
      path: report.layers.find((layer) => layer.id === pulledTop)?.path,
    })
    expect(record(top)?.layer).toBeNull()
    expect(report.layers.find((layer) => layer.id === pulledTop)?.cacheRecords).toEqual([lazy])
  })

  it('is booked as build cache, with the compressed layers that no image has', () => {
    const booked = report.ledger.entries.find(({ category }) => category === 'build-cache')
    // Five directories with `fs` inside, two files in them, and one blob.
    expect(booked?.files).toBe(5 * 2 + 2 + 1)
    expect(report.orphans).toEqual([])
    expect(report.findings).toEqual([])
  })

  it('counts for docker system df: its snapshots with the images, its own row without what is shared', () => {
    const disk = record(local)?.size.disk ?? 0
    const blobs = [...built.blobs, ...pulled.blobs].reduce(
      (sum, digest) => sum + (content.get(digest)?.length ?? 0),
      0,
    )
    expect(report.engineView?.buildCache).toMatchObject({ total: 4, size: 12288 + 30 })
    expect(report.engineView?.images.size).toBe(4096 * 3 + 8192 * 2 + (disk - 4096) + blobs)
  })
})

it('says what is lost where the records of the build cache cannot be read, and makes no orphan of it', () => {
  writeFileSync(join(root, workerPath('overlayfs')), 'x'.repeat(9000))
  const damaged = reportOf(root)
  expect(damaged.findings.map(({ code }) => code)).toEqual(['database-damaged'])
  expect(damaged.complete).toBe(false)
  expect(damaged.orphans).toEqual([])
})
