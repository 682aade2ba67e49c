import { readFileSync } from 'node:fs'
import { fileURLToPath } from 'node:url'
import { describe, expect, it } from 'vitest'
import { dockerClaims } from '../../src/layouts/docker/claims.ts'
import { measureArchive, measureRoot } from '../../src/scan/measure.ts'
import { scan } from '../../src/scan/scan.ts'
import { ArchiveTree } from '../../src/tree/archive.ts'
import { type FixtureName, fixtureRoot, isRoot } from '../support/fixtures.ts'

const quiet = { onProgress: () => true }

const pack = (name: FixtureName): ArchiveTree => {
  const file = fileURLToPath(new URL(`../../fixtures/var-lib-docker/${name}.tar.gz`, import.meta.url))
  return new ArchiveTree(file, readFileSync(file), name)
}

describe('measureArchive', () => {
  // Without root's rights tar restores no devices, and the two trees differ.
  it.runIf(isRoot).each(['legacy-aufs', 'overlay2-buildkit', 'overlay-layerdb'] as const)(
    'counts the inodes and the content of %s as measureRoot does, claim by claim',
    (name) => {
      const root = fixtureRoot(name)
      const claims = dockerClaims(scan([root], { measure: false }).model, root)
      const local = measureRoot(root, claims, new Set(), quiet).measurement
      const packed = measureArchive(pack(name), claims, quiet).measurement
      const counted = ({ tallies }: typeof local) =>
        [...tallies].map(({ contentBytes, files }, index) => [claims.at(index)?.path, contentBytes, files])
      expect(counted(packed)).toEqual(counted(local))
      expect([local.exact, packed.exact]).toEqual([true, false])
      expect(packed.complete).toBe(true)
    },
  )
})
