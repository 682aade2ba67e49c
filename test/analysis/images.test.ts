import { describe, expect, it } from 'vitest'
import {
  chainBytes,
  engineChainBytes,
  engineImageBytes,
  heldLayers,
  isDangling,
  isIntermediate,
  layerSharing,
  layerUseCounts,
  listedImages,
  sharedBytes,
} from '../../src/analysis/images.ts'
import type { EngineRule, Image, ImageManifest } from '../../src/model/model.ts'
import { catalogOf, image, layer, STORE, store } from './build-model.ts'

const NAMED = { tags: ['app:1'] }
const BY_DIGEST = { digests: ['app@sha256:00'] }

describe('how an image stands in the list', () => {
  const images = [
    image('step', ['a']),
    image('named-parent', ['a'], { ...NAMED, parent: 'step' }),
    image('top', ['a', 'b'], { tags: ['app:2'], parent: 'named-parent' }),
    image('left-over', ['a']),
    image('by-digest', ['a'], BY_DIGEST),
    image('by-digest-parent', ['a'], BY_DIGEST),
    image('child', ['a'], { tags: ['x:1'], parent: 'by-digest-parent' }),
    image('damaged', ['a'], { loaded: false, parent: 'left-over' }),
  ]
  const which = (test: (image: Image) => boolean): string[] => images.filter(test).map(({ id }) => id)

  it('is dangling without a tag and without children: in a content-addressed store a digest does not save it', () => {
    const { at } = catalogOf({ images })
    expect(which((each) => isDangling(at, each))).toEqual(['left-over', 'by-digest'])
  })

  it('is dangling in the legacy graph only without any name', () => {
    const { at } = catalogOf({ images, stores: [store({ layout: 'graph' })] })
    expect(which((each) => isDangling(at, each))).toEqual(['left-over'])
  })

  it('is intermediate without a name and with a child that the engine knows', () => {
    const { at } = catalogOf({ images })
    expect(which((each) => isIntermediate(at, each))).toEqual(['step'])
  })

  it('is listed with a name or without children, if the engine loads it', () => {
    const { at } = catalogOf({ images })
    expect(listedImages(at).map(({ id }) => id)).toEqual([
      'named-parent',
      'top',
      'left-over',
      'by-digest',
      'by-digest-parent',
      'child',
    ])
  })

  it('is neither dangling nor intermediate where the names are unknown', () => {
    const { at } = catalogOf({
      images: images.map((each) => ({ ...each, tags: [], digests: [] })),
      storesWithoutNames: [STORE],
      unsettledLayers: [],
    })
    expect(which((each) => isDangling(at, each) || isIntermediate(at, each))).toEqual([])
  })
})

describe('the size of a chain', () => {
  const { at } = catalogOf({ layers: [layer('a', null, 100), layer('b', 'a', 20), layer('c', 'b', null)] })

  it('is the sum of its layers', () => {
    expect(chainBytes(at, ['a', 'b'])).toBe(120)
    expect(chainBytes(at, [])).toBe(0)
  })

  it('is unknown where one of them is, though the engine counts that as nothing', () => {
    for (const chain of [
      ['a', 'b', 'c'],
      ['a', 'gone'],
    ]) {
      expect(chainBytes(at, chain)).toBeNull()
      expect(engineChainBytes(at, chain)).toBe(chain.includes('b') ? 120 : 100)
    }
  })
})

describe('what the engine calls shared', () => {
  // base ← step (unnamed) ← app:1, and other:1 on the base alone.
  const layers = [layer('base', null, 1000), layer('step', 'base', 200), layer('app', 'step', 30)]
  const images = [
    image('step', ['base', 'step']),
    image('app', ['base', 'step', 'app'], { tags: ['app:1'], parent: 'step' }),
    image('other', ['base'], { tags: ['other:1'] }),
    image('damaged', ['base', 'step', 'app'], { loaded: false }),
  ]
  const sharedOf = (rule: EngineRule, id: string): number | null => {
    const { at } = catalogOf({ layers, images })
    const wanted = at.images.get(id)
    return wanted === undefined ? Number.NaN : sharedBytes(at, wanted, layerUseCounts(at, rule))
  }

  it.each(['legacy', '20.10'] as const)('counts only listed images by the rule of %s', (rule) => {
    expect(sharedOf(rule, 'app')).toBe(1000)
    expect(sharedOf(rule, 'other')).toBe(1000)
  })

  it.each(['23', '26', '28', '29'] as const)(
    'counts the steps of builds as well by the rule of %s',
    (rule) => {
      expect(sharedOf(rule, 'app')).toBe(1200)
      expect(sharedOf(rule, 'other')).toBe(1000)
    },
  )

  it('counts an image once though a layer stands twice in its chain', () => {
    const { at } = catalogOf({ layers, images: [image('twice', ['base', 'base'], NAMED)] })
    expect(layerUseCounts(at, '23').get('base')).toBe(1)
  })
})

