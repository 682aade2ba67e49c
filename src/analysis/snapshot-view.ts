import type { Catalog, StoreCatalog } from './catalog.ts'
import type { EngineRow } from './engine-view.ts'
import { engineImageBytes, listedImages, sharedBytes } from './images.ts'
import { snapshotUsage } from './snapshot-usage.ts'

/**
 * The images row of `docker system df` where containerd holds the images (28.2 to 29.5): every snapshot of the
 * namespace, those of containers and of the build cache included, and the distinct blobs of all images.
 */
export function snapshotImageRow(
  catalog: Catalog,
  at: StoreCatalog,
  counts: ReadonlyMap<string, number>,
): EngineRow {
  const listed = listedImages(at)
  const active = listed.filter((image) => (at.containersOfImage.get(image.id)?.length ?? 0) > 0)
  const size = sumOf([
    layerBytes(at),
    writableBytes(catalog, at),
    cacheSnapshotBytes(catalog, at),
    blobBytes(catalog, at),
  ])
  const used = active.reduce(
    (sum, image) => sum + engineImageBytes(at, image) - sharedBytes(at, image, counts),
    0,
  )
  return {
    total: listed.length,
    active: active.length,
    size,
    reclaimable: size === null ? null : size - used,
  }
}

const sumOf = (parts: readonly (number | null)[]): number | null =>
  parts.reduce<number | null>((sum, part) => (sum === null || part === null ? null : sum + part), 0)

const layerBytes = (at: StoreCatalog): number =>
  [...at.layers.values()].reduce((sum, layer) => sum + (layer.recordedBytes ?? 0), 0)

/** The blocks of what containers wrote and of their mount points: counted at the moment of asking. */
function writableBytes(catalog: Catalog, at: StoreCatalog): number | null {
  const containers = catalog.model.containers.filter((container) => container.store === at.store.id)
  return sumOf(
    containers.flatMap(({ layerPath, initPath }) =>
      [layerPath, initPath].flatMap((path) =>
        path === null ? [] : [snapshotUsage(catalog, at.store.root, path)],
      ),
    ),
  )
}

/** The snapshots that belong to the build cache: what is still written to is counted at the moment of asking. */
const cacheSnapshotBytes = (catalog: Catalog, at: StoreCatalog): number | null =>
  sumOf(
    catalog.model.cacheRecords.map(({ store, layer, path, snapshotBytes }) =>
      store !== at.store.id || layer !== null || path === null
        ? 0
        : (snapshotBytes ?? snapshotUsage(catalog, at.store.root, path)),
    ),
  )

function blobBytes(catalog: Catalog, at: StoreCatalog): number {
  const used = new Set([...at.images.values()].flatMap((image) => image.blobs ?? []))
  return catalog.model.blobs.reduce(
    (sum, blob) =>
      blob.root === at.store.root && used.has(blob.digest) ? sum + (blob.recordedBytes ?? 0) : sum,
    0,
  )
}
