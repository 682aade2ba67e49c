import { statSync } from 'node:fs'
import { fileName } from '../formats/byte-name.ts'

/**
 * What tells a directory from every other one, whatever path leads to it: its path tells nothing where it is bound to
 * two places. Null for what is no directory of this machine.
 */
export function directoryIdentity(path: string): string | null {
  try {
    const stats = statSync(fileName(path), { bigint: true })
    return stats.isDirectory() ? `${stats.dev}:${stats.ino}` : null
  } catch {
    return null
  }
}
