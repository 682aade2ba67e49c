import { lstatSync, mkdirSync, renameSync, symlinkSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { expect, it } from 'vitest'
import { scan } from '../../src/scan/scan.ts'
import { copyOfFixture } from '../support/fixtures.ts'
import { reportOf } from '../support/scan-fixture.ts'

it('a writable layer that is a link is compared with nothing', () => {
  const { root, dispose } = copyOfFixture('vfs-layerdb')
  try {
    const container = reportOf(root).containers.find(({ layerPath }) => layerPath !== null)
    const layer = join(root, container?.layerPath ?? '')
    expect(lstatSync(layer).isDirectory()).toBe(true)
    const changed = () => scan([root], { measure: true }).surveys[0]?.measurement?.changedBytes
    expect(changed()?.has(container?.layerPath ?? '')).toBe(true)
    renameSync(layer, join(dirname(root), 'elsewhere'))
    symlinkSync('../../../elsewhere', layer)
    expect(changed()?.has(container?.layerPath ?? '')).toBe(false)
  } finally {
    dispose()
  }
})

it('the lock of a database is not asked for through a link', () => {
  const { root, dispose } = copyOfFixture('vfs-layerdb')
  try {
    const running = () => scan([root], { measure: false }).model.roots[0]?.engineRunning
    expect(running()).toBe(false)
    const elsewhere = join(dirname(root), 'elsewhere')
    mkdirSync(elsewhere)
    for (const name of ['buildkit', 'containerd', 'network', 'volumes']) {
      renameSync(join(root, name), join(elsewhere, name))
      symlinkSync(`../elsewhere/${name}`, join(root, name))
    }
    // Nothing of it can be seen, so it is unknown.
    expect(running()).toBeNull()
  } finally {
    dispose()
  }
})
