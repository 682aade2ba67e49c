import type { Catalog } from './catalog.ts'

/** The blocks of a snapshot's own files, directories included; null where they were not measured. */
export const snapshotUsage = (catalog: Catalog, root: string, path: string): number | null =>
  catalog.sizes.total(root, `${path}/fs`)?.diskBytes ?? null
