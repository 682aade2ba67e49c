import { chmodSync, mkdtempSync, realpathSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { onTestFinished } from 'vitest'
import { isRoot } from '../support/fixtures.ts'
import { removeTree } from '../support/restore-fixtures.ts'

/** The user and group `nobody`, who may not look into what root closed. */
export const NOBODY = 65534

/** An empty directory for one test, which every user may enter; removed when the test ends. */
export function scratch(): string {
  const directory = realpathSync(mkdtempSync(join(tmpdir(), 'layerscope-test-')))
  chmodSync(directory, 0o755)
  onTestFinished(() => removeTree(directory))
  return directory
}

/** Runs a synchronous function without root's rights. */
export function asOrdinaryUser<T>(run: () => T): T {
  if (!isRoot) return run()
  process.setegid?.(NOBODY)
  process.seteuid?.(NOBODY)
  try {
    return run()
  } finally {
    process.seteuid?.(0)
    process.setegid?.(0)
  }
}
