import { baseOf, containerdPlaces, snapshotHomes } from '../../layouts/containerd/places.ts'
import { placesOf } from '../../layouts/containers-storage/places.ts'
import { driverNamed } from '../../layouts/drivers/driver.ts'
import type { Store } from '../../model/model.ts'

/** Whether a path lies in a directory in which each entry must belong to something of the store. */
export function isOfStore(store: Store, path: string): boolean {
  return directoriesOf(store).some((directory) => path.startsWith(`${directory}/`))
}

function directoriesOf(store: Store): readonly string[] {
  const { homes } = driverNamed(store.driver)
  if (store.layout === 'containerd')
    return [...snapshotHomes(store), containerdPlaces(baseOf(store.path)).content]
  if (store.layout !== 'containers-storage') return homes
  const { images, layers, containers } = placesOf(store.driver)
  return [...homes, images, layers, containers]
}

/** The files in which an owner of a path could stand. */
export function placesSearched(path: string, store: Store | null): string[] {
  if (path.startsWith('containers/')) return [`${path}/config.v2.json`, `${path}/config.json`]
  if (store?.layout === 'containerd') return [...containerdFiles(store)]
  if (store?.layout === 'containers-storage') return [...storagePlaces(store)]
  if (store === null || store.layout === 'graph') return ['graph/', 'containers/*/config.json', 'volumes/']
  return [
    `${store.path}/layerdb/sha256/*/cache-id`,
    `${store.path}/layerdb/mounts/*/{mount-id,init-id}`,
    'buildkit/metadata_v2.db',
    'buildkit/snapshots.db',
  ]
}

/** Whether damage at `at` may hide the owner of a path of the store. */
export function conceals(at: string, path: string, store: Store): boolean {
  switch (store.layout) {
    case 'containerd':
      return containerdFiles(store).some((file) => hides(at, file))
    case 'containers-storage':
      return storagePlaces(store).some((file) => hides(at, file))
    case 'graph':
      return hides(at, 'graph') || isAtOrAbove(at, 'containers') || concealsVolume(at, path)
    case 'layerdb': {
      const records = `${store.path}/layerdb`
      // The ids that BuildKit draws are shorter than those of containers' layers.
      const isBuildkits = /\/[a-z0-9]{25}(-init)?$/.test(path)
      const places = isBuildkits ? [`${records}/sha256`, 'buildkit'] : [records]
      return [...places, 'graph'].some((place) => hides(at, place)) || concealsVolume(at, path)
    }
  }
}

/** Whether damage at `at` may hide that a volume of an old engine has its data at a path. */
export const concealsVolume = (at: string, path: string): boolean =>
  mayBeVolume(path) && (hides(at, 'volumes') || isAtOrAbove(at, 'containers'))

/** Old engines keep the data of volumes among the layers of vfs, whatever the storage driver. */
export const mayBeVolume = (path: string): boolean => path.startsWith('vfs/dir/')

/** Whether what cannot be seen at `at` is a place, holds it, or lies in it. */
const hides = (at: string, place: string): boolean => isAtOrAbove(at, place) || at.startsWith(`${place}/`)

const isAtOrAbove = (at: string, place: string): boolean =>
  at === '' || at === place || place.startsWith(`${at}/`)

/** Files of records that could use a layer of the store; null for layouts whose layers are never left unused. */
export function layerUserPlaces(store: Store): readonly string[] | null {
  if (store.layout === 'layerdb')
    return [
      `${store.path}/imagedb`,
      `${store.path}/layerdb/mounts`,
      'buildkit/metadata_v2.db',
      'buildkit/snapshots.db',
    ]
  if (store.layout === 'containers-storage') return storagePlaces(store)
  return null
}

/** Whether damage at `at` may hide a user of the store's layers. */
export const concealsLayerUser = (at: string, store: Store): boolean =>
  layerUserPlaces(store)?.some((place) => hides(at, place)) === true

function storagePlaces(store: Store): readonly string[] {
  const { images, layers, containers } = placesOf(store.driver)
  return [
    `${layers}/layers.json`,
    `${layers}/volatile-layers.json`,
    `${images}/images.json`,
    `${containers}/containers.json`,
    `${containers}/volatile-containers.json`,
  ]
}

const containerdFiles = (store: Store): readonly string[] => [
  containerdPlaces(baseOf(store.path)).meta,
  `${store.path}/metadata.db`,
]
