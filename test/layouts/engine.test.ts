import { mkdirSync, mkdtempSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { createCatalog } from '../../src/analysis/catalog.ts'
import { createReport } from '../../src/report/report.ts'
import type { Report } from '../../src/report/schema.ts'
import { scan } from '../../src/scan/scan.ts'
import { ContentSpec, writeContainerd } from '../support/containerd-root.ts'
import { removeTree } from '../support/restore-fixtures.ts'

let root: string
beforeEach(() => {
  root = mkdtempSync(join(tmpdir(), 'layerscope-engine-'))
})
afterEach(() => removeTree(root))

const CONFIG = { ID: 'c'.repeat(64), Name: '/web', Config: {}, State: {}, Driver: 'overlay2' }

function write(path: string, content: string | object = ''): void {
  const file = join(root, path)
  mkdirSync(dirname(file), { recursive: true })
  writeFileSync(file, typeof content === 'string' ? content : JSON.stringify(content))
}

function report(): Report {
  const { model, surveys } = scan([root], { measure: true })
  return createReport(createCatalog(model, surveys), { version: 'test', generatedAt: '2026-01-01T00:00:00Z' })
}

describe('the version that a root shows', () => {
  const config = `containers/${CONFIG.ID}/config.v2.json`
  const engine = () => report().roots[0]?.engine

  beforeEach(() => mkdirSync(join(root, 'image/overlay2/layerdb'), { recursive: true }))

  it.each([
    [[], '20.10', 'neither engine-id nor buildkit/history.db'],
    [['buildkit/history.db'], '23', 'buildkit/history.db exists'],
    [['buildkit/history.db', 'engine-id'], '23', 'engine-id exists'],
    [['buildkit/history_c8d.db', 'engine-id'], '28', 'buildkit/history_c8d.db exists'],
  ])('by its files %j is %s', (files, rule, why) => {
    for (const file of files) write(file)
    expect(engine()).toMatchObject({ rule, why: expect.stringContaining(why) })
  })

  it.each([
    [{}, '23', 'engine-id exists'],
    [{ ImageManifest: null }, '26', config],
    [{ NetworkSettings: { Networks: { bridge: { DNSNames: null } } } }, '26', config],
    [{ ImageManifest: null, ImagePlatform: {} }, '28', config],
  ])('is better known by a container with %j: %s', (members, rule, why) => {
    write('engine-id')
    write(config, { ...CONFIG, ...members })
    expect(engine()).toMatchObject({ rule, why: expect.stringContaining(why) })
  })

  it('is told by the next container where the config of one is damaged', () => {
    write(`containers/${'a'.repeat(64)}/config.v2.json`, '{')
    write(config, { ...CONFIG, ImagePlatform: {} })
    expect(engine()?.rule).toBe('28')
  })
})

describe("an image with an attestation in docker's containerd", () => {
  it.each([
    [{ ImageManifest: null }, 'leaves out', 0],
    [{ ImagePlatform: {} }, 'counts', 1],
  ])('by a docker that writes %j: its size %s that', (members, _what, times) => {
    const content = new ContentSpec()
    const image = content.image(['base'])
    const [base = ''] = image.chain
    const attestation = content.put({ schemaVersion: 2, config: { digest: 'sha256:gone' }, layers: [] })
    const lengthOf = (digest: string): number => content.get(digest)?.length ?? 0
    writeContainerd(root, 'containerd/daemon/', {
      content,
      version: 3,
      namespaces: {
        moby: {
          images: { 'docker.io/library/base:1': content.index([image.target], [attestation]) },
          snapshots: { [base]: {} },
        },
      },
    })
    write('engine-id')
    write(`containers/${CONFIG.ID}/config.v2.json`, { ...CONFIG, Driver: 'overlayfs', ...members })
    const { images, layers } = report()
    const platform = image.blobs.reduce((sum, digest) => sum + lengthOf(digest), 0)
    const unpacked = layers.find(({ id }) => id === base)?.size.content ?? 0
    expect(images.map(({ size }) => size.engine)).toEqual([
      platform + unpacked + times * lengthOf(attestation),
    ])
  })
})
