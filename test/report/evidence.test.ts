import { lstatSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, it } from 'vitest'
import { type FixtureName, fixtureRoot } from '../support/fixtures.ts'
import { reportOf } from '../support/scan-fixture.ts'

const FIXTURES: readonly FixtureName[] = [
  ...(['legacy-aufs', 'legacy-vfs', 'overlay-layerdb', 'vfs-layerdb', 'overlay2-buildkit'] as const),
  ...(['podman-overlay', 'podman-vfs', 'containerd', 'docker-containerd'] as const),
]

describe.each(FIXTURES)('%s', (name) => {
  it('names files that are there as evidence of its containers', () => {
    const root = fixtureRoot(name)
    const evidence = reportOf(root).containers.flatMap((container) => container.evidence)
    expect(evidence.length).toBeGreaterThan(0)
    for (const path of evidence) expect(lstatSync(join(root, path)).isFile(), path).toBe(true)
  })
})
