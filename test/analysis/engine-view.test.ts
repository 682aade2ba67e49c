import { describe, expect, it } from 'vitest'
import { containersOfVolume, engineView, writableBytes } from '../../src/analysis/engine-view.ts'
import { podmanContainerBytes } from '../../src/analysis/podman-view.ts'
import { summaryRulesOf } from '../../src/analysis/summary-rules.ts'
import type { EngineRule, Model } from '../../src/model/model.ts'
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

type Rule = Model['roots'][number]['engine']['rule']

const root = (rule: Rule, path = ROOT): Model['roots'][number] => ({
  path,
  kind: 'docker',
  fileSystem: null,
  engine: { rule, why: '' },
  engineRunning: false,
})

describe('a root among others', () => {
  const roots = [root('23', '/other'), root('20.10')]
  const elsewhere = { root: '/other' }

  it('has its own rule and its own objects', () => {
    const volumes = [volume('ours'), volume('theirs', elsewhere)]
    const containers = [
      container('ours', { layerPath: 'overlay2/o/diff', volumes: ['theirs'] }),
      container('theirs', { ...elsewhere, layerPath: 'overlay2/o/diff', volumes: ['ours'] }),
    ]
    const ours = survey([
      [claim('overlay2/o/diff', { content: true }), 5, 4096, 1],
      [claim('volumes/ours/_data', { content: true }), 7, 4096, 1],
    ])
    const theirs = survey([], new Map([['overlay2/o/diff', 99]]), '/other')
    const rows = view({ roots, volumes, containers }, [theirs, ours])
    expect(rows).toMatchObject({
      engine: 'docker',
      rule: '20.10',
      containers: { total: 1, active: 0, size: 5, reclaimable: 5 },
      volumes: { total: 1, active: 0, size: 7, reclaimable: 7 },
    })
  })

  it('is not known where it was not read, or is of an engine without a summary', () => {
    const { catalog } = catalogOf({ roots: [] })
    expect(engineView(catalog, ROOT)).toBeNull()
    expect(view({ roots: [root('containerd')] })).toBeNull()
  })
})

describe('the rules of another version', () => {
  it('are called by their name, and may count the shared build cache', () => {
    const { catalog } = catalogOf({
      layers,
      images,
      cacheRecords: [cacheRecord('in-image', { layer: 'base', recordedBytes: 1000 })],
    })
    expect(engineView(catalog, ROOT)?.buildCache).toMatchObject({ size: 0, reclaimable: 0 })
    const late = engineView(catalog, ROOT, summaryRulesOf('29.1'))
    expect(late).toMatchObject({ rule: '29.0', buildCache: { size: 1000, reclaimable: 0 } })
  })
})

describe('podman', () => {
  const containers = (['running', 'paused', 'restarting', 'exited'] as const).map((state, index) =>
    container(state, { state, image: 'app', layerPath: `overlay/${index}/diff` }),
  )
  const measured = survey([
    ...containers.map(
      ({ layerPath }, index) => [claim(layerPath ?? '', { content: true }), 10 ** index, 4096, 1] as const,
    ),
    [claim('overlay-containers/exited', { content: true }), 20_000, 20_480, 2],
  ])
  const parts = { layers, images, containers, volumes: [volume('v', { options: new Map([['o', 'x']]) })] }

  it('counts an image once for each name, and running containers alone as active', () => {
    expect(view({ ...parts, roots: [root('podman')] }, [measured])).toMatchObject({
      engine: 'podman',
      rule: 'podman',
      images: { total: 4, size: 1000 + 1200 + 1030 + 1034, active: 1 },
      containers: { total: 4, active: 1, size: 1111, reclaimable: 1110 },
      volumes: { total: 1 },
    })
  })

  it('counts every layer once from 4.8 on, and what it keeps for a container', () => {
    const stores = [store({ driver: 'overlay' })]
    const rows = view({ ...parts, stores, roots: [root('podman-4.8')] }, [measured])
    const images = 1000 + 200 + 30 + 4 + 5_000_000
    expect(rows).toMatchObject({ engine: 'podman', rule: 'podman-4.8', images: { size: images } })
    expect(rows?.containers).toMatchObject({ size: 21_111, reclaimable: 21_110 })
  })
})

describe('what a container wrote', () => {
  it('is not known where its file system is a directory of the host', () => {
    const elsewhere = container('c', { layerPath: 'overlay/c', filesElsewhere: true })
    const measured = survey([[claim('overlay/c', { content: true }), 10, 4096, 1]])
    const { catalog } = catalogOf({ containers: [elsewhere] }, [measured])
    expect(writableBytes(catalog, elsewhere)).toBeNull()
    expect(writableBytes(catalog, { ...elsewhere, filesElsewhere: false })).toBe(10)
    // What holds a pod together has an empty directory.
    const infra = { ...elsewhere, filesElsewhere: false, isInfra: true }
    expect([writableBytes(catalog, infra), podmanContainerBytes(catalog, infra)]).toEqual([0, 0])
  })

  it('is not known where the driver keeps files out of sight', () => {
    const parts = { stores: [store({ driver: 'devicemapper' })] }
    const { catalog } = catalogOf(parts, [survey([], new Map([['x', 3]]))])
    expect(writableBytes(catalog, container('c', { layerPath: 'x' }))).toBeNull()
  })

  it('is in blocks where a snapshotter has it, and nothing where it has no directory', () => {
    const parts = { stores: [store({ layout: 'containerd', driver: 'overlayfs' })] }
    const { catalog } = catalogOf(parts, [survey([[claim('snapshots/1/fs', { content: true }), 5, 8192, 2]])])
    const of = (over: object) => writableBytes(catalog, container('c', { mountId: 'c', ...over }))
    expect(of({ layerPath: 'snapshots/1' })).toBe(8192)
    expect(of({})).toBe(0)
    expect(of({ mountId: null, layerPath: 'snapshots/1' })).toBeNull()
  })

  it('is told of a container without a store', () => {
    const { catalog } = catalogOf({}, [survey([], new Map([['overlay2/c', 3]]))])
    expect(writableBytes(catalog, container('c', { store: null, layerPath: 'overlay2/c' }))).toBe(3)
  })
})

describe('volumes that were not measured', () => {
  it('have no sizes, nor what can be reclaimed', () => {
    const volumes = [volume('a'), volume('b')]
    expect(view({ volumes })?.volumes).toEqual({ total: 2, active: 0, size: null, reclaimable: null })
    const measured = survey([[claim('volumes/b/_data', { content: true }), 7, 4096, 1]])
    const containers = [container('c', { volumes: ['a'] })]
    expect(view({ volumes, containers }, [measured])?.volumes.reclaimable).toBe(7)
  })
})

describe('the containers of a volume', () => {
  it('are all that mount it in its root, listed or not', () => {
    const containers = [
      container('one', { volumes: ['v', 'w'], loaded: false }),
      container('two', { volumes: ['w'] }),
      container('far', { volumes: ['v'], root: '/other' }),
    ]
    expect(containersOfVolume(catalogOf({ containers }).catalog, ROOT, 'v')).toEqual(['one'])
  })
})
