import type { Image } from '../model/model.ts'
import type { Catalog, StoreCatalog } from './catalog.ts'
import type { EngineRow } from './engine-view.ts'
import { engineImageBytes } from './images.ts'

/**
 * The images row of `podman system df` (4.3): a line for every name of an image and one for an image without names,
 * each with the whole size, so that shared layers count many times.
 */
export function podmanImageRow(at: StoreCatalog): EngineRow {
  const lines = [...at.images.values()].flatMap((image) =>
    Array.from({ length: Math.max(1, image.tags.length) }, () => image),
  )
  const sum = (images: readonly Image[]): number =>
    images.reduce((bytes, image) => bytes + engineImageBytes(at, image), 0)
  const used = lines.filter((image) => (at.containersOfImage.get(image.id)?.length ?? 0) > 0)
  const size = sum(lines)
  return { total: lines.length, active: used.length, size, reclaimable: size - sum(used) }
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
