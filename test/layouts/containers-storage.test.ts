import { mkdirSync, readFileSync, rmSync, utimesSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, it } from 'vitest'
import { openBolt } from '../../src/formats/bolt.ts'
import { BOLT_STATE, SQLITE_STATE } from '../../src/layouts/containers-storage/places.ts'
import type { FindingCode } from '../../src/model/findings.ts'
import type { Report } from '../../src/report/schema.ts'
import { copyOfFixture, fixtureRoot } from '../support/fixtures.ts'
import { reportOf } from '../support/scan-fixture.ts'
import { writeSqlite } from '../support/sqlite-writer.ts'

const healthy = reportOf(fixtureRoot('podman-overlay'))

/** The report of a copy after something was done to it. */
function damaged(change: (root: string) => void): Report {
  const { root, dispose } = copyOfFixture('podman-overlay')
  try {
    change(root)
    return reportOf(root)
  } finally {
    dispose()
  }
}

const tagged = (report: Report, tag: string) => {
  const image = report.images.find((each) => each.tags.includes(tag))
  if (image === undefined) throw new Error(`no image ${tag}`)
  return image
}

const codes = (report: Report): FindingCode[] => report.findings.map(({ code }) => code)

const edit = (root: string, file: string, change: (records: Record<string, unknown>[]) => unknown): void =>
  writeFileSync(join(root, file), JSON.stringify(change(JSON.parse(readFileSync(join(root, file), 'utf8')))))

const LAYERS = 'overlay-layers/layers.json'
const top = tagged(healthy, 'localhost/app:1').layers.at(-1) ?? ''