describe('an image of several platforms in containerd', () => {
  const manifest = (isAttestation: boolean, layers: readonly string[]): ImageManifest => ({
    digest: '',
    isAttestation,
    blobs: [],
    layerBlobs: [],
    layers,
    labels: null,
  })
  const layers = [layer('base', null, 1000), layer('app', 'base', 30), layer('proof', null, 7)]
  const two = image('two', ['base', 'app'], {
    ...NAMED,
    manifests: [manifest(false, ['base', 'app']), manifest(false, ['base']), manifest(true, ['proof'])],
  })
  const { at } = catalogOf({ layers, images: [two], stores: [store({ layout: 'containerd' })] })

  it('shares with itself what two of its platforms have, and counts that for each; attestations count nothing', () => {
    const counts = layerUseCounts(at, '29')
    expect([...counts]).toEqual([
      ['base', 2],
      ['app', 1],
    ])
    expect(sharedBytes(at, two, counts)).toBe(2000)
  })

  it('counts by the rule of the images listed, and the chain where no manifest is known', () => {
    const step = image('step', ['base'])
    const plain = image('plain', ['base', 'gone'], { ...NAMED, parent: 'step' })
    const others = catalogOf({ layers, images: [step, plain], stores: [store({ layout: 'containerd' })] }).at
    const counts = layerUseCounts(others, '29')
    expect([...counts]).toEqual([
      ['base', 1],
      ['gone', 1],
    ])
    // A layer that is not here has no bytes to share.
    expect(sharedBytes(others, plain, new Map([['gone', 2]]))).toBe(0)
  })

  it('holds the layers of every platform', () => {
    expect([...heldLayers(image('i', ['a'], { otherLayers: ['b', 'a'] }))]).toEqual(['a', 'b'])
    expect([...heldLayers(image('i', ['a']))]).toEqual(['a'])
  })
})

describe('what podman calls shared', () => {
  const layers = [layer('base', null, 1000), layer('app', 'base', 30)]
  const images = [
    image('parent', ['base'], { tags: ['base:1'] }),
    image('child', ['base', 'app'], { ...NAMED, parent: 'parent' }),
    image('alone', ['base', 'app']),
    image('of one that is gone', ['base', 'app'], { parent: 'gone' }),
    image('with size', ['base'], { engineBytes: 5 }),
    image('on that', ['base'], { parent: 'with size' }),
  ]
  const { at } = catalogOf({ layers, images, stores: [store({ layout: 'containers-storage' })] })

  const sharedOf = (rule: 'podman' | 'podman-4.8' | 'podman-5.6') =>
    Object.fromEntries(images.map((each) => [each.id, sharedBytes(at, each, layerSharing(at, rule))]))

  it.each(['podman', 'podman-4.8'] as const)(
    'is by the rule of %s the whole of an image with children, what the parent has of any other, and asks no layer',
    (rule) => {
      expect(sharedOf(rule)).toEqual({
        parent: 1000,
        child: 1000,
        alone: 0,
        'of one that is gone': 0,
        'with size': 5,
        'on that': 5,
      })
    },
  )

  it('is from 5.6 on the layers that several images have', () => {
    expect(sharedOf('podman-5.6')).toEqual({
      parent: 1000,
      child: 1030,
      alone: 1030,
      'of one that is gone': 1030,
      'with size': 1000,
      'on that': 1000,
    })
  })

  it('takes the size that the engine recorded for the sum of the layers', () => {
    expect(images.map((each) => engineImageBytes(at, each))).toEqual([1000, 1030, 1030, 1030, 5, 1000])
  })
})
