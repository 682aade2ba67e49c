import { realpathSync } from 'node:fs'
import { fileName, nameOfBytes } from '../formats/byte-name.ts'

/** Where links lead, for names of any bytes: `realpathSync` itself loses those that are not UTF-8. Throws what it throws. */
export const realPath = (path: string): string =>
  nameOfBytes(realpathSync.native(fileName(path), { encoding: 'buffer' }))
