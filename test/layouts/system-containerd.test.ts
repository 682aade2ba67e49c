import { mkdirSync, mkdtempSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, describe, expect, it } from 'vitest'
import { createCatalog } from '../../src/analysis/catalog.ts'
import { workerPath } from '../../src/layouts/buildkit/places.ts'
import { describeRoot, whyNoEngineView } from '../../src/report/df.ts'
import { createReport } from '../../src/report/report.ts'
import type { Report } from '../../src/report/schema.ts'
import { scan } from '../../src/scan/scan.ts'
import { ContentSpec, writeCacheRecords, writeContainerd } from '../support/containerd-root.ts'
import { removeTree } from '../support/restore-fixtures.ts'

const host = mkdtempSync(join(tmpdir(), 'layerscope-system-containerd-'))
const [docker, containerd] = [join(host, 'docker'), join(host, 'containerd')]
afterAll(() => removeTree(host))

const CONTAINER = 'c'.repeat(64)
const RECORD = 'r'.repeat(25)
const content = new ContentSpec()
const image = content.image(['base'])
const [base = ''] = image.chain
const other = content.image(['base', 'more'])
const top = other.chain[1] ?? ''

writeContainerd(containerd, '', {
  content,
  namespaces: {
    moby: {
      images: {
        'docker.io/library/base:1': image.target,
        'docker.io/library/other:1': other.target,
      },
      snapshots: {
        [base]: {},
        [top]: { parent: base },
        [`${CONTAINER}-init`]: { parent: base },
        [CONTAINER]: { parent: `${CONTAINER}-init`, kind: 'active', files: { written: 5000 } },
        [RECORD]: { parent: base },
      },
      leases: {
        image: { content: [...new Set([...image.blobs, ...other.blobs])], snapshots: [base, top] },
        [CONTAINER]: { snapshots: [CONTAINER, `${CONTAINER}-init`] },
        [RECORD]: { snapshots: [RECORD] },
      },
    },
  },
})
mkdirSync(join(docker, `containers/${CONTAINER}`), { recursive: true })
mkdirSync(join(docker, 'rootfs/overlayfs'), { recursive: true })
writeFileSync(join(docker, 'engine-id'), 'x')
writeFileSync(
  join(docker, `containers/${CONTAINER}/config.v2.json`),
  JSON.stringify({
    ID: CONTAINER,
    Name: '/web',
    Driver: 'overlayfs',
    Image: image.target,
    Config: { Image: 'base:1' },
    State: { StartedAt: '2026-01-01T00:00:00Z' },
    Created: '2026-01-01T00:00:00Z',
  }),
)
writeFileSync(join(docker, `containers/${CONTAINER}/hostconfig.json`), '{}')
writeCacheRecords(docker, workerPath('overlayfs'), {
  [RECORD]: { 'snapshot.size': 4096, 'snapshot.committed': true },
})

function reportOfRoots(...roots: string[]): Report {
  const { model, surveys } = scan(roots, { measure: true })
  return createReport(createCatalog(model, surveys), { version: 'test', generatedAt: '2026-01-01T00:00:00Z' })
}

describe.each([
  ['docker first', [docker, containerd]],
  ['containerd first', [containerd, docker]],
])('a docker on the containerd of the system, %s', (_order, roots) => {
  const report = reportOfRoots(...roots)

  it('joins containers, images and build cache over both roots', () => {
    expect(report.containers).toMatchObject([
      { name: 'web', state: 'exited', loaded: true, baseLayer: base, store: report.stores[0]?.id },
    ])
    expect(report.containers[0]?.size.writable.content).toBeGreaterThan(5000)
    expect(report.images.map(({ tags, containers }) => [...tags, ...containers]).sort()).toEqual([
      ['base:1', CONTAINER],
      ['other:1'],
    ])
    expect(report.layers.map(({ id }) => id).sort()).toEqual([base, top].sort())
    expect(report.cacheRecords.map(({ id, size }) => [id, size.content, (size.disk ?? 0) > 0])).toEqual([
      [RECORD, 4096, true],
    ])
  })

  it('gives what docker system df prints, for the root of docker', () => {
    expect(report.engineView).toMatchObject({
      root: docker,
      images: { total: 2, active: 1 },
      containers: { total: 1, size: report.containers[0]?.size.writable.content },
      buildCache: { total: 1, size: 4096 },
    })
  })

  it('calls shared what docker does: the layers of several images, not their blobs', () => {
    const below = report.layers.find(({ id }) => id === base)?.size.content ?? 0
    expect(below).toBeGreaterThan(0)
    expect(report.images.map(({ size }) => size.shared)).toEqual([below, below])
  })

  it('keeps the order of the roots, and invents nothing', () => {
    expect(report.roots.map(({ path }) => path)).toEqual(roots)
    expect([report.orphans, report.findings, report.complete]).toEqual([[], [], true])
  })
})

it('says where the rest is when the root of docker is read alone', () => {
  const report = reportOfRoots(docker)
  expect(report.findings.map(({ code }) => code)).toEqual(['images-elsewhere'])
  expect(report.complete).toBe(false)
  expect(report.containers).toMatchObject([{ name: 'web', state: 'exited', store: null, loaded: true }])
  expect(report.orphans).toEqual([])
})

it('says whose images these are when the root of containerd is read alone', () => {
  const report = reportOfRoots(containerd)
  expect(report.stores.map(({ why }) => why)).toEqual([
    expect.stringContaining('whose own root was not read'),
  ])
  expect([report.orphans, report.findings]).toEqual([[], []])
})

it('names the store at the root of docker, and the summary at the root of containerd', () => {
  const report = reportOfRoots(docker, containerd)
  const display = { units: 'decimal', truncate: true, nowMs: 0 } as const
  const [ofDocker, ofContainerd] = report.roots
  expect(ofDocker && describeRoot(report, ofDocker, display)[0]).toBe(
    `${docker}: containerd/overlayfs in ${containerd}`,
  )
  expect(ofContainerd && whyNoEngineView(report, ofContainerd)).toBe(
    `What docker keeps in ${containerd} is in the summary of ${docker}.`,
  )
})
