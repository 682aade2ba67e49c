import { groupBy } from '../model/group-by.ts'
import type { CacheRecord, Image, Model } from '../model/model.ts'
import { blobChains } from './blob-chains.ts'
import type { StoreCatalog } from './catalog.ts'
import { hasReference, heldLayers } from './images.ts'

/** The image and the unnamed parents that the engine removes with it, because nothing else stands on them. */
export function removedTogether(at: StoreCatalog, image: Image): Image[] {
  const removed = [image]
  const gone = new Set([image.id])
  let current = image
  while (current.parent !== null) {
    const parent = at.images.get(current.parent)
    if (parent === undefined || gone.has(parent.id) || hasReference(parent)) break
    if ((at.containersOfImage.get(parent.id)?.length ?? 0) > 0) break
    if (at.children.get(parent.id)?.some((child) => !gone.has(child.id))) break
    removed.push(parent)
    gone.add(parent.id)
    current = parent
  }
  return removed
}

/** The records that the engine calls shared: those of which an image is made, and all below them. */
export function sharedRecords(at: StoreCatalog, records: readonly CacheRecord[]): Set<string> {
  const byId = new Map(records.map((record) => [record.id, record]))
  const isShared = sharedWith(
    at,
    [...at.images.values()].filter(({ loaded }) => loaded),
    byId,
  )
  const shared = new Set<string>()
  const pending = records.filter(isShared)
  for (let record = pending.pop(); record !== undefined; record = pending.pop()) {
    if (shared.has(record.id)) continue
    shared.add(record.id)
    for (const parent of record.parents) {
      const above = byId.get(parent)
      if (above !== undefined) pending.push(above)
    }
  }
  return shared
}

/**
 * Whether one of these images is made of a record. With a storage driver its layer belongs to one (a chain is a prefix
 * of an image's exactly if its chain ID is among the image's). With containerd the compressed layers of the record and
 * of all below it are, one by one, those of a manifest (buildkit util/imagerefchecker).
 */
export function sharedWith(
  at: StoreCatalog,
  images: readonly Image[],
  records: ReadonlyMap<string, CacheRecord>,
): (record: CacheRecord) => boolean {
  if (at.store.layout !== 'containerd') {
    const layers = new Set(images.flatMap((image) => image.layers))
    return ({ layer }) => layer !== null && layers.has(layer)
  }
  const lists = images.flatMap(({ manifests = [] }) => manifests.map(({ layerBlobs }) => layerBlobs))
  const joined = new Set(lists.map((blobs) => blobs.join()))
  const longest = lists.reduce((length, blobs) => Math.max(length, blobs.length), 0)
  const chainOf = blobChains(records.values(), longest)
  return (record) => {
    const blobs = chainOf(record)
    return blobs !== null && blobs.length > 0 && joined.has(blobs.join())
  }
}

/** What uses each layer, by id: images whose chain holds it, containers and cache records that stand on it directly. */
export interface LayerUsers {
  readonly images: ReadonlyMap<string, readonly string[]>
  readonly containers: ReadonlyMap<string, readonly string[]>
  readonly cacheRecords: ReadonlyMap<string, readonly string[]>
}

export function layerUsers(at: StoreCatalog, model: Model): LayerUsers {
  const images = new Map<string, string[]>()
  for (const image of at.images.values())
    for (const layer of heldLayers(image)) {
      const users = images.get(layer)
      if (users === undefined) images.set(layer, [image.id])
      else users.push(image.id)
    }
  const ids = <T extends { id: string }>(groups: Map<string, T[]>): Map<string, string[]> =>
    new Map([...groups].map(([layer, users]) => [layer, users.map((user) => user.id)]))
  const here = <T extends { store: string | null }>(items: readonly T[]): T[] =>
    items.filter((item) => item.store === at.store.id)
  return {
    images,
    containers: ids(groupBy(here(model.containers), (container) => container.baseLayer)),
    cacheRecords: ids(groupBy(here(model.cacheRecords), (record) => record.layer)),
  }
}
