import { afterAll, describe, expect, it } from 'vitest'
import { createCatalog } from '../../../src/analysis/catalog.ts'
import { parseDockerCommand } from '../../../src/analysis/whatif/parse-command.ts'
import { Simulator } from '../../../src/analysis/whatif/simulator.ts'
import { scan } from '../../../src/scan/scan.ts'
import { ContentSpec } from '../../support/containerd-root.ts'
import { dockerOnContainerd } from '../../support/docker-on-containerd.ts'

const content = new ContentSpec()
const image = content.image(['base'])
const [layer = ''] = image.chain
const CONTAINER = 'c'.repeat(64)

const { root, dispose } = dockerOnContainerd(
  {
    content,
    namespaces: {
      moby: {
        images: { 'docker.io/library/base:1': image.target, 'docker.io/library/base:2': image.target },
        blobs: content.labels,
        snapshots: { [layer]: {}, [CONTAINER]: { parent: layer, kind: 'active' } },
        leases: { [CONTAINER]: { snapshots: [CONTAINER] } },
      },
    },
  },
  { [CONTAINER]: { image: image.target, typed: image.target, manifest: image.target } },
)
afterAll(dispose)

const { model, surveys } = scan([root], { measure: true })

function prunedBy(engine: '26' | '28') {
  const nowMs = Date.parse('2026-06-01T00:00:00Z')
  const simulator = Simulator.create(createCatalog(model, surveys), root, { nowMs, engine })
  if (simulator === null) throw new Error('docker uses no store of this root')
  const { removed, state } = simulator.simulate([
    parseDockerCommand(['image', 'prune', '-af'], simulator.rules),
  ])
  return [
    removed.images,
    removed.references.map(({ reference }) => reference),
    state.isDangling(image.target),
  ]
}

describe('image prune -a with an image that a container was made from by its whole id', () => {
  it('leaves its last name with docker 28', () => {
    expect(prunedBy('28')).toEqual([[], ['base:1'], false])
  })

  it('makes it nameless with docker 26', () => {
    expect(prunedBy('26')).toEqual([[], ['base:1', 'base:2'], true])
  })
})
