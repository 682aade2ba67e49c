import { closeSync, mkdirSync, openSync, writeFileSync } from 'node:fs'

export const DEEP_NAME = 'x'.repeat(250)
export const DEEP_FILE_BYTES = 5000

/** Makes so many directories in one another, all of one long name, with a file in each. */
export function makeDeepTree(directory: string, levels: number): void {
  let above = openSync(directory, 'r')
  try {
    for (let level = 0; level < levels; level++) {
      const made = `/proc/self/fd/${above}/${DEEP_NAME}`
      mkdirSync(made)
      writeFileSync(`${made}/file`, 'x'.repeat(DEEP_FILE_BYTES))
      const below = openSync(made, 'r')
      closeSync(above)
      above = below
    }
  } finally {
    closeSync(above)
  }
}
