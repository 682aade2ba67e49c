import { mkdirSync, mkdtempSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, describe, expect, it } from 'vitest'
import { removeTree } from '../support/restore-fixtures.ts'
import { reportOf } from '../support/scan-fixture.ts'
import { writeSqlite } from '../support/sqlite-writer.ts'

const root = mkdtempSync(join(tmpdir(), 'layerscope-podman-infra-'))
afterAll(() => removeTree(root))

const ID = 'a'.repeat(64)
const LAYER = 'b'.repeat(64)
const write = (path: string, value: unknown): void => {
  mkdirSync(join(root, path, '..'), { recursive: true })
  writeFileSync(
    join(root, path),
    typeof value === 'string' || Buffer.isBuffer(value) ? value : JSON.stringify(value),
  )
}

/** A container of podman 5.8 on a directory, in a pod or by itself. */
function containersRow(config: object) {
  write('overlay-layers/layers.json', [{ id: LAYER }])
  write('overlay-containers/containers.json', [
    { id: ID, names: ['x'], layer: LAYER, metadata: '{"name":"x"}' },
  ])
  write(`overlay-containers/${ID}/userdata/config.json`, 'x'.repeat(500))
  mkdirSync(join(root, `overlay/${LAYER}/diff`), { recursive: true })
  const sql =
    'CREATE TABLE ContainerConfig(ID TEXT PRIMARY KEY NOT NULL, Name TEXT, PodID TEXT, JSON TEXT NOT NULL)'
  const rows = [[ID, 'x', null, JSON.stringify({ id: ID, name: 'x', ...config })]]
  write('db.sql', writeSqlite([{ name: 'ContainerConfig', sql, rows }], { pageSize: 4096 }))
  const report = reportOf(root)
  return { ...report.engineView?.containers, writable: report.containers[0]?.size.writable.content }
}

describe('the containers row of podman', () => {
  it('counts nothing of what holds a pod together', () => {
    const infra = { rootfs: '/run/libpod/infra-container', rootfs_overlay: true, pod: 'c'.repeat(64) }
    expect(containersRow(infra)).toEqual({ total: 1, active: 0, size: 0, reclaimable: 0, writable: 0 })
  })

  it('is unknown with a container on any other directory of the host', () => {
    expect(containersRow({ rootfs: '/tmp/rf' })).toMatchObject({ total: 1, size: null, writable: null })
    expect(containersRow({ rootfs: '/run/libpod/infra-container' })).toMatchObject({ size: null })
  })
})
