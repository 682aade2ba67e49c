import { describe, expect, it } from 'vitest'
import { engineView } from '../../src/analysis/engine-view.ts'
import { summaryRulesOf } from '../../src/analysis/summary-rules.ts'
import type { Blob } from '../../src/model/model.ts'
import { cacheRecord, catalogOf, container, image, layer, ROOT, store } from './build-model.ts'

const layers = [
  layer('base', null, 1000),
  layer('app', 'base', 200),
  layer('other', 'base', 7),
  layer('cached', null, 50),
]

/** What docker of a version would print of a model; throws where it is not known. */
function viewOf(version: string, parts: Parameters<typeof catalogOf>[0]) {
  const rules = summaryRulesOf(version)
  if (rules === null) throw new Error(`${version} is not known`)
  return engineView(catalogOf(parts).catalog, ROOT, rules)
}

describe('the versions of docker', () => {
  it.each([
    ['20.10.24', '20.10'],
    ['24', '23'],
    ['26.1.5', '26'],
    ['27.1', '26'],
    ['27.5.1', '27.2'],
    ['28.0', '28.0'],
    ['28.1.1', '28.0'],
    ['28', '28.2'],
    ['28.5.2', '28.2'],
    ['29.0', '29.0'],
    ['29.3.1', '29.0'],
    ['29.4.1', '29.4'],
    ['29.5.0', '29.5'],
    ['29', '29.6'],
    ['29.10', '29.6'],
  ])('%s follows the rules of %s', (version, name) => {
    expect(summaryRulesOf(version)?.name).toBe(name)
  })

  it('of the future are not known', () => {
    expect(summaryRulesOf('31')).toBeNull()
  })
})

describe('the images where containerd holds them', () => {
  const manifest = (blobs: readonly string[], of: readonly string[], layerBlobs = of) => ({
    digest: blobs[0] ?? '',
    isAttestation: false,
    blobs,
    layerBlobs,
    layers: of,
    labels: null,
  })
  const blob = (digest: string, recordedBytes: number): Blob => ({
    root: ROOT,
    digest,
    path: `blobs/${digest}`,
    recordedBytes,
  })
  const parts = {
    stores: [store({ layout: 'containerd' })],
    layers,
    blobs: [blob('app', 10), blob('idle', 20), blob('shared', 100)],
    images: [
      image('app', ['base', 'app'], {
        tags: ['app:1'],
        engineBytes: 1310,
        blobs: ['app', 'shared'],
        manifests: [manifest(['app', 'shared'], ['base', 'app'])],
      }),
      image('idle', ['base'], {
        tags: ['idle:1'],
        engineBytes: 1120,
        blobs: ['idle', 'shared'],
        // Of the second only the base is unpacked.
        manifests: [manifest(['idle', 'shared'], ['base']), manifest(['half'], ['other'], ['a', 'b'])],
      }),
    ],
    containers: [container('c', { image: 'app', baseLayer: 'app', mountId: '7' })],
  } as const

  it('have the attestations about them in their sizes from 27.2 on', () => {
    const [app, idle] = parts.images
    const attested = { ...parts, images: [{ ...app, attestationBytes: 7 }, idle] }
    expect(viewOf('26', attested)?.images.reclaimable).toBe(1257 - 303)
    expect(viewOf('27.2', attested)?.images.reclaimable).toBe(1257 - 310)
  })

  it.each([
    ['26.1.5', 1257, 1257 - 310],
    // What is in use holds 310 alone, what is not 120; with the blob that both have 210 and 20.
    ['28.1', 1257, 1257 - 310],
    ['28.2', 1387, 1387 - 310],
    ['29.0', 1387, 1387 - 120],
    ['29.4.1', 1387, 120],
    ['29.5', 1387, 20],
    // Without the snapshots of the build cache, and those that no image is unpacked to.
    ['29.6', 1330, 20],
  ])('are summed up by %s', (version, size, reclaimable) => {
    expect(viewOf(version, parts)?.images).toEqual({ total: 2, active: 1, size, reclaimable })
  })
})

describe('the rest of docker 29', () => {
  const parts = {
    layers,
    images: [
      image('app', ['base', 'app'], { tags: ['app:1'] }),
      image('idle', ['base', 'other'], { tags: ['idle:1'] }),
    ],
    containers: [container('c', { image: 'app', baseLayer: 'app', mountId: '7' })],
    cacheRecords: [
      cacheRecord('in-image', { layer: 'base', recordedBytes: 1000 }),
      cacheRecord('private', { recordedBytes: 70 }),
    ],
  }

  it.each([
    ['28', 1207 - 200],
    ['29.0', 1207 - 7],
    ['29', 7],
  ])('can reclaim of images of a storage driver by %s', (version, reclaimable) => {
    expect(viewOf(version, parts)?.images).toEqual({ total: 2, active: 1, size: 1207, reclaimable })
  })

  it('has the shared records in the size of the build cache', () => {
    expect(viewOf('28', parts)?.buildCache).toMatchObject({ size: 70, reclaimable: 70 })
    expect(viewOf('29', parts)?.buildCache).toMatchObject({ size: 1070, reclaimable: 70 })
  })
})
