import { mkdtempSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, describe, expect, it } from 'vitest'
import { createCatalog } from '../../../src/analysis/catalog.ts'
import { parseDockerCommand } from '../../../src/analysis/whatif/parse-command.ts'
import { Simulator } from '../../../src/analysis/whatif/simulator.ts'
import { DOCKER_BASE } from '../../../src/layouts/containerd/places.ts'
import { scan } from '../../../src/scan/scan.ts'
import { ContentSpec, writeContainerd } from '../../support/containerd-root.ts'
import { removeTree } from '../../support/restore-fixtures.ts'

const root = mkdtempSync(join(tmpdir(), 'layerscope-row-labels-'))
afterAll(() => removeTree(root))

const content = new ContentSpec()
const plain = content.image(['plain']).target
const web = content.image(['web'], { tier: 'web' }).target
const both = content.image(['both'], { tier: 'web', stage: 'test' }).target
// One platform with a label and one without; one with a label, and a statement about it.
const mixed = content.index([web, plain])
const attested = content.index([web], [content.image(['statement']).target])
const images = { plain, web, both, mixed, attested }

writeContainerd(root, DOCKER_BASE, {
  content,
  namespaces: {
    moby: {
      blobs: content.labels,
      images: Object.fromEntries(
        Object.entries(images).map(([name, target]) => [`docker.io/library/${name}:1`, target]),
      ),
    },
  },
})
writeFileSync(join(root, 'engine-id'), 'x')

const { model, surveys } = scan([root], { measure: false })
const simulator = Simulator.create(createCatalog(model, surveys), root, { nowMs: Date.parse('2026-06-01') })

function taken(...filters: string[]): string[] {
  if (simulator === null) throw new Error('docker uses no store of this root')
  const command = ['image', 'prune', '-af', ...filters.flatMap((filter) => ['--filter', filter])]
  const { removed } = simulator.simulate([parseDockerCommand(command, simulator.rules)])
  return removed.references.map(({ reference }) => reference.replace(':1', '')).sort()
}

describe('label filters where containerd holds the images', () => {
  it('want one config that has all labels', () => {
    expect(taken('label=tier=web')).toEqual(['attested', 'both', 'mixed', 'web'])
    expect(taken('label=tier', 'label=stage')).toEqual(['both'])
    expect(taken('label=tier=other')).toEqual([])
  })

  it('negated take an image of which any config is without the label, and an attestation has none', () => {
    expect(taken('label!=tier')).toEqual(['attested', 'mixed', 'plain'])
    expect(taken('label!=stage')).toEqual(['attested', 'mixed', 'plain', 'web'])
  })

  it('negated with a value keep what lacks the key', () => {
    expect(taken('label!=tier=web')).toEqual([])
    expect(taken('label!=tier=other')).toEqual(['attested', 'both', 'mixed', 'web'])
    expect(taken('label!=stage=other')).toEqual(['both'])
    expect(taken('label!=stage=other', 'label!=tier=web')).toEqual([])
  })

  it('negated count each by itself', () => {
    expect(taken('label!=tier', 'label!=stage')).toEqual(['attested', 'mixed', 'plain'])
  })
})
