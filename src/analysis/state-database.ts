import { stateDatabase } from '../layouts/containers-storage/places.ts'
import type { Model } from '../model/model.ts'

/** The database that lists a root's volumes; podman's holds its containers too. Relative to the root. */
export function stateDatabaseOf(model: Model, root: string): string {
  const found = model.roots.find(({ path }) => path === root)
  return found?.kind === 'containers-storage' ? stateDatabase(found.engine.rule) : 'volumes/metadata.db'
}
