import { execFileSync } from 'node:child_process'
import { mkdtempSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { generateRoot } from '../../bench/root/generate.mjs'

const SMALL = { images: 20, layersPerImage: 4, filesPerLayer: 3, containers: 6, volumes: 4 }

/** Generates a small Docker data root of a test's own, and says what it holds. `dispose` removes it. */
export function generateSmallRoot(parameters = {}) {
  const directory = mkdtempSync(join(tmpdir(), 'layerscope-generated-'))
  const root = join(directory, 'root')
  const holds = generateRoot(root, { ...SMALL, ...parameters })
  return { root, holds, dispose: () => execFileSync('rm', ['-rf', directory]) }
}

export { generateRoot }
