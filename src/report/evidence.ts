import { cacheFiles } from '../layouts/buildkit/places.ts'
import { baseOf, blobPath, containerDirectories, containerdPlaces } from '../layouts/containerd/places.ts'
import {
  bigDataFile,
  containerDirectory,
  placesOf,
  tarSplitPath,
} from '../layouts/containers-storage/places.ts'
import type { CacheRecord, Container, Image, Layer, Store, Volume } from '../model/model.ts'

type Evident =
  | { kind: 'image'; image: Image; store: Store }
  | { kind: 'layer'; layer: Layer; store: Store }
  | { kind: 'container'; container: Container; store: Store | null; stateFile: string | null }
  | { kind: 'volume'; volume: Volume; database: string }
  | { kind: 'cache-record'; record: CacheRecord; store: Store }

/** The files that say what is reported of a thing, relative to its root, the telling one first. */
export function evidenceOf(thing: Evident): string[] {
  switch (thing.kind) {
    case 'image':
      return imageEvidence(thing.image, thing.store)
    case 'layer':
      return layerEvidence(thing.layer, thing.store)
    case 'container':
      return containerEvidence(thing.container, thing.store, thing.stateFile)
    case 'volume':
      return volumeEvidence(thing.volume, thing.database)
    case 'cache-record': {
      const { records, data } = cacheFiles(thing.store)
      return [records, data]
    }
  }
}

/** The directories of a container's own files. */
export function containerFiles(container: Container, store: Store | null): string[] {
  if (store?.layout === 'containers-storage') return [containerDirectory(store.driver, container.id)]
  return store !== null && isPlainContainerd(store)
    ? containerDirectories(store, container.id)
    : [`containers/${container.id}`]
}

/** A containerd of its own: one inside a Docker root keeps no containers. */
const isPlainContainerd = (store: Store): boolean =>
  store.layout === 'containerd' && baseOf(store.path) === ''

function imageEvidence(image: Image, store: Store): string[] {
  if (store.layout === 'containerd') {
    const places = containerdPlaces(baseOf(store.path))
    const target = blobPath(places, image.id)
    return [places.meta, ...(target !== null && image.blobs?.includes(image.id) ? [target] : [])]
  }
  if (store.layout === 'containers-storage')
    return [`${store.path}/images.json`, ...(image.layers.length === 0 ? [] : [configPath(store, image.id)])]
  if (store.layout === 'graph') {
    const tagFile = store.driver === 'graph' ? 'repositories' : `repositories-${store.driver}`
    return [`graph/${image.id}/json`, `graph/${image.id}/layersize`, ...(named(image) ? [tagFile] : [])]
  }
  const hex = image.id.slice(7)
  return [
    `${store.path}/imagedb/content/sha256/${hex}`,
    ...(image.parent === null ? [] : [`${store.path}/imagedb/metadata/sha256/${hex}/parent`]),
    ...(named(image) ? [`${store.path}/repositories.json`] : []),
  ]
}

const named = (image: Image): boolean => image.tags.length + image.digests.length > 0

function layerEvidence(layer: Layer, store: Store): string[] {
  if (store.layout === 'containerd')
    return [containerdPlaces(baseOf(store.path)).meta, `${store.path}/metadata.db`]
  if (store.layout === 'containers-storage')
    return [
      `${placesOf(store.driver).layers}/layers.json`,
      ...(layer.diffId === null ? [] : [tarSplitPath(placesOf(store.driver), layer.id)]),
    ]
  if (store.layout === 'graph') return [`graph/${layer.id}/json`, `graph/${layer.id}/layersize`]
  const directory = `${store.path}/layerdb/sha256/${layer.id.slice(7)}`
  return ['cache-id', 'diff', ...(layer.parent === null ? [] : ['parent']), 'size'].map(
    (file) => `${directory}/${file}`,
  )
}

function containerEvidence(container: Container, store: Store | null, stateFile: string | null): string[] {
  const directory = `containers/${container.id}`
  const told = stateFile === null ? [] : [stateFile]
  if (store !== null && isPlainContainerd(store)) return [containerdPlaces('').meta, ...told]
  if (store?.layout === 'containers-storage')
    return [`${placesOf(store.driver).containers}/containers.json`, ...told]
  if (store?.layout === 'graph') return [`${directory}/config.json`, `${directory}/hostconfig.json`]
  const mount = store?.layout === 'layerdb' ? `${store.path}/layerdb/mounts/${container.id}` : null
  return [
    `${directory}/config.v2.json`,
    `${directory}/hostconfig.json`,
    ...(mount === null || container.mountId === null ? [] : [`${mount}/mount-id`]),
    ...(mount === null || container.baseLayer === null ? [] : [`${mount}/parent`]),
  ]
}

const volumeEvidence = (volume: Volume, database: string): string[] => [
  ...(volume.path === null ? [] : [volume.path]),
  ...(volume.onDisk && volume.labels.size === 0 ? [] : [database]),
]

const configPath = (store: Store, image: string): string =>
  `${store.path}/${image}/${bigDataFile(`sha256:${image}`)}`