describe('damage to a containers/storage root', () => {
  it('keeps the layers before the cut of a truncated layers.json, and calls no directory an orphan', () => {
    const report = damaged((root) => {
      const content = readFileSync(join(root, LAYERS), 'utf8')
      writeFileSync(join(root, LAYERS), content.slice(0, content.length / 2))
    })
    expect(codes(report)).toContain('layer-damaged')
    expect(report.complete).toBe(false)
    expect(report.layers.length).toBeGreaterThan(0)
    expect(report.layers.length).toBeLessThan(healthy.layers.length)
    expect(report.orphans.filter(({ kind }) => kind === 'orphan')).toEqual([])
    expect(report.unjudged.length).toBeGreaterThan(0)
    expect(report.images).toHaveLength(healthy.images.length)
  })

  it.each(['overlay-images/images.json', 'overlay-containers/containers.json'])(
    'calls nothing unused where %s is filled with NUL bytes',
    (file) => {
      const report = damaged((root) =>
        writeFileSync(join(root, file), Buffer.alloc(readFileSync(join(root, file)).length)),
      )
      expect(report.complete).toBe(false)
      expect(report.findings.some(({ path }) => path === file)).toBe(true)
      expect(report.orphans).toEqual([])
    },
  )

  it('names an image whose top layer is not listed, and shows the others', () => {
    const report = damaged((root) => edit(root, LAYERS, (layers) => layers.filter(({ id }) => id !== top)))
    expect(codes(report)).toContain('image-layer-missing')
    expect(tagged(report, 'localhost/app:1').loaded).toBe(false)
    expect(tagged(report, 'localhost/base:1').loaded).toBe(true)
    // The image names the layer still: its files are no orphan, though no record of a layer has them.
    expect(report.orphans.map(({ path }) => path)).not.toContain(`overlay/${top}`)
    expect(report.unjudged.map(({ path }) => path)).toContain(`overlay/${top}`)
  })

  it('keeps the layers of images though a damaged record calls them a container’s own', () => {
    const base = tagged(healthy, 'localhost/app:1').layers[0] ?? ''
    const report = damaged((root) =>
      edit(root, 'overlay-containers/containers.json', (containers) => [
        { ...containers[0], id: 'a'.repeat(64), layer: top },
        { ...containers[0], id: 'b'.repeat(64), layer: base },
        ...containers,
      ]),
    )
    expect(report.containers.length).toBe(healthy.containers.length + 2)
    expect(report.layers.map(({ id }) => id)).toEqual(healthy.layers.map(({ id }) => id))
  })

  it('tells an incomplete layer', () => {
    const report = damaged((root) =>
      edit(root, LAYERS, (layers) =>
        layers.map((layer) => (layer['id'] === top ? { ...layer, flags: { incomplete: true } } : layer)),
      ),
    )
    expect(codes(report)).toContain('layer-incomplete')
    expect(report.layers.find(({ id }) => id === top)?.loaded).toBe(false)
  })

  it('tells missing layer data, and counts none of it', () => {
    const report = damaged((root) => rmSync(join(root, `overlay/${top}`), { recursive: true }))
    expect(codes(report)).toContain('layer-data-missing')
    expect(report.layers.find(({ id }) => id === top)?.size.disk).toBe(0)
  })

  it('shows an image whose config is gone, without guessing what it said', () => {
    const { id } = tagged(healthy, 'localhost/app:1')
    const report = damaged((root) => {
      const key = Buffer.from(`sha256:${id}`).toString('base64')
      rmSync(join(root, `overlay-images/${id}/=${key}`))
    })
    expect(codes(report)).toContain('image-config-damaged')
    expect(tagged(report, 'localhost/app:1').architecture).toBeNull()
    expect(tagged(report, 'localhost/app:1').size.engine).toBe(tagged(healthy, 'localhost/app:1').size.engine)
  })

  it('reports parents in a circle and ends', () => {
    const report = damaged((root) =>
      edit(root, LAYERS, (layers) =>
        layers.map((layer) => (layer['parent'] === undefined ? { ...layer, parent: top } : layer)),
      ),
    )
    expect(codes(report)).toContain('layer-cycle')
  })

  it('tells a base in another store from a broken chain', () => {
    const base = healthy.images.find(({ tags }) => tags.includes('localhost/base:1'))?.layers[0] ?? ''
    const withoutBase = (isLinkThere: boolean): Report =>
      damaged((root) => {
        edit(root, LAYERS, (layers) => layers.filter(({ id }) => id !== base))
        edit(root, 'overlay-images/images.json', (images) => images.filter(({ layer }) => layer !== base))
        const link = readFileSync(join(root, `overlay/${base}/link`), 'utf8')
        rmSync(join(root, `overlay/${base}`), { recursive: true })
        if (!isLinkThere) rmSync(join(root, `overlay/l/${link}`))
      })
    const elsewhere = withoutBase(false)
    expect(codes(elsewhere)).toContain('layer-parent-elsewhere')
    expect(codes(elsewhere)).not.toContain('layer-parent-missing')
    expect(codes(elsewhere)).not.toContain('image-layer-missing')
    expect(codes(elsewhere)).not.toContain('container-image-missing')
    expect(tagged(elsewhere, 'localhost/app:1').loaded).toBe(true)
    expect(elsewhere.complete).toBe(false)
    const broken = withoutBase(true)
    expect(codes(broken)).toContain('layer-parent-missing')
    expect(tagged(broken, 'localhost/app:1').loaded).toBe(false)
  })

  it('does not call an image of a container gone whose record alone cannot be read', () => {
    const said = (damage: (root: string) => void): string[] =>
      damaged(damage)
        .findings.filter(({ code }) => code === 'container-image-missing')
        .map(({ message }) => message)
    const unreadable = said((root) => writeFileSync(join(root, 'overlay-images/images.json'), '[{"id'))
    expect(unreadable.length).toBeGreaterThan(0)
    for (const message of unreadable) expect(message).toMatch(/whose files are there, but no record/)
    const gone = said((root) => rmSync(join(root, 'overlay-images'), { recursive: true }))
    expect(gone).toHaveLength(unreadable.length)
    for (const message of gone) expect(message).toMatch(/which is gone\./)
  })

  it('never follows an id that is no plain name', () => {
    const report = damaged((root) =>
      edit(root, LAYERS, (layers) => [...layers, { id: '../../etc', 'diff-digest': 'sha256:0' }]),
    )
    expect(codes(report)).toContain('unsafe-name')
    expect(report.layers).toHaveLength(healthy.layers.length)
  })

  it('calls states unknown where an SQLite state cannot be read', () => {
    const report = damaged((root) => {
      rmSync(join(root, 'libpod/bolt_state.db'))
      writeFileSync(join(root, 'db.sql'), 'SQLite format 3\0')
    })
    expect(codes(report)).toContain('database-damaged')
    expect(report.complete).toBe(false)
    expect(new Set(report.containers.map(({ state }) => state))).toEqual(new Set(['unknown']))
    expect(report.containers.find(({ name }) => name === 'writer')?.loaded).toBe(true)
    expect(report.volumes.map(({ anonymous }) => anonymous)).toContain(null)
    expect(report.orphans).toEqual([])
  })

  it('finds directories that no record names, layers that nothing uses, and unfinished pulls', () => {
    const stray = 'f'.repeat(64)
    const unused = 'e'.repeat(64)
    const report = damaged((root) => {
      mkdirSync(join(root, `overlay/${stray}/diff`), { recursive: true })
      mkdirSync(join(root, `overlay/${unused}/diff`), { recursive: true })
      mkdirSync(join(root, `overlay-images/${stray}`))
      mkdirSync(join(root, 'overlay/staging/123'), { recursive: true })
      edit(root, LAYERS, (layers) => [...layers, { id: unused }])
    })
    expect(report.orphans.map(({ path, kind }) => [path, kind])).toEqual([
      [`overlay-images/${stray}`, 'orphan'],
      [`overlay/${unused}`, 'leftover'],
      [`overlay/${stray}`, 'orphan'],
      ['overlay/staging/123', 'leftover'],
    ])
  })
})

