import { baseOf, containerdPlaces } from '../layouts/containerd/places.ts'
import type { Container, Model, Store } from '../model/model.ts'

/** The database that lists a root's volumes; podman's holds its containers too. Relative to the root. */
export const stateDatabaseOf = (model: Model, root: string): string =>
  model.roots.find(({ path }) => path === root)?.volumeDatabase ?? 'volumes/metadata.db'

/** The file beside a container's record that tells its state; null where the record does that itself, or nothing does. */
export function stateFileOf(model: Model, container: Container, store: Store | null): string | null {
  const { root, id, state, startedAt, finishedAt } = container
  if (store?.layout === 'containers-storage') return state === 'unknown' ? null : stateDatabaseOf(model, root)
  const isTold = startedAt !== null || finishedAt !== null || state === 'created'
  if (store?.layout !== 'containerd' || baseOf(store.path) !== '' || !isTold) return null
  return `${containerdPlaces('').cri}/containers/${id}/status`
}
