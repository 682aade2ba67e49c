import { describe, expect, it } from 'vitest'
import {
  chainBytes,
  engineChainBytes,
  isDangling,
  isIntermediate,
  layerUseCounts,
  listedImages,
  sharedBytes,
} from '../../src/analysis/images.ts'
import type { EngineRule, Image } from '../../src/model/model.ts'
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
  const sharedOf = (rule: EngineRule, id: string): number => {
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
