import type { Catalog, StoreCatalog } from '../../analysis/catalog.ts'
import { layerUsers } from '../../analysis/references.ts'
import { evidenceOf } from '../evidence.ts'
import type { ReportLayer } from '../schema.ts'
import { byId, sizeOf } from './fields.ts'

/** The layers of all stores, with who uses them. */
export function* layersOfStores(catalog: Catalog): Generator<ReportLayer> {
  for (const at of catalog.stores) yield* layersOf(catalog, at)
}

function* layersOf(catalog: Catalog, at: StoreCatalog): Generator<ReportLayer> {
  const users = layerUsers(at, catalog.model)
  for (const layer of [...at.layers.values()].sort(byId)) {
    const total = at.holdsAll(layer.path) ? catalog.sizes.total(at.store.root, layer.path) : null
    yield {
      id: layer.id,
      store: layer.store,
      parent: layer.parent,
      diffId: layer.diffId,
      cacheId: layer.cacheId,
      depth: at.depthOf(layer.id),
      path: layer.path,
      loaded: layer.loaded,
      images: [...(users.images.get(layer.id) ?? [])].sort(),
      containers: [...(users.containers.get(layer.id) ?? [])].sort(),
      cacheRecords: [...(users.cacheRecords.get(layer.id) ?? [])].sort(),
      size: sizeOf(total, layer.recordedBytes),
      evidence: evidenceOf({ kind: 'layer', layer, store: at.store }),
    }
  }
}
