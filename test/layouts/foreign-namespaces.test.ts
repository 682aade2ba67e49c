import { afterAll, describe, expect, it } from 'vitest'
import { createCatalog } from '../../src/analysis/catalog.ts'
import { createGround } from '../../src/analysis/whatif/ground.ts'
import { createReport } from '../../src/report/report.ts'
import { scan } from '../../src/scan/scan.ts'
import { ContentSpec } from '../support/containerd-root.ts'
import { dockerOnContainerd } from '../support/docker-on-containerd.ts'

const content = new ContentSpec()
const own = content.image(['own'])
const foreign = content.image(['foreign'])
const [ownLayer = ''] = own.chain
const [foreignLayer = ''] = foreign.chain

const { root, dispose } = dockerOnContainerd({
  content,
  namespaces: {
    default: {
      images: { 'docker.io/library/foreign:1': foreign.target },
      blobs: Object.fromEntries(foreign.blobs.map((digest) => [digest, content.labels[digest] ?? {}])),
      snapshots: { [foreignLayer]: { files: { f: 70_000 }, usage: 77_824 } },
    },
    moby: {
      images: { 'docker.io/library/own:1': own.target },
      blobs: Object.fromEntries(own.blobs.map((digest) => [digest, content.labels[digest] ?? {}])),
      snapshots: { [ownLayer]: { files: { f: 30_000 }, usage: 36_864 } },
    },
  },
})
afterAll(dispose)

const { model, surveys } = scan([root], { measure: true })
const catalog = createCatalog(model, surveys)
const report = createReport(catalog, { version: 'test', generatedAt: '2026-01-01T00:00:00Z' })

describe('a namespace of somebody else in the containerd that dockerd starts', () => {
  it('is neither in use by docker nor hidden', () => {
    expect(report.stores.map(({ namespace, active }) => [namespace, active])).toEqual([
      ['default', null],
      ['moby', true],
    ])
    expect(report.ledger.entries.some(({ category }) => category === 'hidden-stores')).toBe(false)
    expect([report.orphans, report.findings, report.complete]).toEqual([[], [], true])
  })

  it('is in no row of docker, whose own is counted', () => {
    const blobs = own.blobs.reduce((sum, digest) => sum + (content.get(digest)?.length ?? 0), 0)
    expect(report.engineView?.images).toMatchObject({ total: 1, size: 36_864 + blobs })
  })

  it('leaves docker the store in which its removals are played through', () => {
    expect([...(createGround(catalog, root)?.images.keys() ?? [])]).toEqual([own.target])
  })
})
