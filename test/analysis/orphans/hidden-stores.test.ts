import { describe, expect, it } from 'vitest'
import { claim, container, store, survey } from '../build-model.ts'
import { finding, foundIn } from './root-of.ts'

const foreign = survey([
  [claim('aufs', { place: 'foreign-driver' }), 5, 4096, 2],
  [claim('btrfs', { place: 'foreign-driver' }), 0, 0, 0],
  [claim('overlay2/x', { place: 'layer-files' }), 5, 4096, 2],
])

describe("a driver's directory of which no store is here", () => {
  it('is hidden, where anything is in it', () => {
    expect(foundIn({}, foreign)).toMatchObject([
      {
        path: 'aufs',
        store: null,
        kind: 'hidden',
        reason: 'the directory of storage driver aufs; no image store of it is in this root',
        searched: ['image/aufs', 'repositories-aufs'],
        size: { contentBytes: 5, diskBytes: 4096, files: 2 },
      },
    ])
  })

  it('is not named where it was not measured, so that nothing may be in it', () => {
    expect(foundIn({}, { ...foreign, measurement: null })).toEqual([])
  })

  it('may hold a container whose store is lost, or images without records', () => {
    expect(foundIn({ containers: [container('c', { store: null })] }, foreign)).toEqual([])
    expect(foundIn({ findings: [finding('image-records-missing', 'image')] }, foreign)).toEqual([])
  })

  it('holds no container of a known store or of another root, nor images of another root', () => {
    const containers = [container('c'), container('d', { store: null, root: '/other' })]
    const findings = [finding('image-records-missing', 'image', '/other'), finding('unreadable', 'image')]
    expect(foundIn({ containers, findings }, foreign)).toHaveLength(1)
  })
})

describe('a store that the engine does not use', () => {
  const unused = store({ active: false, why: 'overlay2 is newer', driver: 'vfs', path: 'image/vfs' })
  const measured = survey([
    [claim('image/vfs'), 1, 4096, 1],
    [claim('image/vfs/layerdb'), 2, 4096, 1],
    [claim('image/vfs-other'), 4, 4096, 1],
    [claim('vfs/dir/x'), 8, 4096, 1],
  ])

  it('is hidden, its records and its data, with all that lies there', () => {
    expect(foundIn({ stores: [unused] }, measured)).toMatchObject([
      {
        path: 'image/vfs',
        store: unused.id,
        kind: 'hidden',
        reason: 'of the image store layerdb/vfs: overlay2 is newer',
        searched: [],
        size: { contentBytes: 3, diskBytes: 8192, files: 2 },
      },
      { path: 'vfs/dir', size: { contentBytes: 8, diskBytes: 4096, files: 1 } },
    ])
  })

  it('has no size where nothing was measured, and is none where it is not known whether it is used', () => {
    expect(foundIn({ stores: [unused] }, { measurement: null })[0]).toMatchObject({ size: null })
    expect(foundIn({ stores: [{ ...unused, active: null }] }, measured)).toEqual([])
    expect(foundIn({ stores: [{ ...unused, root: '/other' }] }, measured)).toEqual([])
  })

  it('of containerd has its data among the blobs', () => {
    const path = 'containerd/daemon/io.containerd.snapshotter.v1.overlayfs'
    const containerd = store({ active: false, layout: 'containerd', driver: 'overlayfs', path })
    expect(foundIn({ stores: [containerd] }).map((each) => each.path)).toEqual([
      'containerd/daemon/io.containerd.content.v1.content/blobs',
      path,
    ])
  })

  it('of the driver that keeps its layers in several places is named by the first', () => {
    const aufs = store({ active: false, driver: 'aufs', path: 'image/aufs' })
    expect(foundIn({ stores: [aufs] }).map((each) => each.path)).toEqual(['aufs/diff', 'image/aufs'])
  })
})
