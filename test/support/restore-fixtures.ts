import { execFileSync, spawnSync } from 'node:child_process'
import { existsSync, mkdtempSync, readdirSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'

const packs = fileURLToPath(new URL('../../fixtures/var-lib-docker/', import.meta.url))

/**
 * Vitest global setup: restores every pack of fixtures/var-lib-docker once, into a fresh temporary directory that the
 * tests find in LAYERSCOPE_FIXTURES. Returns the teardown that removes it.
 */
export default function restoreFixtures(): () => void {
  const directory = mkdtempSync(join(tmpdir(), 'layerscope-fixtures-'))
  for (const file of readdirSync(packs)) {
    if (file.endsWith('.tar.gz')) restore(join(packs, file), directory)
  }
  process.env['LAYERSCOPE_FIXTURES'] = directory
  return () => removeTree(directory)
}

/**
 * Root gets the exact root: owners, devices, `trusted.*` attributes. Anyone else gets what the system lets him make, with
 * every directory readable; tar's complaints about the rest are passed over.
 */
function restore(pack: string, directory: string): void {
  const exact = ['--xattrs', '--xattrs-include=*', '--numeric-owner', '--same-owner', '--same-permissions']
  const isRoot = process.getuid?.() === 0
  const options = isRoot ? exact : ['--no-same-owner']
  const tar = spawnSync('tar', ['-xzf', pack, '-C', directory, ...options], { encoding: 'utf8' })
  const name = pack.slice(packs.length, -'.tar.gz'.length)
  if (tar.error || !existsSync(join(directory, name)) || (isRoot && tar.status !== 0)) {
    throw new Error(`Could not restore ${pack}: ${tar.error?.message ?? tar.stderr}`)
  }
  if (!isRoot) makeAccessible(join(directory, name))
}

/** Removes a tree that may hold directories without any permission and names that are not UTF-8. */
export function removeTree(directory: string): void {
  makeAccessible(directory)
  execFileSync('rm', ['-rf', directory])
}

function makeAccessible(directory: string): void {
  execFileSync('chmod', ['-R', 'u+rwX', directory])
}
