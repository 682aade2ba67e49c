import { mkdirSync, mkdtempSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'
import { afterEach, describe, expect, it } from 'vitest'
import { BOLT_STATE, SQLITE_STATE } from '../../src/layouts/containers-storage/places.ts'
import { writeBolt } from '../support/bolt-writer.ts'
import { modelOf } from '../support/open-model.ts'
import { removeTree } from '../support/restore-fixtures.ts'
import { writeSqlite } from '../support/sqlite-writer.ts'

const cleanups: string[] = []
afterEach(() => {
  for (const root of cleanups.splice(0)) removeTree(root)
})

/** Configs as podman 4.3 and 5.8 write them, but for what is the same for all volumes. */
const CONFIGS: Readonly<Record<string, object>> = {
  bound: { volumeOptions: { device: '/tmp/ctx', o: 'bind', type: 'none' } },
  owned: { volumeOptions: { GID: '1000', UID: '1000', o: 'uid=1000,gid=1000' }, uid: 1000, gid: 1000 },
  plain: {},
  'of an old podman': { options: { o: 'bind' } },
}

const WRITERS = {
  bolt: (root: string, configs: readonly (readonly [string, string])[]) => {
    const volumes = configs.map(([name, json]) => [name, { entries: [['config', json]] as const }] as const)
    put(root, BOLT_STATE, writeBolt({ entries: [['vol', { entries: volumes }]] }))
  },
  SQLite: (root: string, configs: readonly (readonly [string, string])[]) => {
    const sql =
      'CREATE TABLE VolumeConfig(Name TEXT PRIMARY KEY NOT NULL, StorageID TEXT, JSON TEXT NOT NULL)'
    const rows = configs.map(([name, json]) => [name, null, json])
    put(root, SQLITE_STATE, writeSqlite([{ name: 'VolumeConfig', sql, rows }], { pageSize: 4096 }))
  },
}

function put(root: string, path: string, bytes: Buffer): void {
  mkdirSync(dirname(join(root, path)), { recursive: true })
  writeFileSync(join(root, path), bytes)
}

describe.each(['bolt', 'SQLite'] as const)('the volumes in podman’s state in %s', (kind) => {
  it('have the options that they were made with', () => {
    const root = mkdtempSync(join(tmpdir(), 'layerscope-podman-volumes-'))
    cleanups.push(root)
    mkdirSync(join(root, 'overlay-layers'))
    for (const name of Object.keys(CONFIGS))
      mkdirSync(join(root, 'volumes', name, '_data'), { recursive: true })
    WRITERS[kind](
      root,
      Object.entries(CONFIGS).map(([name, config]) => [
        name,
        JSON.stringify({ name, labels: {}, volumeDriver: 'local', isAnon: false, ...config }),
      ]),
    )
    const options = modelOf(root).volumes.map((volume) => [
      volume.name,
      volume.options === null ? null : Object.fromEntries(volume.options),
    ])
    expect(Object.fromEntries(options)).toEqual({
      bound: { device: '/tmp/ctx', o: 'bind', type: 'none' },
      owned: { GID: '1000', UID: '1000', o: 'uid=1000,gid=1000' },
      plain: null,
      'of an old podman': { o: 'bind' },
    })
  })
})
