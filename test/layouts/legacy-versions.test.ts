import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, describe, expect, it } from 'vitest'
import type { Report } from '../../src/report/schema.ts'
import { reportOf } from '../support/scan-fixture.ts'

const made: string[] = []

afterAll(() => {
  for (const root of made) rmSync(root, { recursive: true })
})

/** Makes a root of the given files; objects become JSON, names ending in a slash become directories. */
function rootOf(files: Readonly<Record<string, unknown>>): Report {
  const root = mkdtempSync(join(tmpdir(), 'layerscope-legacy-'))
  made.push(root)
  for (const [path, content] of Object.entries(files)) {
    const at = join(root, path)
    mkdirSync(path.endsWith('/') ? at : join(at, '..'), { recursive: true })
    if (!path.endsWith('/'))
      writeFileSync(at, typeof content === 'string' ? content : JSON.stringify(content))
  }
  return reportOf(root)
}

const id = (digit: string): string => digit.repeat(64)

const errors = (report: Report): string[] =>
  report.findings.filter((finding) => finding.severity === 'error').map((finding) => finding.message)

describe('Docker 0.6, whose graph holds the files itself', () => {
  const report = rootOf({
    repositories: { Repositories: { busybox: { latest: id('b') } } },
    [`graph/${id('a')}/json`]: { id: id('a'), created: '2013-10-01T10:00:00Z', Size: 0 },
    [`graph/${id('a')}/layersize`]: '8192',
    [`graph/${id('a')}/layer/file`]: 'x',
    [`graph/${id('b')}/json`]: { id: id('b'), parent: id('a'), created: '2013-10-02T10:00:00Z' },
    [`graph/${id('b')}/layersize`]: '4097',
    [`graph/${id('b')}/layer/`]: '',
    'graph/_tmp/_dockerinit/': '',
    [`containers/${id('c')}/config.json`]: {
      ID: id('c'),
      Created: '2013-10-03T10:00:00Z',
      Path: 'sh',
      Args: ['-c', 'true'],
      Config: { Image: 'busybox' },
      State: { Running: false, StartedAt: '2013-10-03T10:00:01Z' },
      Image: id('b'),
      Volumes: { '/data': `/var/lib/docker/volumes/${id('d')}/layer` },
      VolumesRW: { '/data': true },
    },
    [`containers/${id('c')}/hostconfig.json`]: {},
    [`containers/${id('c')}/rw/written`]: 'hello',
    [`volumes/${id('d')}/json`]: { id: id('d'), created: '2013-10-03T10:00:00Z' },
    [`volumes/${id('d')}/layer/file`]: 'volume',
  })

  it('gives the chain, the sizes and the names', () => {
    const image = report.images.find((each) => each.id === id('b'))
    expect(image?.tags).toEqual(['busybox:latest'])
    expect(image?.layers).toEqual([id('a'), id('b')])
    expect(image?.size.engine).toBe(8192 + 4097)
    expect(report.images.find((each) => each.id === id('a'))?.intermediate).toBe(true)
    expect(report.stores.map((store) => [store.layout, store.driver, store.active])).toEqual([
      ['graph', 'graph', true],
    ])
  })

  it('finds what the container wrote, and its volume', () => {
    const [container] = report.containers
    expect(container?.layerPath).toBe(`containers/${id('c')}/rw`)
    expect(container?.size.writable.content).toBe(5)
    expect(container?.volumes).toEqual([id('d')])
    expect(report.volumes.map((volume) => [volume.name, volume.size.content])).toEqual([[id('d'), 6]])
  })

  it('finds nothing wrong, and nothing without an owner', () => {
    expect(errors(report)).toEqual([])
    expect(report.orphans).toEqual([])
  })
})

describe('Docker 1.0, with an image that came by docker load', () => {
  const report = rootOf({
    'repositories-aufs': { Repositories: { loaded: { '1': id('a') } } },
    [`graph/${id('a')}/json`]: {
      Id: id('a'),
      Parent: '',
      Created: '2014-06-01T10:00:00Z',
      ContainerConfig: { Cmd: ['ignored: not the spelling that Go matches'] },
      Config: { Cmd: ['/bin/sh'], Labels: null },
      Os: 'linux',
    },
    [`graph/${id('a')}/layersize`]: '7',
    [`aufs/diff/${id('a')}/file`]: '1234567',
    [`aufs/layers/${id('a')}`]: '',
    [`aufs/mnt/${id('a')}/`]: '',
  })

  it('reads capitalised keys as Go does', () => {
    const [image] = report.images
    expect(image?.created).toBe('2014-06-01T10:00:00Z')
    expect(image?.os).toBe('linux')
    expect(image?.config.command).toEqual(['/bin/sh'])
    expect(image?.history.map((step) => step.createdBy)).toEqual([''])
    expect(errors(report)).toEqual([])
  })
})

