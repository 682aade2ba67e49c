import { snapshotFiles } from '../../layouts/containerd/places.ts'
import { snapshotterKind } from '../../layouts/containerd/snapshotter-kinds.ts'
import { driverNamed } from '../../layouts/drivers/driver.ts'
import type { Store } from '../../model/model.ts'

/** How a driver turns directories into one tree. */
export type Mounting =
  /** Short links and `lower` files, as overlay2, fuse-overlayfs and podman's overlay. */
  | 'links'
  | 'aufs'
  /** Docker's first overlay driver: whole trees, and one directory over one of them. */
  | 'whole-below-upper'
  /** Each directory is the whole tree: nothing is put together. */
  | 'copies'
  | 'thin-devices'
  | 'snapshots'
  | 'hidden'

/** One directory of a stack, base first. */
export interface StackPlace {
  /** The driver's name for it; empty where its record does not tell. */
  readonly id: string
  /** What it is, in words: "layer 2". */
  readonly what: string
  readonly isWritable: boolean
  /** Where containerd keeps it; other stores' drivers have one place for each id. */
  readonly directory?: string
}

/** A place in a sentence: "layer 2", "the init layer". */
export const named = ({ what }: StackPlace): string => (/\d$/.test(what) ? what : `the ${what}`)

export function mountingOf({ layout, driver }: Store): Mounting {
  if (layout === 'containerd') {
    const { files, isWhole } = snapshotterKind(driver)
    return files === null ? 'hidden' : isWhole ? 'copies' : 'snapshots'
  }
  if (layout === 'containers-storage') return driver === 'overlay' ? 'links' : otherOf(driver)
  return driver === 'overlay' ? 'whole-below-upper' : otherOf(driver)
}

function otherOf(driver: string): Mounting {
  switch (driver) {
    case 'overlay2':
    case 'fuse-overlayfs':
      return 'links'
    case 'aufs':
    // Up to 0.6 the files lie in the graph, and aufs mounts them.
    case 'graph':
      return 'aufs'
    case 'vfs':
    case 'btrfs':
      return 'copies'
    case 'devicemapper':
      return 'thin-devices'
    default:
      return 'hidden'
  }
}

/** The directory of an id, relative to the root. */
export function directoryOf(store: Store, place: Omit<StackPlace, 'what'>): string {
  const { id } = place
  if (store.layout === 'containerd') return place.directory ?? store.path
  if (store.layout === 'graph' && store.driver === 'graph')
    return place.isWritable ? `containers/${id}/rw` : `graph/${id}/layer`
  return driverNamed(store.driver).directory(id)
}

/** The directory of the files themselves. */
export function filesOf(store: Store, place: Omit<StackPlace, 'what'>): string {
  const directory = directoryOf(store, place)
  if (store.layout === 'containerd') return snapshotFiles(store.driver, directory) ?? directory
  if (mountingOf(store) === 'links') return `${directory}/diff`
  if (mountingOf(store) === 'whole-below-upper') return `${directory}/${place.isWritable ? 'upper' : 'root'}`
  return directory
}

/** Where the driver keeps all of its directories. */
export const homeOf = (store: Store): string =>
  store.layout === 'containerd'
    ? `${store.path}/snapshots`
    : (driverNamed(store.driver).homes[0] ?? store.driver)
