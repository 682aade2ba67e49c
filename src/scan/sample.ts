import { readFileSync } from 'node:fs'
import { fileURLToPath } from 'node:url'
import { ArchiveTree } from '../tree/archive.ts'

/** The bundled roots: the old layout and the new one. */
const SAMPLES = ['overlay2-buildkit', 'legacy-aufs']

/** Opens the bundled sample, which lies packed beside the program. Nothing of it is written anywhere. */
export function openSample(): { tree: ArchiveTree; path: string }[] {
  return SAMPLES.map((name) => {
    const file = fileURLToPath(new URL(`../fixtures/var-lib-docker/${name}.tar.gz`, import.meta.url))
    return { tree: new ArchiveTree(file, readFileSync(file), name), path: `sample:${name}` }
  })
}
