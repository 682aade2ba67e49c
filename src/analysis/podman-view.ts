import { containerDirectory } from '../layouts/containers-storage/places.ts'
import type { Container, Image } from '../model/model.ts'
import type { Catalog, StoreCatalog } from './catalog.ts'
import { type EngineRow, writableBytes } from './engine-view.ts'
import { engineChainBytes, engineImageBytes, heldLayers, type LayerSharing, sharedBytes } from './images.ts'
import { less, sumOf } from './sums.ts'

/**
 * The images row of `podman system df` (4.3): a line for every name of an image and one for an image without names,
 * each with the whole size, so that shared layers count many times.
 */
export function podmanImageRow(at: StoreCatalog): EngineRow {
  const lines = [...at.images.values()].flatMap((image) =>
    Array.from({ length: Math.max(1, image.tags.length) }, () => image),
  )
  const sum = (images: readonly Image[]): number | null =>
    sumOf(images.map((image) => engineImageBytes(at, image)))
  const used = lines.filter((image) => (at.containersOfImage.get(image.id)?.length ?? 0) > 0)
  const size = sum(lines)
  return { total: lines.length, active: used.length, size, reclaimable: less(size, sum(used)) }
}

/**
 * The images row of later versions (5.4): TOTAL still counts lines, but SIZE has every layer of the store once and the
 * images' own files, ACTIVE counts images, and RECLAIMABLE is all but what the used images have alone.
 */
export function distinctImageRow(at: StoreCatalog, sharing: LayerSharing): EngineRow {
  const images = [...at.images.values()]
  const used = images.filter((image) => (at.containersOfImage.get(image.id)?.length ?? 0) > 0)
  const ownFiles = images.map((image) =>
    less(engineImageBytes(at, image), engineChainBytes(at, [...heldLayers(image)])),
  )
  const size = sumOf([...ownFiles, engineChainBytes(at, [...at.layers.keys()])])
  const alone = sumOf(used.map((image) => less(engineImageBytes(at, image), sharedBytes(at, image, sharing))))
  return {
    total: images.reduce((lines, image) => lines + Math.max(1, image.tags.length), 0),
    active: used.length,
    size,
    reclaimable: less(size, alone),
  }
}

/**
 * What later versions (5.4) call a container's size: what it wrote, and the files that podman keeps for it. Those of a
 * running one in `/run` count too, which are no part of the root. Null where it was not measured.
 */
export function podmanContainerBytes(catalog: Catalog, container: Container): number | null {
  const { root, id, logs, isInfra } = container
  if (isInfra === true) return 0
  const written = writableBytes(catalog, container)
  const driver = catalog.store(container.store)?.store.driver
  if (written === null || driver === undefined) return written
  const own = catalog.sizes.sum(root, [containerDirectory(driver, id), ...logs.map(({ path }) => path)])
  return own === null ? null : written + own.contentBytes
}

/** The volumes row; ACTIVE is not the number of used volumes but the sum of their users. */
export function podmanVolumeRow(catalog: Catalog, root: string): EngineRow {
  const volumes = catalog.model.volumes.filter((volume) => volume.root === root && volume.recorded !== false)
  let active = 0
  let size: number | null = 0
  let reclaimable: number | null = 0
  for (const volume of volumes) {
    const bytes = catalog.sizes.content(root, volume.dataPath)
    const users = catalog.model.containers.filter(
      (container) => container.root === root && container.volumes.includes(volume.name),
    ).length
    active += users
    size = size === null || bytes === null ? null : size + bytes
    if (users === 0) reclaimable = reclaimable === null || bytes === null ? null : reclaimable + bytes
  }
  return { total: volumes.length, active, size, reclaimable }
}
