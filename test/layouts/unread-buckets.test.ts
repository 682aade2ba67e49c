import { readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { expect, it } from 'vitest'
import { openBolt } from '../../src/formats/bolt.ts'
import { walkAll } from '../../src/layouts/database.ts'
import { copyOfFixture } from '../support/fixtures.ts'
import { reportOf } from '../support/scan-fixture.ts'

const PAGE = 4096

it.each([
  ['podman-overlay', 'libpod/bolt_state.db'],
  ['containerd', 'io.containerd.snapshotter.v1.overlayfs/metadata.db'],
] as const)(
  'finds damage in %s wherever it lies in %s, also where nothing here is made of it',
  (name, file) => {
    const { root, dispose } = copyOfFixture(name)
    try {
      const path = join(root, file)
      const sound = readFileSync(path)
      let damages = 0
      for (let page = 2; page < sound.length / PAGE && page < 60; page++) {
        const bytes = Buffer.from(sound)
        bytes.fill(0xee, page * PAGE, (page + 1) * PAGE)
        writeFileSync(path, bytes)
        const isHurt = hurts(bytes)
        const codes = reportOf(root, { measure: false }).findings.flatMap((each) =>
          each.path === file ? [each.code] : [],
        )
        expect([page, codes.some((code) => code.startsWith('database-'))]).toEqual([page, isHurt])
        if (isHurt) damages++
      }
      expect(damages).toBeGreaterThan(0)
    } finally {
      dispose()
    }
  },
)

/** Whether a page that the newest state uses is damaged. */
function hurts(bytes: Buffer): boolean {
  try {
    const file = openBolt(bytes)
    walkAll(file.root)
    return file.usedOlderMeta || file.damage.length > 0
  } catch {
    return true
  }
}
