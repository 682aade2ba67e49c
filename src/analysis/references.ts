import type { CacheRecord, Image, Model } from '../model/model.ts'
import { groupBy, type StoreCatalog } from './catalog.ts'
import { hasReference, heldLayers } from './images.ts'

/** Who holds the layers of a store: a layer stays on disk for as long as anyone does. */
export class LayerHolders {
  readonly #at: StoreCatalog
  readonly #imageCounts = new Map<string, number>()
  readonly #heldByOthers = new Set<string>()

  constructor(at: StoreCatalog, model: Model) {
    this.#at = at
    for (const image of at.images.values())
      for (const layer of heldLayers(image))
        this.#imageCounts.set(layer, (this.#imageCounts.get(layer) ?? 0) + 1)
    for (const container of model.containers)
      if (container.store === at.store.id) this.#hold(container.baseLayer)
    for (const mount of model.looseMounts) if (mount.store === at.store.id) this.#hold(mount.parent)
    for (const record of model.cacheRecords)
      if (record.store === at.store.id) {
        this.#hold(record.layer)
        this.#hold(record.baseLayer ?? null)
      }
    // A layer that nobody names still stands on its parents, and the engine removes a parent only after its children.
    for (const layer of at.layers.values())
      if (!this.#imageCounts.has(layer.id) && !this.#heldByOthers.has(layer.id)) this.#hold(layer.parent)
  }

  isHeld(layer: string): boolean {
    return this.#imageCounts.has(layer) || this.#heldByOthers.has(layer)
  }

  /** The layers that go when these images go and all else stays. */
  freedByRemoving(images: readonly Image[]): string[] {
    const removed = new Map<string, number>()
    for (const image of images)
      for (const layer of heldLayers(image)) removed.set(layer, (removed.get(layer) ?? 0) + 1)
    return [...removed.keys()].filter(
      (layer) =>
        this.#at.layers.has(layer) &&
        !this.#heldByOthers.has(layer) &&
        this.#imageCounts.get(layer) === removed.get(layer),
    )
  }

  /** Holds a layer and all below it. What is held already holds what is below it, so a chain is walked once. */
  #hold(layer: string | null): void {
    for (let id = layer; id !== null && this.#at.layers.has(id) && !this.#heldByOthers.has(id); ) {
      this.#heldByOthers.add(id)
      id = this.#at.layers.get(id)?.parent ?? null
    }
  }
}

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
  const lists = new Set(
    images.flatMap((image) => (image.manifests ?? []).map(({ layerBlobs }) => layerBlobs.join())),
  )
  return (record) => {
    const blobs = blobChain(record, records)
    return blobs !== null && lists.has(blobs.join())
  }
}

/** The compressed layers of a record and of those below it, base first; null where one has none. */
function blobChain(top: CacheRecord, records: ReadonlyMap<string, CacheRecord>): string[] | null {
  const blobs: string[] = []
  const seen = new Set<string>()
  for (let record: CacheRecord | undefined = top; record !== undefined; ) {
    if (record.blob == null || seen.has(record.id)) return null
    seen.add(record.id)
    blobs.push(record.blob)
    const [parent]: readonly string[] = record.parents
    if (parent === undefined) break
    record = records.get(parent)
    if (record === undefined) return null
  }
  return blobs.reverse()
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
