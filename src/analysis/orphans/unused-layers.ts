import type { Layer } from '../../model/model.ts'
import type { Catalog, StoreCatalog } from '../catalog.ts'
import { concealingOf } from './concealing.ts'
import type { Orphan } from './orphan.ts'
import { concealsLayerUser, layerUserPlaces } from './searched.ts'
import type { SearchedRoot } from './searched-root.ts'

/** Layers with a record that nothing uses: no engine removes them by itself. */
export function findUnusedLayers(searched: SearchedRoot): Orphan[] {
  return searched.stores.flatMap((store) => {
    const at = searched.catalog.store(store.id)
    if (at === undefined) return []
    return unusedLayers(searched.catalog, at).flatMap((layer) =>
      layer.path === null
        ? []
        : [
            searched.orphan({
              path: layer.path,
              store: store.id,
              kind: 'leftover',
              reason: `the files of layer ${layer.id}, which no image, container, cache record or layer uses`,
              searched: layerUserPlaces(store) ?? [],
            }),
          ],
    )
  })
}

/** The layers of a store that nothing holds; none where one of the records that could hold them cannot be read. */
export function unusedLayers({ model }: Catalog, at: StoreCatalog): Layer[] {
  const { store } = at
  if (layerUserPlaces(store) === null) return []
  if (concealingOf(model, store.root).some((each) => concealsLayerUser(each.at, store))) return []
  return [...at.layers.values()].filter((layer) => layer.loaded && !at.holders.isHeld(layer.id))
}
