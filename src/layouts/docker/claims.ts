import { Claims } from '../../model/claims.ts'
import type { Subject } from '../../model/findings.ts'
import type { Layer, Model, Store } from '../../model/model.ts'
import type { Place } from '../../model/places.ts'
import { claimContainerd, ownedAt } from '../containerd/claims.ts'
import { DOCKER_BASE } from '../containerd/places.ts'
import { type Driver, driverNamed, KNOWN_DRIVERS } from '../drivers/driver.ts'

/** What the fixed directories of a Docker root are for; deeper claims take their parts. */
const FIXED: readonly (readonly [path: string, place: Place])[] = [
  ['', 'other'],
  ['image', 'metadata'],
  ['graph', 'metadata'],
  ['graph/_tmp', 'temporary'],
  // Before 0.6.
  ['graph/:tmp:', 'temporary'],
  ['graph/checksums', 'metadata'],
  ['containers', 'metadata'],
  ['volumes', 'metadata'],
  ['buildkit', 'metadata'],
  ['buildkit/content', 'build-cache-blobs'],
  ['buildkit/executor', 'temporary'],
  ['builder', 'metadata'],
  ['containerd', 'metadata'],
  ['rootfs', 'metadata'],
  ['network', 'network'],
  ['plugins', 'plugins'],
  ['swarm', 'swarm'],
  ['tmp', 'temporary'],
  ['trust', 'metadata'],
  ['runtimes', 'metadata'],
  ['init', 'metadata'],
  ['execdriver', 'metadata'],
  ['linkgraph.db', 'metadata'],
  ['engine-id', 'metadata'],
  ['key.json', 'metadata'],
  ['repositories', 'metadata'],
  ...[...KNOWN_DRIVERS.keys()].map((driver) => [`repositories-${driver}`, 'metadata'] as const),
  ['.migration-v1-images.json', 'metadata'],
  ['.migration-v1-tags', 'metadata'],
  ['nuke-graph-directory.sh', 'metadata'],
]

/** Everything of a Docker root that has an owner, by path; what no claim reaches below a driver is unclaimed. */
export function dockerClaims(model: Model, root: string): Claims {
  const claims = new DriverClaims()
  for (const [path, place] of FIXED) claims.add(path, place, null, null)
  const stores = model.stores.filter((store) => store.root === root)
  const drivers = new Map(
    stores
      .filter(({ layout }) => layout !== 'containerd')
      .map((store) => [store.id, driverNamed(store.driver)]),
  )
  for (const [store, driver] of drivers) claimHomes(claims, driver, store)
  for (const store of stores) if (store.layout !== 'containerd') claimStore(claims, store, model)
  if (stores.some(({ layout }) => layout === 'containerd')) claimContainerd(claims, model, root, DOCKER_BASE)
  claimContainers(claims, model, root, drivers)
  claimVolumes(claims, model, root)
  claimCache(claims, model, root, drivers)
  for (const leftover of model.leftovers)
    if (leftover.root === root) {
      const place = leftover.kind === 'orphan' ? 'orphaned' : 'leftover'
      claims.add(leftover.path, place, null, leftover.store)
      for (const path of leftover.dataPaths) claims.add(path, place, null, leftover.store)
    }
  // Volumes of old engines lie in vfs/dir whatever the storage driver.
  for (const directory of ownedDirectories(model, root))
    for (let path = directory; path !== ''; path = path.slice(0, Math.max(0, path.lastIndexOf('/'))))
      claims.add(path, 'metadata', null, null)
  for (const driver of KNOWN_DRIVERS.values()) claims.add(topOf(driver), 'foreign-driver', null, null)
  return claims
}

/** The directory of the root that holds everything of a driver. */
const topOf = (driver: Driver): string => driver.homes[0]?.split('/')[0] ?? driver.name

/**
 * The directories of a root in which every entry needs an owner: those of its stores' drivers, the containers, and
 * where legacy volumes are kept, `vfs/dir`.
 */
export function ownedDirectories(model: Model, root: string): string[] {
  const drivers = model.stores
    .filter((store) => store.root === root && store.layout !== 'containerd')
    .map((store) => driverNamed(store.driver))
  const homes = drivers.flatMap((driver) => driver.homes)
  const keepsVolumes = model.volumes.some(
    (volume) => volume.root === root && volume.dataPath?.startsWith('vfs/dir/'),
  )
  const snapshots = model.stores.some((store) => store.root === root && store.layout === 'containerd')
    ? ownedAt(model, root, DOCKER_BASE)
    : []
  return [...new Set([...homes, ...(keepsVolumes ? ['vfs/dir'] : []), 'containers', ...snapshots])]
}

/** Claims by a driver's ids. */
class DriverClaims extends Claims {
  /** Claims what a driver keeps for one id; the files themselves are the owner's content. */
  addDriverId(driver: Driver, id: string, place: Place, owner: Subject, store: string | null): void {
    const directory = driver.directory(id)
    const files = place === 'writable-layer' ? driver.writableFiles(id) : driver.files(id)
    this.add(directory, place, owner, store, { content: files === directory, name: id })
    if (files !== null && files !== directory) this.add(files, place, owner, store, { content: true })
    for (const path of driver.companions(id)) this.add(path, place, owner, store, { name: id })
  }
}