describe('Docker 1.6 with overlay, whose volumes lie in vfs', () => {
  const report = rootOf({
    'repositories-overlay': { Repositories: {} },
    [`graph/${id('a')}/json`]: { id: id('a'), created: '2015-06-01T10:00:00Z', Size: 3 },
    [`graph/${id('a')}/layersize`]: '3',
    [`overlay/${id('a')}/root/file`]: 'abc',
    [`volumes/${id('d')}/config.json`]: {
      ID: id('d'),
      Path: `/x/vfs/dir/${id('d')}`,
      IsBindMount: false,
      Writable: true,
    },
    [`vfs/dir/${id('d')}/file`]: '12345',
    [`volumes/${id('e')}/config.json`]: { ID: id('e'), Path: '/srv', IsBindMount: true, Writable: true },
    [`vfs/dir/${id('f')}/file`]: 'left behind by docker rm without -v',
  })

  it('joins each volume to its data, and takes no bind mount for a volume', () => {
    expect(report.volumes.map((volume) => [volume.name, volume.size.content])).toEqual([[id('d'), 5]])
  })

  it('finds the volume that was leaked', () => {
    expect(report.orphans.map((orphan) => [orphan.path, orphan.kind])).toEqual([
      [`vfs/dir/${id('f')}`, 'orphan'],
    ])
    expect(report.orphans[0]?.reason).toMatch(/data of a volume that no record/)
  })
})

describe('Docker 1.9, with an image pulled through registry v2', () => {
  const report = rootOf({
    'repositories-vfs': { Repositories: { 'host:5000/a/b': { [`sha256:${id('9')}`]: id('b') } } },
    [`graph/${id('a')}/json`]: { created: '2015-12-01T10:00:00Z' },
    [`graph/${id('a')}/layersize`]: '10',
    [`graph/${id('b')}/json`]: { parent_id: `sha256:${id('f')}`, layer_id: `sha256:${id('e')}` },
    [`graph/${id('b')}/parent`]: id('a'),
    [`graph/${id('b')}/layersize`]: '20',
    [`vfs/dir/${id('a')}/file`]: 'x',
    [`vfs/dir/${id('b')}/file`]: 'x',
  })

  it('takes the parent from the file, and the id from the directory', () => {
    const image = report.images.find((each) => each.id === id('b'))
    expect(image?.parent).toBe(id('a'))
    expect(image?.size.engine).toBe(30)
  })

  it('does not call an image dangling that a digest names', () => {
    const image = report.images.find((each) => each.id === id('b'))
    expect(image?.digests).toEqual([`host:5000/a/b@sha256:${id('9')}`])
    expect(image?.dangling).toBe(false)
    expect(errors(report)).toEqual([])
  })
})

describe('a root that was upgraded, with its old graph beside the new store', () => {
  const report = rootOf({
    'repositories-aufs': { Repositories: { old: { '1': id('a') } } },
    [`graph/${id('a')}/json`]: { id: id('a') },
    [`graph/${id('a')}/layersize`]: '5',
    [`aufs/diff/${id('a')}/file`]: '12345',
    'image/overlay2/repositories.json': { Repositories: {} },
    'image/overlay2/imagedb/content/sha256/': '',
    'image/overlay2/layerdb/sha256/': '',
    'overlay2/l/': '',
    'image/aufs/repositories.json': { Repositories: {} },
  })

  it('reads every store, and marks those that the engine no longer uses', () => {
    expect(report.stores.map((store) => [store.layout, store.driver, store.active]).sort()).toEqual([
      ['graph', 'aufs', false],
      ['layerdb', 'aufs', expect.any(Boolean)],
      ['layerdb', 'overlay2', expect.any(Boolean)],
    ])
    expect(report.stores.filter((store) => store.active).length).toBe(1)
    expect(report.stores.every((store) => store.why !== '')).toBe(true)
    expect(report.images.map((image) => image.tags)).toEqual([['old:1']])
  })

  it('books the hidden bytes as such', () => {
    expect(report.ledger.entries.map((entry) => entry.category)).toContain('hidden-stores')
    expect(report.orphans.some((orphan) => orphan.kind === 'hidden')).toBe(true)
  })
})
