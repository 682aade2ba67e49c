import type { Store } from '../../model/model.ts'
import type { Orphan } from './orphan.ts'
import { layerUserPlaces } from './searched.ts'
import type { SearchedRoot } from './searched-root.ts'

/** Layers with a record that nothing uses: no engine removes them by itself. */
export function findUnusedLayers(searched: SearchedRoot): Orphan[] {
  return searched.stores.flatMap((store) => {
    const at = searched.catalog.store(store.id)
    const users = layerUserPlaces(store)
    if (at === undefined || users === null || isConcealed(searched, store, users)) return []
    return [...at.layers.values()].flatMap((layer) =>
      layer.path === null || !layer.loaded || at.holders.isHeld(layer.id)
        ? []
        : [
            searched.orphan({
              path: layer.path,
              store: store.id,
              kind: 'leftover',
              reason: `the files of layer ${layer.id}, which no image, container, cache record or layer uses`,
              searched: users,
            }),
          ],
    )
  })
}

/** Whether an image or container that could hold layers of the store cannot be read. */
function isConcealed({ concealing }: SearchedRoot, store: Store, users: readonly string[]): boolean {
  const places = store.layout === 'layerdb' ? [`${store.path}/imagedb`] : users
  return concealing.some(({ path }) => places.some((place) => path?.startsWith(place)))
}
