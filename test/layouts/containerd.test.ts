import { mkdirSync, readdirSync, readFileSync, rmSync, truncateSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, it } from 'vitest'
import { containerdPlaces } from '../../src/layouts/containerd/places.ts'
import type { FindingCode } from '../../src/model/findings.ts'
import type { Report } from '../../src/report/schema.ts'
import { copyOfFixture, fixtureRoot } from '../support/fixtures.ts'
import { reportOf } from '../support/scan-fixture.ts'

const healthy = reportOf(fixtureRoot('containerd'))
const { meta, content, ingest } = containerdPlaces('')
const OVERLAY = 'io.containerd.snapshotter.v1.overlayfs'

/** The report of a copy after something was done to it. */
function changed(change: (root: string) => void): Report {
  const { root, dispose } = copyOfFixture('containerd')
  try {
    change(root)
    return reportOf(root)
  } finally {
    dispose()
  }
}

const codes = (report: Report): FindingCode[] => report.findings.map(({ code }) => code)

const app = healthy.images.find(({ tags }) => tags.includes('docker.io/library/app:1'))
const blobOf = (digest: string): string => `${content}/sha256/${digest.slice(7)}`

describe('images of containerd', () => {
  it('groups the names of one target, in each namespace by itself', () => {
    const same = healthy.images.filter(({ id }) => id === app?.id)
    expect(same.map(({ tags, digests }) => [tags.length, digests.length])).toEqual([
      [2, 0],
      [1, 1],
    ])
  })

  it('counts an image that is not unpacked by its blobs alone', () => {
    const remote = healthy.images.find(({ tags }) => tags.includes('docker.io/library/remote:1'))
    expect(remote?.layers).toHaveLength(1)
    expect(remote?.history).toHaveLength(2)
  })

  it('holds snapshots by a label where nothing else does', () => {
    expect(healthy.layers.some(({ id }) => id === 'loose')).toBe(true)
  })
})

describe('damage to a containerd root', () => {
  it('names a blob whose file is gone', () => {
    const report = changed((root) => rmSync(join(root, blobOf(app?.id ?? ''))))
    expect(codes(report)).toContain('blob-missing')
    expect(report.images.map(({ id }) => id)).toContain(app?.id)
  })

  it('names a manifest whose bytes are others', () => {
    const path = blobOf(app?.id ?? '')
    const report = changed((root) => writeFileSync(join(root, path), '{}'))
    expect(codes(report)).toContain('image-config-damaged')
    expect(codes(report)).toContain('blob-size-mismatch')
  })

  it('names a snapshot whose directory is gone', () => {
    const report = changed((root) => rmSync(join(root, `${OVERLAY}/snapshots/1`), { recursive: true }))
    expect(codes(report)).toContain('snapshot-data-missing')
    expect(report.layers.find(({ path }) => path === `${OVERLAY}/snapshots/1`)).toBeUndefined()
  })

  it('calls data without a row a leftover, and a half-finished download too', () => {
    const blob = `${content}/sha256/${'a'.repeat(64)}`
    const report = changed((root) => {
      writeFileSync(join(root, blob), 'x')
      mkdirSync(join(root, `${OVERLAY}/snapshots/999/fs`), { recursive: true })
      mkdirSync(join(root, `${OVERLAY}/snapshots/new-123`))
      mkdirSync(join(root, `${ingest}/half`), { recursive: true })
      writeFileSync(join(root, `${ingest}/half/ref`), 'layer-sha256:abc')
    })
    expect(report.orphans.map(({ path, kind }) => [path, kind])).toEqual([
      [blob, 'leftover'],
      [`${ingest}/half`, 'leftover'],
      [`${OVERLAY}/snapshots/999`, 'leftover'],
      [`${OVERLAY}/snapshots/new-123`, 'leftover'],
    ])
  })

  it.each([
    ['emptied', (path: string) => truncateSync(path, 0)],
    ['cut off', (path: string) => truncateSync(path, 20_000)],
    ['without a sound meta page', (path: string) => writeFileSync(path, readFileSync(path).fill(1, 0, 8192))],
  ])('judges nothing where meta.db is %s', (_how, damage) => {
    const report = changed((root) => damage(join(root, meta)))
    expect(codes(report)).toContain('database-damaged')
    expect(report.complete).toBe(false)
    expect(report.orphans).toEqual([])
    expect(report.findings.some(({ code }) => code === 'collection-pending')).toBe(false)
  })

  it('reads all the rest where one page of meta.db is damaged, says so, and judges nothing', () => {
    const { root, dispose } = copyOfFixture('containerd')
    try {
      const path = join(root, meta)
      const sound = readFileSync(path)
      const pageSize = 4096
      // The pages after that are free.
      const USED_PAGES = 58
      const seen: { found: boolean; rest: number }[] = []
      for (let page = 2; page < USED_PAGES; page++) {
        const damaged = Buffer.from(sound)
        damaged.fill(0xee, page * pageSize, (page + 1) * pageSize)
        writeFileSync(path, damaged)
        const report = reportOf(root, { measure: false })
        const found = codes(report).includes('database-damaged')
        // A page that is free, or that only an older state uses, harms nothing.
        if (!found) expect(report.images.map(({ id }) => id)).toEqual(healthy.images.map(({ id }) => id))
        else expect([report.complete, report.orphans]).toEqual([false, []])
        expect(codes(report)).not.toContain('blob-missing')
        expect(report.images.map(({ id }) => id)).not.toContain('')
        seen.push({ found, rest: report.images.length + report.layers.length })
      }
      expect(seen.some(({ found }) => found)).toBe(true)
      expect(seen.some(({ found, rest }) => found && rest > 0)).toBe(true)
    } finally {
      dispose()
    }
  })

  it('judges no blob where meta.db is damaged and no snapshotter is there', () => {
    const report = changed((root) => {
      truncateSync(join(root, meta), 0)
      for (const name of ['overlayfs', 'native'])
        rmSync(join(root, `io.containerd.snapshotter.v1.${name}`), { recursive: true })
    })
    expect(report.orphans).toEqual([])
    expect(report.unjudged.length).toBe(
      readdirSync(join(fixtureRoot('containerd'), content, 'sha256')).length,
    )
  })

  it('judges no snapshot directory where the snapshotter cannot be read', () => {
    const report = changed((root) => truncateSync(join(root, `${OVERLAY}/metadata.db`), 0))
    expect(report.orphans).toEqual([])
    expect(report.unjudged.length).toBe(
      readdirSync(join(fixtureRoot('containerd'), OVERLAY, 'snapshots')).length,
    )
  })
})
