import type { EngineVersion, FileSystem, Layer, Store } from '../../model/model.ts'
import type { Collector } from '../collector.ts'
import { reportFullFileSystem } from '../docker/file-system.ts'
import { type Driver, driverNamed } from '../drivers/driver.ts'
import type { Source } from '../source.ts'
import { readContainers } from './containers.ts'
import { readImages } from './images.ts'
import { type ReadLayers, readLayers } from './layers.ts'
import { readLeftovers } from './leftovers.ts'
import { type LibpodState, libpodDatabase, readLibpod } from './libpod.ts'
import { reportMissingRecords, reportMissingState } from './missing-records.ts'
import {
  BOLT_STATE,
  driverTemporary,
  placesOf,
  recordTemporary,
  SQLITE_STATE,
  STORAGE_DRIVERS,
  type StorePlaces,
} from './places.ts'
import { readVolumes } from './volumes.ts'

/**
 * Reads a root of containers/storage, which podman, buildah and CRI-O share: the stores of every driver that was ever in
 * use, podman's containers and volumes. Layers come before what owns them.
 */
export function readContainersStorage(
  source: Source,
  collector: Collector,
  fileSystem: FileSystem | null,
): void {
  const drivers = findDrivers(source)
  const engine = engineOf(source, drivers)
  collector.roots.push({
    path: source.root,
    kind: 'containers-storage',
    fileSystem,
    engine,
    engineRunning: source.isAnyLocked([BOLT_STATE, SQLITE_STATE, 'storage.lock']),
    volumeDatabase: libpodDatabase(source),
  })
  reportFullFileSystem(source, fileSystem)
  const layers = drivers.map((driver) => readLayers(source, placesOf(driver), driverNamed(driver)))
  const libpod = readLibpod(source)
  const active = libpod?.driver ?? newestDriver(source, drivers)
  const made: string[] = []
  for (const [index, name] of drivers.entries()) {
    const read = layers[index]
    const store = storeOf(source, name, active, drivers.length, libpod)
    // Seen of 5.8, and not of 4.3: an image without a name that a list has is not dangling.
    const listsHold = engine.rule === 'podman-5.6'
    if (read !== undefined) made.push(...readStore(source, collector, store, { read, libpod, listsHold }))
  }
  const volumes = readVolumes(source, libpod)
  collector.volumes.push(...volumes)
  reportMissingState(source, { containers: made, volumes: volumes.length })
}

/**
 * No file names podman's version: the directories for removals tell 5.6 and later, its database the time from which it
 * begins a new one in SQLite.
 */
function engineOf(source: Source, drivers: readonly string[]): EngineVersion {
  const temporary = drivers
    .flatMap((driver) => [
      ...driverNamed(driver).homes.map(driverTemporary),
      recordTemporary(placesOf(driver).layers),
    ])
    .find((path) => source.stat(path)?.kind === 'directory')
  if (temporary !== undefined)
    return { rule: 'podman-5.6', why: `${temporary} exists: written by podman 5.6 or later` }
  if (libpodDatabase(source) === SQLITE_STATE)
    return { rule: 'podman-4.8', why: `podman keeps its state in ${SQLITE_STATE}` }
  return {
    rule: 'podman',
    why: source.isMissing(BOLT_STATE)
      ? 'the layout is that of containers/storage'
      : `podman keeps its state in ${BOLT_STATE}`,
  }
}

/** Gives the ids of the containers that podman made. */
function readStore(
  source: Source,
  collector: Collector,
  store: Store,
  by: { read: ReadLayers; libpod: LibpodState | null; listsHold: boolean },
): readonly string[] {
  const { read, libpod, listsHold } = by
  const places: StorePlaces = placesOf(store.driver)
  const driver: Driver = driverNamed(store.driver)
  collector.stores.push(store)
  const { images, lastNames } = readImages(source, places, { store: store.id, read, listsHold })
  const { containers, podmans } = readContainers(source, places, {
    store: store.id,
    read,
    libpod,
    images: lastNames,
  })
  collector.images.push(...images)
  collector.containers.push(...containers)
  const writable = new Set(containers.map((container) => container.mountId))
  // A damaged record may name any layer; one that an image or another layer stands on is no container's own.
  for (const { parent } of read.layers.values()) writable.delete(parent)
  for (const image of images) for (const id of image.layers) writable.delete(id)
  for (const layer of read.layers.values())
    if (!writable.has(layer.id)) collector.layers.push(layerOf(store, read, layer.id))
  readLeftovers(source, collector, { store, places, driver })
  const ownState = store.active === true ? libpod : null
  reportMissingRecords(source, places, { read, images, containers, libpod: ownState })
  return podmans
}

function layerOf(store: Store, { layers, usable }: ReadLayers, id: string): Layer {
  const layer = layers.get(id)
  return {
    store: store.id,
    id,
    parent: layer?.parent ?? null,
    diffId: layer?.diffId ?? null,
    cacheId: id,
    path: layer?.path ?? null,
    recordedBytes: layer?.tarBytes ?? null,
    loaded: usable.has(id),
  }
}

/** The drivers that have a directory of records. */
function findDrivers(source: Source): string[] {
  const names = new Set(source.list('').map((entry) => entry.name))
  return STORAGE_DRIVERS.filter((driver) => {
    const { images, layers, containers } = placesOf(driver)
    return [images, layers, containers].some((name) => names.has(name))
  })
}

function newestDriver(source: Source, drivers: readonly string[]): string | null {
  const written = (driver: string): number => {
    try {
      return source.tree.stat(`${placesOf(driver).layers}/layers.json`)?.modifiedMs ?? 0
    } catch {
      return 0
    }
  }
  return drivers.toSorted((a, b) => written(b) - written(a))[0] ?? null
}

const storeOf = (
  source: Source,
  driver: string,
  active: string | null,
  count: number,
  libpod: LibpodState | null,
): Store => ({
  id: `containers-storage/${driver}@${source.root}`,
  root: source.root,
  layout: 'containers-storage',
  driver,
  namespace: null,
  path: placesOf(driver).images,
  active: driver === active,
  why:
    libpod?.driver != null
      ? `podman's database names the storage driver ${libpod.driver}`
      : count === 1
        ? 'the only image store here'
        : `${placesOf(active ?? '').layers}/layers.json was written last`,
})
