import { describe, expect, it } from 'vitest'
import {
  conceals,
  isOfStore,
  layerUserPlaces,
  placesSearched,
} from '../../../src/analysis/orphans/searched.ts'
import { store } from '../build-model.ts'

const SNAPSHOTTER = 'containerd/daemon/io.containerd.snapshotter.v1.overlayfs'
const META = 'containerd/daemon/io.containerd.metadata.v1.bolt/meta.db'
const layerdb = store()
const graph = store({ layout: 'graph', driver: 'aufs', path: '' })
const podman = store({ layout: 'containers-storage', driver: 'overlay', path: '' })
const containerd = store({ layout: 'containerd', driver: 'overlayfs', path: SNAPSHOTTER })

const PODMAN_FILES = [
  'overlay-layers/layers.json',
  'overlay-layers/volatile-layers.json',
  'overlay-images/images.json',
  'overlay-containers/containers.json',
  'overlay-containers/volatile-containers.json',
]
const CONTAINERD_FILES = [META, `${SNAPSHOTTER}/metadata.db`]

it.each([
  [layerdb, 'overlay2/x', true],
  [layerdb, 'overlay2', false],
  [layerdb, 'overlay2x/y', false],
  [graph, 'aufs/mnt/x', true],
  [podman, 'overlay/x', true],
  [podman, 'overlay-layers/x', true],
  [podman, 'overlay-images/x', true],
  [podman, 'overlay-containers/x', true],
  [layerdb, 'overlay2-layers/x', false],
  [containerd, `${SNAPSHOTTER}/snapshots/1`, true],
  [containerd, `${SNAPSHOTTER}/metadata.db`, false],
  [containerd, 'containerd/daemon/io.containerd.content.v1.content/blobs/sha256', true],
  [containerd, 'overlayfs/x', false],
])('a path lies among what belongs to a store, or not (%#)', (of, path, expected) => {
  expect(isOfStore(of, path)).toBe(expected)
})

it.each([
  [layerdb, 'containers/x', ['containers/x/config.v2.json', 'containers/x/config.json']],
  [null, 'containers/x', ['containers/x/config.v2.json', 'containers/x/config.json']],
  [containerd, 'x', CONTAINERD_FILES],
  [podman, 'x', PODMAN_FILES],
  [null, 'x', ['graph/', 'containers/*/config.json', 'volumes/']],
  [graph, 'x', ['graph/', 'containers/*/config.json', 'volumes/']],
])('an owner is looked for in the files of the layout (%#)', (of, path, expected) => {
  expect(placesSearched(path, of)).toEqual(expected)
})

it.each([
  [
    layerdb,
    [
      'image/overlay2/imagedb',
      'image/overlay2/layerdb/mounts',
      'buildkit/metadata_v2.db',
      'buildkit/snapshots.db',
    ],
  ],
  [podman, PODMAN_FILES],
  [graph, null],
  [containerd, null],
])('layers are used by records that lie in certain places (%#)', (of, expected) => {
  expect(layerUserPlaces(of)).toEqual(expected)
})

describe('damage hides the owner of a path', () => {
  const BUILDKIT_NAME = 'abcdefghij0123456789klmno'
  it.each([
    [layerdb, 'image/overlay2', 'overlay2/x', true],
    [layerdb, 'image/overlay2/layerdb/sha256/x', 'overlay2/x', true],
    [layerdb, 'image/overlay2/imagedb', 'overlay2/x', false],
    [layerdb, 'image', 'overlay2/x', true],
    [layerdb, 'imagex', 'overlay2/x', false],
    [layerdb, 'graph/x', 'overlay2/x', true],
    [layerdb, 'volumes/graph', 'overlay2/x', false],
    [layerdb, 'buildkit/cache.db', `overlay2/${BUILDKIT_NAME}`, true],
    [layerdb, 'buildkit/cache.db', `overlay2/${BUILDKIT_NAME}-init`, true],
    [layerdb, 'buildkit/cache.db', `overlay2/${BUILDKIT_NAME}-else`, false],
    [layerdb, 'buildkit/cache.db', `overlay2/x${BUILDKIT_NAME}`, false],
    [layerdb, 'buildkit/cache.db', `overlay2/${BUILDKIT_NAME.toUpperCase()}`, false],
    [layerdb, 'swarm/buildkit/x', `overlay2/${BUILDKIT_NAME}`, false],
    [layerdb, 'image/overlay2/layerdb/mounts/x', 'overlay2/x', true],
    [layerdb, 'image/overlay2/layerdb/mounts/x', `overlay2/${BUILDKIT_NAME}`, false],
    [layerdb, 'image/overlay2/layerdb/sha256', `overlay2/${BUILDKIT_NAME}`, true],
    [layerdb, 'buildkit', `overlay2/${BUILDKIT_NAME}`, true],
    [layerdb, 'containers', 'overlay2/x', false],
    [layerdb, 'volumes', 'vfs/dir/x', true],
    [layerdb, 'containers', 'vfs/dir/x', true],
    [graph, 'graph/x/json', 'aufs/diff/x', true],
    [graph, 'containers', 'aufs/diff/x', true],
    [graph, 'containers/x/config.json', 'aufs/diff/x', false],
    [graph, 'volumes', 'aufs/diff/x', false],
    [graph, 'volumes', 'vfs/dir/x', true],
    [podman, 'overlay-layers/layers.json', 'overlay/x', true],
    [podman, 'overlay-layers', 'overlay/x', true],
    [podman, 'overlay-layers/other.json', 'overlay/x', false],
    [podman, 'image', 'overlay/x', false],
    [containerd, META, 'x', true],
    [containerd, 'image', 'x', false],
  ])('or does not (%#)', (of, at, path, expected) => {
    expect(conceals(at, path, of)).toBe(expected)
  })
})
