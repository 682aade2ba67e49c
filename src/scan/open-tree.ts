import { resolve } from 'node:path'
import { LocalTree } from '../tree/local.ts'
import { realPath } from '../tree/real-path.ts'
import type { Tree } from '../tree/tree.ts'
import { openSample } from './sample.ts'

/** The tree of a root that was scanned, by the path that the scan gave it; null where it is no longer there. */
export function openTree(root: string, isSample: boolean): Tree | null {
  if (isSample) return openSample().find(({ path }) => path === root)?.tree ?? null
  try {
    return new LocalTree(realPath(resolve(root)))
  } catch {
    return null
  }
}
