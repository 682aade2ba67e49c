import { snapshotFiles } from '../layouts/containerd/places.ts'
import { snapshotterKind } from '../layouts/containerd/snapshotter-kinds.ts'
import type { Store } from '../model/model.ts'
import type { Catalog } from './catalog.ts'

/**
 * What containerd says of a snapshot that is still written to: the blocks of its own files, directories included, or of
 * what differs from the snapshot below. Null where its files cannot be seen or were not measured.
 */
export function snapshotUsage(
  { sizes }: Catalog,
  { root, driver }: Pick<Store, 'root' | 'driver'>,
  directory: string | null,
): number | null {
  if (snapshotterKind(driver).files === null) return null
  if (directory === null) return 0
  if (snapshotterKind(driver).countsChanges) return sizes.changed(root, directory) ?? null
  return sizes.total(root, snapshotFiles(driver, directory))?.diskBytes ?? null
}
