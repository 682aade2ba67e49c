import type { Container, Model } from '../../model/model.ts'
import type { ComparedTree } from '../docker/compared-trees.ts'
import { snapshotterKind } from './snapshotter-kinds.ts'

/** The writable snapshots of a root whose snapshotter says of them what differs from the snapshot below. */
export function snapshotComparedTrees(model: Model, root: string): ComparedTree[] {
  const stores = new Map(
    model.stores
      .filter((store) => store.root === root && store.layout === 'containerd')
      .filter(({ driver }) => snapshotterKind(driver).countsChanges)
      .map((store) => [store.id, store]),
  )
  return model.containers.flatMap((container) =>
    container.store !== null && stores.has(container.store) ? treesOf(model, container) : [],
  )
}

function treesOf(model: Model, { store, baseLayer, initPath, layerPath }: Container): ComparedTree[] {
  const base = model.layers.find((layer) => layer.store === store && layer.id === baseLayer)?.path ?? null
  // Without the snapshot below nothing can be said of what differs.
  const compared = (directory: string | null, below: string | null): ComparedTree[] =>
    directory === null || (below === null && baseLayer !== null)
      ? []
      : [{ directory, tree: directory, below: below === null ? [] : [below], counts: 'blocks' }]
  return [...compared(initPath, base), ...compared(layerPath, initPath ?? base)]
}
