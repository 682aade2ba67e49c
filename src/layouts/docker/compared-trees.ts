import type { Model } from '../../model/model.ts'
import { driverNamed } from '../drivers/driver.ts'

/** A writable layer that has to be compared with the trees below it, nearest first; paths are relative to the root. */
export interface ComparedTree {
  /** The directory of the writable layer, by which the result is found. */
  readonly directory: string
  readonly tree: string
  readonly below: readonly string[]
  /** What of a changed entry its engine counts. */
  readonly counts: 'lengths' | 'blocks'
}

/** The containers of a root whose driver keeps no list of changes: their size is what differs from the layers below. */
export function comparedTrees(model: Model, root: string): ComparedTree[] {
  const stores = new Map(model.stores.map((store) => [store.id, store]))
  return model.containers.flatMap((container): ComparedTree[] => {
    const store =
      container.root === root && container.store !== null ? stores.get(container.store) : undefined
    if (store === undefined || container.layerPath === null || container.mountId === null) return []
    const driver = driverNamed(store.driver)
    const tree = driver.writableFiles(container.mountId)
    if (!driver.comparesTrees || tree === null) return []
    const base = model.layers.find((layer) => layer.store === store.id && layer.id === container.baseLayer)
    const below = [
      container.initId === null ? null : driver.writableFiles(container.initId),
      base?.cacheId == null ? null : driver.files(base.cacheId),
    ]
    return [
      {
        directory: container.layerPath,
        tree,
        below: below.filter((path) => path !== null),
        counts: 'lengths',
      },
    ]
  })
}
