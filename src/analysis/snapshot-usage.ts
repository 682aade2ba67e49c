import { snapshotFiles } from '../layouts/containerd/places.ts'
import type { Store } from '../model/model.ts'
import type { Catalog } from './catalog.ts'

/** The blocks of a snapshot's own files, directories included; null where they were not measured. */
export const snapshotUsage = (
  catalog: Catalog,
  { root, driver }: Pick<Store, 'root' | 'driver'>,
  path: string,
): number | null => catalog.sizes.total(root, snapshotFiles(driver, path))?.diskBytes ?? null
