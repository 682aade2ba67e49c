import { emptyTally, type Tally } from '../../model/places.ts'
import type { Ground } from './ground.ts'

/** A link that is longer than this takes a block of its own on ext4; a shorter one lies in its inode. */
const FAST_LINK_BYTES = 60
const BLOCK_BYTES = 4096
const LINK_DIRECTORIES: Readonly<Record<string, string>> = {
  overlay2: 'overlay2/l',
  'fuse-overlayfs': 'fuse-overlayfs/l',
}

/**
 * What the short link of one driver directory takes in `overlay2/l`. The links were measured together, so each long one
 * counts for its share of the whole in whole blocks. Made once for a root.
 */
export function linkSizes(ground: Ground): (driverId: string) => Tally {
  const directory = LINK_DIRECTORIES[ground.at.store.driver]
  const total = directory === undefined ? null : ground.catalog.sizes.total(ground.root, directory)
  if (total === null || total.files === 0) return emptyTally
  const long = allDriverIds(ground).filter(isLong).length
  // The directory itself has a block at least.
  const blocks = Math.floor((total.diskBytes - BLOCK_BYTES) / Math.max(long, 1) / BLOCK_BYTES)
  const longBytes = Math.min(1, Math.max(0, blocks)) * BLOCK_BYTES
  return (id) => ({ contentBytes: 0, diskBytes: isLong(id) ? longBytes : 0, files: 1 })
}

const isLong = (id: string): boolean => `../${id}/diff`.length >= FAST_LINK_BYTES

const allDriverIds = ({ at, containers, records }: Ground): string[] => [
  ...[...at.layers.values()].flatMap((layer) => driverIds(layer)),
  ...[...containers.values()].flatMap((container) => driverIds(container)),
  ...[...records.values()].flatMap((record) => (record.layer === null ? driverIds(record) : [])),
]

/** The driver's names for the directories of a layer, container or cache record, as far as they are there. */
export function driverIds(
  owner:
    | { readonly cacheId: string | null; readonly path: string | null }
    | {
        readonly mountId: string | null
        readonly layerPath: string | null
        readonly initId: string | null
        readonly initPath: string | null
      },
): string[] {
  const pairs =
    'cacheId' in owner
      ? [[owner.cacheId, owner.path]]
      : [
          [owner.mountId, owner.layerPath],
          [owner.initId, owner.initPath],
        ]
  return pairs.flatMap(([id, path]) => (id != null && path !== null ? [id] : []))
}