describe('a state in SQLite, as podman keeps it from 4.8 on', () => {
  /** What the same podman would have written there, row by row. */
  function moveToSqlite(root: string, change: (bytes: Buffer) => Buffer = (bytes) => bytes): void {
    const bolt = openBolt(readFileSync(join(root, BOLT_STATE))).root
    const rows = (bucket: string, key: string): [string, string][] =>
      [...(bolt.bucket(bucket)?.entries() ?? [])].map((entry) => [
        entry.key.toString(),
        entry.bucket?.get(key)?.toString() ?? '',
      ])
    const tables = [
      {
        name: 'DBConfig',
        sql: 'CREATE TABLE DBConfig(ID INTEGER PRIMARY KEY NOT NULL, GraphDriver TEXT NOT NULL, CHECK (ID IN (1)))',
        rows: [[null, 'overlay']],
      },
      {
        name: 'ContainerConfig',
        sql: 'CREATE TABLE ContainerConfig(ID TEXT PRIMARY KEY NOT NULL, Name TEXT UNIQUE NOT NULL, PodID TEXT, JSON TEXT NOT NULL)',
        rows: rows('ctr', 'config').map(([id, json]) => [id, JSON.parse(json).name, null, json]),
      },
      {
        name: 'ContainerState',
        sql: 'CREATE TABLE ContainerState(ID TEXT PRIMARY KEY NOT NULL, State INTEGER NOT NULL, ExitCode INTEGER, JSON TEXT NOT NULL)',
        rows: rows('ctr', 'state').map(([id, json]) => [id, JSON.parse(json).state, null, json]),
      },
      {
        name: 'VolumeConfig',
        sql: 'CREATE TABLE VolumeConfig(Name TEXT PRIMARY KEY NOT NULL, StorageID TEXT, JSON TEXT NOT NULL)',
        rows: rows('vol', 'config').map(([name, json]) => [name, null, json]),
      },
    ]
    writeFileSync(join(root, SQLITE_STATE), change(writeSqlite(tables, { pageSize: 4096 })))
    rmSync(join(root, BOLT_STATE))
  }

  it('gives the containers and volumes that bolt gives', () => {
    const report = damaged((root) => moveToSqlite(root))
    const told = ({ containers, volumes }: Report) => [
      containers.map(({ store, size, logs, evidence, ...rest }) => rest),
      volumes.map(({ root, size, evidence, ...rest }) => rest),
    ]
    expect(told(report)).toEqual(told(healthy))
    expect(report.findings.filter(({ severity }) => severity !== 'info')).toEqual([])
    expect(report.orphans).toEqual([])
    expect(report.complete).toBe(true)
    expect(report.roots[0]?.engine.rule).toBe('podman-4.8')
    expect(report.containers.find(({ state }) => state === 'exited')?.evidence).toContain(SQLITE_STATE)
  })

  it('proves no container to be nobody’s: its record may lie in /run, as with --transient-store', () => {
    const stray = `overlay-containers/${'a'.repeat(64)}`
    const certainties = (change: (root: string) => void) =>
      damaged((root) => {
        change(root)
        mkdirSync(join(root, stray))
        mkdirSync(join(root, 'overlay/other'))
        const old = new Date('2026-01-01')
        for (const path of [stray, 'overlay/other']) utimesSync(join(root, path), old, old)
      }).orphans.map(({ path, certainty }) => [path, certainty])
    expect(certainties(() => {})).toEqual([
      [stray, 'proven'],
      ['overlay/other', 'proven'],
    ])
    expect(certainties((root) => moveToSqlite(root))).toEqual([
      [stray, 'likely'],
      ['overlay/other', 'proven'],
    ])
  })

  it('names the page that is damaged, and judges nothing by what is missing', () => {
    const report = damaged((root) => moveToSqlite(root, (bytes) => bytes.fill(0, bytes.length - 4096)))
    const finding = report.findings.find(({ code }) => code === 'database-damaged')
    expect(finding?.message).toMatch(/page \d+ of VolumeConfig/)
    expect(report.containers.map(({ state }) => state)).toEqual(healthy.containers.map(({ state }) => state))
    expect(report.volumes.map(({ name }) => name)).toEqual(healthy.volumes.map(({ name }) => name))
    expect(codes(report)).not.toContain('volume-without-record')
    expect(report.orphans).toEqual([])
    expect(report.complete).toBe(false)
  })
})

