import { describe, expect, it } from 'vitest'
import { catalogOf, claim, container, image, layer, ROOT, store, survey } from './build-model.ts'

describe('layer chains', () => {
  it('run from the base up, and tell how deep a layer stands', () => {
    const { at } = catalogOf({ layers: [layer('c', 'b'), layer('a'), layer('b', 'a'), layer('d', 'b')] })
    expect(at.chainTo('c')).toEqual(['a', 'b', 'c'])
    expect(at.chainTo('d')).toEqual(['a', 'b', 'd'])
    expect(['d', 'a', 'c', 'b'].map(at.depthOf)).toEqual([3, 1, 3, 2])
  })

  it('begin at the first layer that is there where a parent is missing', () => {
    const { at } = catalogOf({ layers: [layer('b', 'gone'), layer('c', 'b')] })
    expect(at.chainTo('c')).toEqual(['b', 'c'])
    expect(at.depthOf('c')).toBe(2)
    expect(at.chainTo('gone')).toEqual([])
    expect(at.depthOf('gone')).toBe(0)
  })

  it('end where parents run in a circle, with each layer once', () => {
    const { at } = catalogOf({
      layers: [layer('a', 'c'), layer('b', 'a'), layer('c', 'b'), layer('self', 'self'), layer('top', 'c')],
    })
    expect(at.chainTo('c')).toEqual(['a', 'b', 'c'])
    expect(at.chainTo('self')).toEqual(['self'])
    expect([...at.chainTo('top')].sort()).toEqual(['a', 'b', 'c', 'top'])
    for (const id of ['a', 'b', 'c', 'self', 'top']) expect(at.depthOf(id)).toBeGreaterThan(0)
  })

  it('take chains far deeper than a stack of calls', () => {
    const layers = Array.from({ length: 50_000 }, (_, index) =>
      layer(`l${index}`, index === 0 ? null : `l${index - 1}`),
    )
    const { at } = catalogOf({ layers })
    expect(at.depthOf('l49999')).toBe(50_000)
    expect(at.chainTo('l49999')[0]).toBe('l0')
  })

  it('do not reach into another store, though its layers have the same ids', () => {
    const other = store({ id: 'other', driver: 'vfs', active: false })
    const { at, catalog } = catalogOf({
      stores: [store(), other],
      layers: [layer('b', 'a'), layer('a', null, 0, { store: 'other' })],
    })
    expect(at.chainTo('b')).toEqual(['b'])
    expect(catalog.store('other')?.chainTo('a')).toEqual(['a'])
    expect(catalog.store('b')).toBeUndefined()
  })
})

describe('the containers of an image', () => {
  const manifest = { isAttestation: false, blobs: [], layerBlobs: [], layers: [], labels: null }
  const parts = {
    images: [
      image('first index', [], { manifests: [{ ...manifest, digest: 'platform' }] }),
      image('second index', [], { manifests: [{ ...manifest, digest: 'platform' }] }),
    ],
    containers: [
      container('by manifest', { image: 'an index that is gone', imageManifest: 'platform' }),
      container('by id', { image: 'second index', imageManifest: null }),
    ],
  }
  const counted = (layout: 'containerd' | 'layerdb', id: string): string[] => {
    const { at } = catalogOf({ ...parts, stores: [store({ layout, namespace: 'moby' })] })
    return (at.containersOfImage.get(id) ?? []).map((each) => each.id)
  }

  it('are in containerd those that run one of its manifests, else those made from it', () => {
    expect(counted('containerd', 'first index')).toEqual(['by manifest'])
    expect(counted('containerd', 'second index')).toEqual(['by id', 'by manifest'])
    expect(counted('containerd', 'an index that is gone')).toEqual([])
  })

  it('are with a storage driver those made from it, whatever manifest they name', () => {
    expect(counted('layerdb', 'an index that is gone')).toEqual(['by manifest'])
    expect(counted('layerdb', 'first index')).toEqual([])
  })
})

describe('the claim on a path', () => {
  const { catalog } = catalogOf({}, [
    survey([
      [claim(''), 0, 0, 1],
      [claim('overlay2'), 0, 0, 1],
      [claim('overlay2/x/diff'), 0, 0, 1],
    ]),
  ])

  it('is the deepest one', () => {
    const at = (path: string): string | undefined => catalog.claimAt(ROOT, path)?.path
    expect(at('overlay2/x/diff')).toBe('overlay2/x/diff')
    expect(at('overlay2/x/diff/etc/passwd')).toBe('overlay2/x/diff')
    expect(at('overlay2/x/different')).toBe('overlay2')
    expect(at('overlay2x')).toBe('')
    expect(at('')).toBe('')
  })

  it('is unknown for a root that was not read', () => {
    expect(catalog.claimAt('/elsewhere', 'overlay2')).toBeNull()
  })
})
