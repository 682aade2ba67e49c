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
  if (at === store.path) return true
  if (store.layout === 'containerd') return containerdFiles(store).includes(at)
  if (store.layout === 'containers-storage') return storagePlaces(store).includes(at)
  const name = path.slice(path.lastIndexOf('/') + 1)
  const isBuildkitName = /^[a-z0-9]{25}(-init)?$/.test(name)
  const hidesCache = at.startsWith('buildkit/') && isBuildkitName
  return hidesCache || at.startsWith(`${store.path}/layerdb`) || at.startsWith('graph') || at === 'image'
}

/** Files of records that could use a layer of the store; null for layouts whose layers are never left unused. */
export function layerUserPlaces(store: Store): readonly string[] | null {
  if (store.layout === 'layerdb')
    return [`${store.path}/imagedb`, `${store.path}/layerdb/mounts`, 'buildkit/snapshots.db']
  if (store.layout === 'containers-storage') return storagePlaces(store)
  return null
}

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
