import { execFileSync } from 'node:child_process'
import {
  cpSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  rmSync,
  truncateSync,
  utimesSync,
  writeFileSync,
} from 'node:fs'
import { join } from 'node:path'
import { afterEach, describe, expect, it } from 'vitest'
import type { Report } from '../../../src/report/schema.ts'
import { copyOfFixture, type FixtureName, fixtureRoot } from '../../support/fixtures.ts'
import { reportOf } from '../../support/scan-fixture.ts'

const cleanups: (() => void)[] = []
afterEach(() => {
  for (const dispose of cleanups.splice(0)) dispose()
})

function copy(name: FixtureName): string {
  const { root, dispose } = copyOfFixture(name)
  cleanups.push(dispose)
  return root
}

/** A place that cannot be listed, even by root. */
function close(root: string, path: string): void {
  rmSync(join(root, path), { recursive: true })
  writeFileSync(join(root, path), '')
}

const pathsOf = ({ orphans }: Report, home: string): string[] =>
  orphans.map(({ path }) => path).filter((path) => path.startsWith(home))

const CONTAINER = '[0-9a-f]{64}'

describe('what an unreadable record may own is no orphan', () => {
  it('the layers of an old container whose config is cut', () => {
    const root = copy('legacy-aufs')
    const [id = ''] = readdirSync(join(root, 'containers'))
    const config = join(root, 'containers', id, 'config.json')
    truncateSync(config, Math.floor(readFileSync(config).length / 2))
    const report = reportOf(root)
    expect(pathsOf(report, '').filter((path) => path.includes(id))).toEqual([])
    expect(report.complete).toBe(false)
  })

  it('all layers of old containers that cannot be listed', () => {
    const root = copy('legacy-aufs')
    close(root, 'containers')
    const report = reportOf(root)
    expect(pathsOf(report, 'aufs/')).toEqual([])
    expect(report.unjudged.filter(({ path }) => path.startsWith('aufs/')).length).toBeGreaterThan(0)
  })

  it.each([
    ['a container is unreadable', (root: string) => rmSync(join(root, 'containers'), { recursive: true })],
    ['the volumes cannot be listed', (root: string) => close(root, 'volumes')],
  ])('the data of an old volume, where %s', (_what, damage) => {
    const root = copy('legacy-vfs')
    const volume = 'c'.repeat(64)
    mkdirSync(join(root, 'vfs/dir', volume))
    utimesSync(join(root, 'vfs/dir', volume), 0, 0)
    expect(pathsOf(reportOf(root), 'vfs/dir/')).toEqual([`vfs/dir/${volume}`])
    damage(root)
    mkdirSync(join(root, 'containers/x'), { recursive: true })
    writeFileSync(join(root, 'containers/x/config.json'), '{')
    expect(pathsOf(reportOf(root), 'vfs/dir/')).toEqual([])
  })

  it.each([
    ['snapshots.db', (file: string) => truncateSync(file, 0)],
    ['snapshots.db', (file: string) => truncateSync(file, 9000)],
    ['snapshots.db', (file: string) => rmSync(file)],
    ['metadata_v2.db', (file: string) => truncateSync(file, 0)],
    ['metadata_v2.db', (file: string) => writeFileSync(file, Buffer.alloc(32768))],
    ['metadata_v2.db', (file: string) => rmSync(file)],
  ])('what BuildKit holds, where its %s is lost (%#)', (database, damage) => {
    const root = copy('overlay2-buildkit')
    damage(join(root, 'buildkit', database))
    const report = reportOf(root)
    expect(pathsOf(report, 'overlay2/')).toEqual([])
    expect(report.findings.map(({ code }) => code)).not.toContain('layer-unreferenced')
    expect(report.findings.filter(({ path }) => path === `buildkit/${database}`)).toMatchObject([
      { severity: 'error' },
    ])
    expect(report.complete).toBe(false)
  })

  it('a writable layer whose mount is lost while the container is there', () => {
    const root = copy('overlay2-buildkit')
    const mounts = join(root, 'image/overlay2/layerdb/mounts')
    const [id = ''] = readdirSync(mounts)
    const mountId = readFileSync(join(mounts, id, 'mount-id'), 'utf8')
    rmSync(join(mounts, id), { recursive: true })
    const report = reportOf(root)
    expect(pathsOf(report, 'overlay2/')).toEqual([])
    expect(report.unjudged.map(({ path }) => path)).toContain(`overlay2/${mountId}`)
  })

  it.each(['layerdb/mounts', 'layerdb'])('what the records in %s own, where they are lost', (part) => {
    const root = copy('overlay2-buildkit')
    close(root, `image/overlay2/${part}`)
    expect(pathsOf(reportOf(root), 'overlay2/')).toEqual([])
    rmSync(join(root, `image/overlay2/${part}`))
    expect(pathsOf(reportOf(root), 'overlay2/')).toEqual([])
  })
})

describe('what something else holds as well is not listed', () => {
  it("BuildKit's directories, where the storage driver was switched since", () => {
    const root = copy('overlay2-buildkit')
    const before = reportOf(root).cacheRecords
    for (const part of ['image/vfs', 'vfs'])
      execFileSync('cp', ['-a', join(fixtureRoot('vfs-layerdb'), part), join(root, part)])
    const now = new Date()
    utimesSync(join(root, 'image/vfs/repositories.json'), now, now)
    const report = reportOf(root)
    expect(report.stores.map(({ driver, active }) => [driver, active])).toEqual([
      ['overlay2', false],
      ['vfs', true],
    ])
    expect(pathsOf(report, 'overlay2/')).toEqual([])
    expect(report.cacheRecords.map(({ id, path, size }) => [id, path, size.disk])).toEqual(
      before.map(({ id, path, size }) => [id, path, size.disk]),
    )
  })

  it('the files of a living layer, which a removal that began names', () => {
    const root = copy('overlay2-buildkit')
    const layers = join(root, 'image/overlay2/layerdb/sha256')
    const [live = ''] = readdirSync(layers)
    const removing = `${'a'.repeat(64)}-${'b'.repeat(64)}-removing`
    cpSync(join(layers, live), join(layers, removing), { recursive: true })
    expect(reportOf(root).orphans.map(({ path }) => path)).toEqual([
      `image/overlay2/layerdb/sha256/${removing}`,
    ])
  })

  it('the layers that an upgrade from the old layout took over', () => {
    const root = copy('legacy-aufs')
    // As Docker 1.10 leaves it: the layer's files stay where they were, under the old image's id.
    const [old = ''] = readdirSync(join(root, 'graph')).filter((name) => new RegExp(CONTAINER).test(name))
    const chain = 'd'.repeat(64)
    const layer = join(root, 'image/aufs/layerdb/sha256', chain)
    mkdirSync(layer, { recursive: true })
    writeFileSync(join(layer, 'diff'), `sha256:${chain}`)
    writeFileSync(join(layer, 'size'), '1')
    writeFileSync(join(layer, 'cache-id'), old)
    writeFileSync(join(root, 'image/aufs/repositories.json'), '{"Repositories":{}}')
    const report = reportOf(root)
    const hidden = report.orphans.filter(({ kind }) => kind === 'hidden')
    expect(hidden.map(({ path }) => path)).toEqual(['aufs/diff', 'graph'])
    // Each byte of it stands in the ledger too, under one of the hidden stores.
    const booked = report.ledger.entries.find(({ category }) => category === 'hidden-stores')?.disk ?? 0
    const listed = hidden.reduce((sum, { size }) => sum + (size?.disk ?? 0), 0)
    expect(listed).toBeLessThanOrEqual(booked)
  })
})
