import { mkdirSync, readdirSync, readFileSync, writeFileSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { describe, expect, it, onTestFinished } from 'vitest'
import type { Report } from '../../src/report/schema.ts'
import { copyOfFixture, type FixtureName } from '../support/fixtures.ts'
import { reportOf } from '../support/scan-fixture.ts'

/** The report of a copy of a root with more in it: a path that ends in a slash is a directory with a file. */
function reportWith(name: FixtureName, paths: (root: string) => readonly string[]): Report {
  const { root, dispose } = copyOfFixture(name)
  onTestFinished(dispose)
  for (const path of paths(root)) {
    const file = join(root, path.endsWith('/') ? `${path}file` : path)
    mkdirSync(dirname(file), { recursive: true })
    writeFileSync(file, 'unfinished')
  }
  return reportOf(root)
}

const kinds = (report: Report, ...paths: readonly string[]): (string | undefined)[] =>
  paths.map((path) => report.orphans.find((each) => each.path === path)?.kind)

/** The ledger still sums to the total, and every leftover is counted as temporary. */
function expectCounted(report: Report, paths: readonly string[]): void {
  for (const path of paths) {
    const leftover = report.orphans.find((each) => each.path === path)
    expect([path, leftover?.size.files]).toEqual([path, expect.any(Number)])
    expect(report.findings).toContainEqual(expect.objectContaining({ code: 'leftover-temporary', path }))
  }
  const temporary = report.ledger.entries.find(({ category }) => category === 'temporary')
  expect(temporary?.files).toBeGreaterThanOrEqual(paths.length)
  expect(report.ledger.unexplained.disk).toBe(0)
}

describe('what interrupted work left', () => {
  it('of builds and plugins is named', () => {
    const paths = [
      'buildkit/content/ingest/0123abcd',
      'buildkit/executor/abcdefghijklmnopqrstuvwxy',
      'plugins/tmp/.rootfs-123',
      'plugins/storage/ingest/4567',
    ]
    const report = reportWith('overlay2-buildkit', () => [
      ...paths.map((path) => `${path}/`),
      'buildkit/executor/resolv.conf',
      'buildkit/executor/not-an-id/',
    ])
    expect(kinds(report, ...paths)).toEqual(paths.map(() => 'leftover'))
    expectCounted(report, paths)
    expect(report.orphans.filter(({ path }) => path.startsWith('buildkit/executor'))).toHaveLength(1)
  })

  it('of writes to the records of containers and images is named', () => {
    let paths: string[] = []
    const report = reportWith('overlay2-buildkit', (root) => {
      const [id = ''] = readdirSync(join(root, 'containers'))
      paths = [
        `containers/${id}/.tmp-config.v2.json123`,
        `containers/${id}/.tmp-hostconfig.json456`,
        `image/overlay2/imagedb/content/sha256/.tmp-${'a'.repeat(64)}789`,
        'image/overlay2/.tmp-repositories.json123',
      ]
      return paths
    })
    expect(kinds(report, ...paths)).toEqual(paths.map(() => 'leftover'))
    expectCounted(report, paths)
  })

  it('in a directory that nobody owns is a part of that orphan', () => {
    const id = 'f'.repeat(64)
    const report = reportWith('overlay2-buildkit', () => [`containers/${id}/.tmp-config.v2.json123`])
    const found = report.orphans.filter(({ path }) => path.startsWith(`containers/${id}`))
    expect(found).toMatchObject([{ path: `containers/${id}`, kind: 'orphan', size: { files: 2 } }])
  })

  it('of a removal by aufs is a leftover and no orphan', () => {
    const id = 'e'.repeat(64)
    const paths = [`aufs/diff/${id}-removing`, `aufs/mnt/${id}-removing`]
    const report = reportWith('legacy-aufs', () => paths.map((path) => `${path}/`))
    expect(kinds(report, ...paths)).toEqual(['leftover', 'leftover'])
    expectCounted(report, paths)
  })

  it('of an unpacking by the first overlay is a leftover in the directory of its layer', () => {
    let paths: string[] = []
    const report = reportWith('overlay-layerdb', (root) => {
      const layers = join(root, 'image/overlay/layerdb/sha256')
      const cacheIds = readdirSync(layers).map((id) => readFileSync(join(layers, id, 'cache-id'), 'utf8'))
      paths = [`overlay/${cacheIds[0]}/tmproot123`]
      return [...paths.map((path) => `${path}/`), `overlay/${'d'.repeat(64)}/tmproot456/`]
    })
    expect(kinds(report, ...paths)).toEqual(['leftover'])
    expect(kinds(report, `overlay/${'d'.repeat(64)}`)).toEqual(['orphan'])
    expectCounted(report, paths)
  })
})