describe('a root of podman 5.6 and later', () => {
  const prepared = (root: string): void => {
    for (const place of ['overlay/tempdirs', 'overlay-layers/tmp']) mkdirSync(join(root, place))
  }

  it('is told by its directories for removals, which belong to nobody and are no orphans', () => {
    const report = damaged(prepared)
    expect(report.roots[0]?.engine).toMatchObject({
      rule: 'podman-5.6',
      why: expect.stringContaining('overlay/tempdirs'),
    })
    expect(report.orphans).toEqual([])
    expect(report.volumes.map(({ evidence }) => evidence)).toEqual(
      healthy.volumes.map(({ evidence }) => evidence),
    )
  })

  it('has removals that did not end in them', () => {
    const report = damaged((root) => {
      prepared(root)
      mkdirSync(join(root, 'overlay/tempdirs/temp-dir-1'))
      writeFileSync(join(root, 'overlay-layers/tmp/temp-dir-2'), '')
    })
    expect(report.orphans.map(({ path, kind }) => [path, kind]).sort()).toEqual([
      ['overlay-layers/tmp/temp-dir-2', 'leftover'],
      ['overlay/tempdirs/temp-dir-1', 'leftover'],
    ])
  })

  it('calls the layers of several images shared, and no image as a whole', () => {
    const layerOf = new Map(healthy.layers.map(({ id, size }) => [id, size.content ?? 0]))
    const sharedBase = (report: Report): boolean[] =>
      report.images
        .filter(({ layers }) => layers.length > 0)
        .map(({ layers, size }) => {
          const several = layers.filter(
            (id) => report.images.filter((image) => image.layers.includes(id)).length > 1,
          )
          return size.shared === several.reduce((sum, id) => sum + (layerOf.get(id) ?? 0), 0)
        })
    expect(sharedBase(healthy)).toContain(false)
    expect(sharedBase(damaged(prepared))).not.toContain(false)
    const { engineView: before } = healthy
    const { engineView: after } = damaged(prepared)
    expect([after?.rule, after?.images.size]).toEqual(['podman-5.6', expect.any(Number)])
    expect(after?.images.reclaimable).not.toBe(before?.images.reclaimable)
  })
})
