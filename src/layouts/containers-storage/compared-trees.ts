import type { Model } from '../../model/model.ts'
import type { ComparedTree } from '../docker/compared-trees.ts'
import { layerFiles } from './places.ts'

/** The containers of a root whose driver copies whole trees: their size is what differs from the layer below. */
export function storageComparedTrees(model: Model, root: string): ComparedTree[] {
  const stores = new Map(model.stores.map((store) => [store.id, store]))
  return model.containers.flatMap((container): ComparedTree[] => {
    const driver = container.store === null ? undefined : stores.get(container.store)?.driver
    if (container.root !== root || container.mountId === null || container.layerPath === null) return []
    if (driver === undefined || driver === 'overlay') return []
    const below = container.baseLayer === null ? [] : [layerFiles(driver, container.baseLayer)]
    const tree = layerFiles(driver, container.mountId)
    return [{ directory: container.layerPath, tree, below, counts: 'lengths' }]
  })
}