function claimHomes(claims: DriverClaims, driver: Driver, store: string): void {
  if (driver.pool !== null) claims.add(driver.pool, 'thin-pool', null, store)
  for (const home of driver.homes) {
    const [top = home] = home.split('/')
    claims.add(top, 'metadata', null, null)
    claims.add(home, 'metadata', null, null)
    for (const name of driver.reserved) claims.add(`${home}/${name}`, 'metadata', null, null)
  }
}

function claimStore(claims: DriverClaims, store: Store, model: Model): void {
  const driver = driverNamed(store.driver)
  for (const layer of model.layers) {
    if (layer.store !== store.id) continue
    claimLayer(claims, store, driver, layer)
  }
  if (store.layout === 'layerdb')
    for (const image of model.images)
      if (image.store === store.id) {
        const owner = { kind: 'image', id: image.id } as const
        for (const part of ['content', 'metadata'])
          claimDigest(claims, `${store.path}/imagedb/${part}/sha256`, 'image-record', owner, store)
      }
  for (const mount of model.looseMounts) {
    if (mount.store !== store.id || !mount.containerUnreadable) continue
    const owner = { kind: 'container', id: mount.name } as const
    claims.add(`${store.path}/layerdb/mounts/${mount.name}`, 'mount-record', owner, store.id)
    if (mount.mountId !== null) claims.addDriverId(driver, mount.mountId, 'writable-layer', owner, store.id)
    if (mount.initId !== null) claims.addDriverId(driver, mount.initId, 'init-layer', owner, store.id)
  }
}

/** Claims what is named by the hex of its owner's digest. */
function claimDigest(
  claims: DriverClaims,
  directory: string,
  place: Place,
  owner: Subject,
  store: Store,
): void {
  const name = owner.id.slice(7)
  claims.add(`${directory}/${name}`, place, owner, store.id, { name })
}

function claimLayer(claims: DriverClaims, store: Store, driver: Driver, layer: Layer): void {
  const owner = { kind: 'layer', id: layer.id } as const
  if (store.layout === 'layerdb')
    claimDigest(claims, `${store.path}/layerdb/sha256`, 'layer-record', owner, store)
  else {
    claims.add(`graph/${layer.id}`, 'layer-record', owner, store.id, { name: layer.id })
    claims.add(`graph/${layer.id}/layer`, 'layer-files', owner, store.id, { content: true })
  }
  if (layer.cacheId !== null) claims.addDriverId(driver, layer.cacheId, 'layer-files', owner, store.id)
}

function claimContainers(
  claims: DriverClaims,
  model: Model,
  root: string,
  drivers: ReadonlyMap<string, Driver>,
): void {
  for (const container of model.containers) {
    if (container.root !== root) continue
    const owner = { kind: 'container', id: container.id } as const
    const directory = `containers/${container.id}`
    claims.add(directory, 'container-files', owner, container.store)
    claims.add(`${directory}/rw`, 'writable-layer', owner, container.store, { content: true })
    for (const log of container.logs) claims.add(log.path, 'container-log', owner, container.store)
    const driver = container.store === null ? undefined : drivers.get(container.store)
    const store = model.stores.find(({ id }) => id === container.store)
    if (driver === undefined || store === undefined) continue
    if (store.layout === 'layerdb')
      claims.add(`${store.path}/layerdb/mounts/${container.id}`, 'mount-record', owner, store.id)
    if (container.mountId !== null)
      claims.addDriverId(driver, container.mountId, 'writable-layer', owner, store.id)
    if (container.initId !== null) claims.addDriverId(driver, container.initId, 'init-layer', owner, store.id)
  }
  // A directory whose config cannot be read is a container's all the same; old engines named its layers by its id.
  for (const { root: at, id } of model.unreadableContainers) {
    if (at !== root || id === '') continue
    const owner = { kind: 'container', id } as const
    claims.add(`containers/${id}`, 'container-files', owner, null)
    for (const { id: store, layout } of model.stores) {
      const driver = layout === 'graph' ? drivers.get(store) : undefined
      if (driver === undefined) continue
      claims.addDriverId(driver, id, 'writable-layer', owner, store)
      claims.addDriverId(driver, `${id}-init`, 'init-layer', owner, store)
    }
  }
}

function claimVolumes(claims: DriverClaims, model: Model, root: string): void {
  for (const volume of model.volumes) {
    if (volume.root !== root || volume.path === null) continue
    const owner = { kind: 'volume', id: volume.name } as const
    claims.add(volume.path, 'volume', owner, null)
    if (volume.dataPath !== null) claims.add(volume.dataPath, 'volume', owner, null, { content: true })
  }
}

function claimCache(
  claims: DriverClaims,
  model: Model,
  root: string,
  drivers: ReadonlyMap<string, Driver>,
): void {
  for (const record of model.cacheRecords) {
    const driver = drivers.get(record.store)
    if (record.root !== root || record.cacheId === null || driver === undefined) continue
    claims.addDriverId(
      driver,
      record.cacheId,
      'cache-files',
      { kind: 'cache-record', id: record.id },
      record.store,
    )
  }
  for (const claim of model.snapshotClaims) {
    const driver = drivers.get(claim.store)
    if (claim.root !== root || driver === undefined) continue
    claims.addDriverId(
      driver,
      claim.cacheId,
      'cache-claim',
      { kind: 'cache-record', id: claim.key },
      claim.store,
    )
  }
}
