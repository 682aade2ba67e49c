import { execFileSync } from 'node:child_process'
import { mkdtempSync, readFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { removeTree } from './restore-fixtures.ts'

/** The data roots of fixtures/var-lib-docker; its README says what each holds. */
export type FixtureName =
  | 'legacy-aufs'
  | 'legacy-vfs'
  | 'overlay2-buildkit'
  | 'overlay-layerdb'
  | 'vfs-layerdb'
  | 'podman-overlay'
  | 'podman-vfs'
  | 'containerd'
  | 'docker-containerd'

/** Only root gets fixtures with their owners, `trusted.*` attributes, devices and closed directories. */
export const isRoot = process.getuid?.() === 0

/** The absolute path of a restored data root. All tests share it: never write below it. */
export function fixtureRoot(name: FixtureName): string {
  const directory = process.env['LAYERSCOPE_FIXTURES']
  if (!directory)
    throw new Error('LAYERSCOPE_FIXTURES is not set: vitest runs test/support/restore-fixtures.ts first')
  return join(directory, name)
}

/** A private copy of a data root, to damage as a test likes. `dispose` removes it. */
export function copyOfFixture(name: FixtureName): { root: string; dispose: () => void } {
  const directory = mkdtempSync(join(tmpdir(), `layerscope-${name}-`))
  const root = join(directory, name)
  execFileSync('cp', ['-a', fixtureRoot(name), root])
  return { root, dispose: () => removeTree(directory) }
}

/** What the engine itself said of a data root: a parsed JSON file of truth/<name>. */
export function truth(name: FixtureName, file: string): unknown {
  return JSON.parse(truthText(name, file))
}

/** The same for what the engine's command line printed. */
export function truthText(name: FixtureName, file: string): string {
  return readFileSync(
    fileURLToPath(new URL(`../../fixtures/var-lib-docker/truth/${name}/${file}`, import.meta.url)),
    'utf8',
  )
}
