import { describe, expect, it } from 'vitest'
import { container, image, layer, store } from '../build-model.ts'
import { finding, foundIn } from './root-of.ts'

const layers = [layer('base'), layer('top', 'base'), layer('lonely', 'base')]
const images = [image('i', ['base', 'top'])]
const paths = (parts: Parameters<typeof foundIn>[0]): readonly string[] =>
  foundIn({ layers, images, ...parts }).map(({ path }) => path)

describe('layers that nothing uses', () => {
  it('are leftovers, with the places of their users', () => {
    expect(foundIn({ layers, images })).toMatchObject([
      {
        path: 'overlay2/lonely',
        kind: 'leftover',
        store: store().id,
        reason: 'the files of layer lonely, which no image, container, cache record or layer uses',
        searched: [
          'image/overlay2/imagedb',
          'image/overlay2/layerdb/mounts',
          'buildkit/metadata_v2.db',
          'buildkit/snapshots.db',
        ],
      },
    ])
  })

  it('are none where a container stands on them', () => {
    expect(paths({ containers: [container('c', { baseLayer: 'lonely' })] })).toEqual([])
  })

  it('are not named without files, nor where the engine does not know them', () => {
    expect(paths({ layers: [layer('x', null, 0, { path: null })] })).toEqual([])
    expect(paths({ layers: [layer('x', null, 0, { loaded: false })] })).toEqual([])
  })

  it('are not named in the layout whose images are its layers', () => {
    expect(paths({ stores: [store({ layout: 'graph' })] })).toEqual([])
  })

  it('may be used by an image that cannot be read, but not by one elsewhere', () => {
    const damaged = 'image/overlay2/imagedb/content/sha256/x'
    expect(paths({ findings: [finding('image-config-damaged', damaged)] })).toEqual([])
    expect(paths({ findings: [finding('image-config-damaged', damaged, '/other')] })).toHaveLength(1)
    expect(paths({ findings: [finding('image-config-damaged', null)] })).toHaveLength(1)
    // What stands on a layer is known by the layers' own records.
    expect(paths({ findings: [finding('layer-damaged', 'image/overlay2/layerdb/sha256/x')] })).toHaveLength(1)
  })

  it('may be used by a writable layer or a cache record that cannot be read', () => {
    expect(paths({ findings: [finding('mount-damaged', 'image/overlay2/layerdb/mounts/x')] })).toEqual([])
    for (const database of ['metadata_v2.db', 'snapshots.db'])
      expect(paths({ findings: [finding('database-damaged', `buildkit/${database}`)] })).toEqual([])
    expect(paths({ findings: [finding('unreadable', 'buildkit')] })).toEqual([])
  })

  it('may be used by any record of podman that cannot be read', () => {
    const stores = [store({ layout: 'containers-storage', driver: 'overlay', path: '' })]
    expect(paths({ stores })).toHaveLength(1)
    const damaged = 'overlay-containers/containers.json'
    expect(paths({ stores, findings: [finding('unreadable', damaged)] })).toEqual([])
  })

  it('are those of this root alone', () => {
    expect(paths({ stores: [store({ root: '/other' })] })).toEqual([])
  })
})
