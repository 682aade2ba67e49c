import { Claims } from '../../model/claims.ts'
import type { Subject } from '../../model/findings.ts'
import type { Model, Store } from '../../model/model.ts'
import type { Place } from '../../model/places.ts'
import { type Driver, driverNamed } from '../drivers/driver.ts'
import { containerDirectory, layerFiles, placesOf, SQLITE_STATE, tarSplitPath } from './places.ts'

const FIXED: readonly (readonly [path: string, place: Place])[] = [
  ['', 'other'],
  ['libpod', 'metadata'],
  [SQLITE_STATE, 'metadata'],
  [`${SQLITE_STATE}-wal`, 'metadata'],
  [`${SQLITE_STATE}-shm`, 'metadata'],
  [`${SQLITE_STATE}-journal`, 'metadata'],
  ['volumes', 'metadata'],
  ['mounts', 'metadata'],
  ['secrets', 'metadata'],
  ['cache', 'metadata'],
  ['locks', 'metadata'],
  ['networks', 'network'],
  ['tmp', 'temporary'],
  ['storage.lock', 'metadata'],
  ['userns.lock', 'metadata'],
  ['defaultNetworkBackend', 'metadata'],
]

/** What a driver keeps beside its layers, and what it is for. */
const BESIDE_LAYERS: readonly (readonly [name: string, place: Place])[] = [
  ['l', 'metadata'],
  ['staging', 'temporary'],
  ['tempdirs', 'temporary'],
  ['backingFsBlockDev', 'metadata'],
  ['lost+found', 'metadata'],
  ['.has-mount-program', 'metadata'],
  ['.mount-program', 'metadata'],
]

/** The files beside the records' own directories. */
const RECORD_FILES = (name: string): string[] => [
  `${name}.json`,
  `volatile-${name}.json`,
  `${name}.lock`,
  `volatile-${name}.lock`,
  'tmp',
]

/** Everything of a containers/storage root that has an owner. */
export function storageClaims(model: Model, root: string): Claims {
  const claims = new Claims()
  for (const [path, place] of FIXED) claims.add(path, place, null, null)
  const stores = model.stores.filter((store) => store.root === root)
  for (const store of stores) claimFixedPlaces(claims, store)
  for (const leftover of model.leftovers)
    if (leftover.root === root)
      claims.add(leftover.path, leftover.kind === 'orphan' ? 'orphaned' : 'leftover', null, leftover.store)
  for (const store of stores) claimStore(claims, store, model)
  for (const volume of model.volumes) {
    if (volume.root !== root || volume.path === null) continue
    const owner = { kind: 'volume', id: volume.name } as const
    claims.add(volume.path, 'volume', owner, null)
    if (volume.dataPath !== null) claims.add(volume.dataPath, 'volume', owner, null, { content: true })
  }
  return claims
}

/** The directories in which every entry needs an owner. */
export function storageOwnedDirectories(model: Model, root: string): string[] {
  return model.stores
    .filter((store) => store.root === root)
    .flatMap((store) => {
      const { images, layers, containers } = placesOf(store.driver)
      return [...driverNamed(store.driver).homes.slice(0, 1), images, layers, containers]
    })
}

function claimFixedPlaces(claims: Claims, store: Store): void {
  const places = placesOf(store.driver)
  const { pool } = driverNamed(store.driver)
  const home = homeOf(driverNamed(store.driver))
  if (pool !== null) claims.add(pool, 'thin-pool', null, store.id)
  claims.add(home.split('/')[0] ?? home, 'metadata', null, store.id)
  claims.add(home, 'metadata', null, store.id)
  for (const [name, place] of BESIDE_LAYERS) claims.add(`${home}/${name}`, place, null, store.id)
  for (const what of ['images', 'layers', 'containers'] as const) {
    claims.add(places[what], 'metadata', null, store.id)
    for (const name of RECORD_FILES(what)) claims.add(`${places[what]}/${name}`, 'metadata', null, store.id)
  }
}

function claimStore(claims: Claims, store: Store, model: Model): void {
  const places = placesOf(store.driver)
  for (const layer of model.layers) {
    if (layer.store !== store.id) continue
    const owner = { kind: 'layer', id: layer.id } as const
    claimLayer(claims, store, layer.id, 'layer-files', owner)
  }
  for (const image of model.images)
    if (image.store === store.id)
      claims.add(`${places.images}/${image.id}`, 'image-record', { kind: 'image', id: image.id }, store.id)
  for (const container of model.containers) {
    if (container.store !== store.id) continue
    const owner = { kind: 'container', id: container.id } as const
    claims.add(containerDirectory(store.driver, container.id), 'container-files', owner, store.id)
    for (const log of container.logs) claims.add(log.path, 'container-log', owner, store.id)
    if (container.mountId !== null) claimLayer(claims, store, container.mountId, 'writable-layer', owner)
  }
}

/** The directory of a layer, its own files in it, and what is recorded of it. */
function claimLayer(claims: Claims, store: Store, id: string, place: Place, owner: Subject): void {
  const places = placesOf(store.driver)
  const directory = driverNamed(store.driver).directory(id)
  const files = layerFiles(store.driver, id)
  claims.add(files, place, owner, store.id, { content: true, name: id })
  claims.add(directory, place, owner, store.id)
  claims.add(tarSplitPath(places, id), 'layer-record', owner, store.id)
  claims.add(`${places.layers}/${id}`, 'layer-record', owner, store.id, { name: id })
}

const homeOf = (driver: Driver): string => driver.homes[0] ?? driver.name
