import { describe, expect, it } from 'vitest'
import { engineView } from '../../src/analysis/engine-view.ts'
import type { EngineRule } from '../../src/model/model.ts'
import {
  cacheRecord,
  catalogOf,
  claim,
  container,
  image,
  layer,
  ROOT,
  store,
  survey,
  volume,
} from './build-model.ts'

const layers = [
  layer('base', null, 1000),
  layer('app', 'base', 200),
  layer('step', 'base', 30),
  layer('built', 'step', 4),
  layer('cache-only', null, 5_000_000),
]
const images = [
  image('base', ['base'], { tags: ['base:1'] }),
  image('app', ['base', 'app'], { tags: ['app:1'] }),
  image('step', ['base', 'step']),
  image('built', ['base', 'step', 'built'], { tags: ['built:1'], parent: 'step' }),
]

const view = (parts: Parameters<typeof catalogOf>[0], surveys: Parameters<typeof catalogOf>[1] = []) =>
  engineView(catalogOf(parts, surveys).catalog, ROOT)

describe('the row of images', () => {
  const used = [container('c1', { image: 'app', baseLayer: 'app' })]

  it('sums every layer of listed images once, and leaves out what only the cache holds', () => {
    expect(view({ layers, images })?.images).toEqual({
      total: 3,
      active: 0,
      size: 1234,
      reclaimable: 1234,
    })
  })

  it.each([
    // The base is shared, and what is shared counts as reclaimable even where it is in use.
    { rule: '20.10', imageId: 'app', reclaimable: 1234 - 200 },
    { rule: '23', imageId: 'app', reclaimable: 1234 - 200 },
    // From 23 on the hidden step of the build shares its layer too.
    { rule: '20.10', imageId: 'built', reclaimable: 1234 - 34 },
    { rule: '23', imageId: 'built', reclaimable: 1234 - 4 },
  ] as const)(
    'takes off what only $imageId holds when it is used, by $rule',
    ({ rule, imageId, reclaimable }) => {
      const containers = [container('c1', { image: imageId })]
      expect(view({ rule, layers, images, containers })?.images).toEqual({
        total: 3,
        active: 1,
        size: 1234,
        reclaimable,
      })
    },
  )

  it('counts no container that the engine does not list', () => {
    const hidden = used.map((each) => ({ ...each, loaded: false }))
    expect(view({ layers, images, containers: hidden })?.images.active).toBe(0)
  })

  it('leaves out images that the engine does not load, with their layers', () => {
    const damaged = images.map((each) => (each.id === 'app' ? { ...each, loaded: false } : each))
    expect(view({ layers, images: damaged })?.images).toMatchObject({ total: 2, size: 1034 })
  })
})

describe('the row of containers', () => {
  const containers = [
    container('running', { state: 'running', layerPath: 'overlay2/r/diff' }),
    container('paused', { state: 'paused', layerPath: 'overlay2/p/diff' }),
    container('exited', { state: 'exited', layerPath: 'overlay2/e/diff' }),
    container('created', { state: 'created', layerPath: 'overlay2/c/diff' }),
    container('broken', { state: 'running', layerPath: 'overlay2/b/diff', loaded: false }),
  ]
  const measured = survey(
    [...'rpecb'].map((name, index) => [
      claim(`overlay2/${name}/diff`, { place: 'writable-layer', content: true }),
      10 ** index,
      4096,
      1,
    ]),
  )

  it('counts running, paused and restarting ones as active, the others as reclaimable', () => {
    expect(view({ containers }, [measured])?.containers).toEqual({
      total: 4,
      active: 2,
      size: 1111,
      reclaimable: 1100,
    })
  })

  it('has no sizes where nothing was measured', () => {
    expect(view({ containers })?.containers).toEqual({ total: 4, active: 2, size: null, reclaimable: null })
  })

  it('takes what the comparison of trees gave where there is one', () => {
    const compared = {
      ...measured,
      measurement: measured.measurement && {
        ...measured.measurement,
        changedBytes: new Map([['overlay2/e/diff', 7]]),
      },
    }
    expect(view({ containers }, [compared])?.containers).toMatchObject({ size: 1018, reclaimable: 1007 })
  })
})

describe('where the files of layers cannot be seen', () => {
  const stores = [store({ layout: 'containerd', driver: 'devmapper' })]

  it('what containers wrote is not known, nor what all images take', () => {
    const parts = { stores, containers: [container('c', { mountId: '7' })] }
    expect(view(parts, [survey([])])).toMatchObject({
      images: { size: null, reclaimable: null },
      containers: { total: 1, size: null, reclaimable: null },
    })
  })

  it('no containers have written nothing', () => {
    expect(view({ stores }, [survey([])])).toMatchObject({ images: { size: 0 }, containers: { size: 0 } })
  })
})

describe('the row of volumes', () => {
  const volumes = [
    volume('used'),
    volume('unused'),
    volume('with-options', { options: new Map([['type', 'tmpfs']]) }),
    volume('of-a-plugin', { driver: 'sshfs', path: null, dataPath: null }),
  ]
  const measured = survey(
    volumes.flatMap(({ name, dataPath }, index) =>
      dataPath === null
        ? []
        : [
            [claim(`volumes/${name}`, { place: 'volume' }), 0, 4096, 1] as const,
            [claim(dataPath, { place: 'volume', content: true }), 10 ** index, 4096, 1] as const,
          ],
    ),
  )

  it('leaves out those with options and those of other drivers', () => {
    const containers = [container('c', { volumes: ['used', 'with-options'] })]
    expect(view({ volumes, containers }, [measured])?.volumes).toEqual({
      total: 2,
      active: 1,
      size: 11,
      reclaimable: 10,
    })
  })

  it('counts the use by stopped containers, but not by those that the engine does not list', () => {
    const containers = [
      container('stopped', { volumes: ['used'], state: 'exited' }),
      container('broken', { volumes: ['unused'], loaded: false }),
    ]
    expect(view({ volumes, containers }, [measured])?.volumes).toMatchObject({ active: 1, reclaimable: 10 })
  })
})

describe('the row of the build cache', () => {
  const cacheRecords = [
    cacheRecord('in-image', { layer: 'base', recordedBytes: 1000 }),
    cacheRecord('private', { recordedBytes: 70, parents: ['in-image'] }),
    cacheRecord('of-unknown-size', { recordedBytes: null }),
    cacheRecord('elsewhere', { recordedBytes: 9, store: 'other' }),
  ]

  it('lists every record and sums those that no image shares', () => {
    expect(view({ layers, images, cacheRecords })?.buildCache).toEqual({
      total: 3,
      active: 0,
      size: 70,
      reclaimable: 70,
    })
  })
})

describe('the view of a root', () => {
  it('is that of its active store, by the rule of its engine', () => {
    const rules: readonly EngineRule[] = ['legacy', '20.10', '23']
    for (const rule of rules) expect(view({ rule })).toMatchObject({ root: ROOT, rule })
  })

  it('does not exist where no store is in use', () => {
    expect(view({ stores: [store({ active: false })] })).toBeNull()
  })

  it('counts nothing of a hidden store', () => {
    const hidden = store({ id: 'hidden', driver: 'vfs', active: false })
    const theirs = images.map((each) => ({ ...each, store: 'hidden' }))
    const ours = view({ stores: [hidden, store()], layers, images: theirs })
    expect(ours?.images.total).toBe(0)
  })
})
