import { Claims } from '../../model/claims.ts'
import type { Subject } from '../../model/findings.ts'
import { groupBy } from '../../model/group-by.ts'
import type { Image, Layer, Model, Store } from '../../model/model.ts'
import type { Place } from '../../model/places.ts'
import { baseOf, containerDirectories, containerdPlaces, snapshotFiles, snapshotHomes } from './places.ts'

/** The parts of a containerd root by their names; what is not listed is its plugins' own. */
const FIXED: readonly (readonly [name: string, place: Place])[] = [
  ['io.containerd.content.v1.content', 'metadata'],
  ['io.containerd.content.v1.content/blobs', 'metadata'],
  ['io.containerd.content.v1.content/ingest', 'temporary'],
  ['io.containerd.metadata.v1.bolt', 'metadata'],
  ['io.containerd.runtime.v1.linux', 'metadata'],
  ['io.containerd.runtime.v2.task', 'metadata'],
  ['io.containerd.grpc.v1.cri', 'metadata'],
  ['io.containerd.grpc.v1.cri/containers', 'metadata'],
  ['io.containerd.grpc.v1.cri/sandboxes', 'metadata'],
  ['io.containerd.grpc.v1.introspection', 'metadata'],
  ['io.containerd.sandbox.controller.v1.shim', 'metadata'],
  ['io.containerd.mount-manager.v1.bolt', 'metadata'],
  ['tmpmounts', 'temporary'],
  ['opt', 'plugins'],
]

/** Everything of a containerd root that has an owner. */
export function containerdClaims(model: Model, root: string): Claims {
  const claims = new Claims()
  claims.add('', 'other', null, null)
  claimContainerd(claims, model, root, '')
  return claims
}

/** Everything of the containerd whose state lies at `base` of a root. */
export function claimContainerd(claims: Claims, model: Model, root: string, base: string): void {
  for (const [name, place] of FIXED) claims.add(`${base}${name}`, place, null, null)
  const stores = storesAt(model, root, base)
  for (const store of stores) {
    claims.add(store.path, 'metadata', null, null)
    for (const home of snapshotHomes(store)) claims.add(home, 'metadata', null, null)
    claims.add(`${store.path}/metadata.db`, 'metadata', null, null)
  }
  for (const leftover of model.leftovers)
    if (leftover.root === root && leftover.path.startsWith(`${base}io.containerd.`))
      claims.add(leftover.path, 'leftover', null, leftover.store)
  const paths = blobPaths(model, root)
  const layers = groupBy(model.layers, (layer) => layer.store)
  const images = groupBy(model.images, (image) => image.store)
  for (const store of stores) {
    claimLayers(claims, store, layers.get(store.id) ?? [])
    claimContainers(claims, model, store)
    claimBlobs(claims, store, images.get(store.id) ?? [], paths)
  }
  for (const store of stores) claimCache(claims, model, store, paths)
  // Blobs that no image has, as the history of builds keeps them: hidden where all that could use them is.
  const only = stores.every(({ active }) => active === false) ? (stores[0]?.id ?? null) : null
  for (const blob of model.blobs)
    if (blob.root === root && blob.path.startsWith(base) && blob.recordedBytes !== null)
      claims.add(blob.path, 'image-blobs', null, only, { content: true })
}

function claimLayers(claims: Claims, store: Store, layers: readonly Layer[]): void {
  for (const layer of layers) {
    if (layer.path === null) continue
    const owner = { kind: 'layer', id: layer.id } as const
    claimSnapshot(claims, store, layer.path, 'layer-files', owner)
  }
}

/** The files of a snapshot are its owner's content; the rest of its directory belongs to it all the same. */
function claimSnapshot(claims: Claims, store: Store, directory: string, place: Place, owner: Subject): void {
  const files = snapshotFiles(store.driver, directory)
  if (files !== null) claims.add(files, place, owner, store.id, { content: true })
  claims.add(directory, place, owner, store.id)
}

function claimContainers(claims: Claims, model: Model, store: Store): void {
  for (const container of model.containers) {
    if (container.store !== store.id) continue
    const owner = { kind: 'container', id: container.id } as const
    for (const path of containerDirectories(store, container.id))
      claims.add(path, 'container-files', owner, store.id)
    for (const path of [container.layerPath, container.initPath]) {
      if (path === null) continue
      const place = path === container.layerPath ? 'writable-layer' : 'init-layer'
      claimSnapshot(claims, store, path, place, owner)
    }
  }
}

function claimBlobs(
  claims: Claims,
  store: Store,
  images: readonly Image[],
  paths: ReadonlyMap<string, string>,
): void {
  for (const image of images)
    for (const digest of image.blobs ?? []) {
      const path = paths.get(digest)
      if (path !== undefined)
        claims.add(path, 'image-blobs', { kind: 'image', id: image.id }, store.id, { content: true })
    }
}

/** The snapshots of the build cache, and the compressed forms of them that no image has. */
function claimCache(claims: Claims, model: Model, store: Store, paths: ReadonlyMap<string, string>): void {
  const records = model.cacheRecords.filter((record) => record.store === store.id)
  for (const { id, layer, path, otherPaths, blob } of records) {
    const owner = { kind: 'cache-record', id } as const
    for (const directory of [layer === null ? path : null, ...(otherPaths ?? [])]) {
      if (directory === null) continue
      claimSnapshot(claims, store, directory, 'cache-files', owner)
    }
    const file = paths.get(blob ?? '')
    if (file !== undefined) claims.add(file, 'build-cache-blobs', owner, store.id, { content: true })
  }
}

const blobPaths = (model: Model, root: string): ReadonlyMap<string, string> =>
  new Map(model.blobs.filter((blob) => blob.root === root).map((blob) => [blob.digest, blob.path]))

/** The directories in which every entry needs an owner. */
export const containerdOwnedDirectories = (model: Model, root: string): string[] => ownedAt(model, root, '')

export function ownedAt(model: Model, root: string, base: string): string[] {
  const algorithms = new Set(['sha256'])
  for (const { root: at, digest } of model.blobs) if (at === root) algorithms.add(digest.split(':')[0] ?? '')
  const snapshots = storesAt(model, root, base).flatMap(snapshotHomes)
  const blobs = [...algorithms].map((algorithm) => `${containerdPlaces(base).content}/${algorithm}`)
  return [...new Set([...snapshots, ...blobs])]
}

const storesAt = (model: Model, root: string, base: string): Store[] =>
  model.stores.filter(
    (store) => store.root === root && store.layout === 'containerd' && baseOf(store.path) === base,
  )
