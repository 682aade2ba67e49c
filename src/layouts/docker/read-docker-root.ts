import type { Container, FileSystem } from '../../model/model.ts'
import { readBuildkit } from '../buildkit/read-buildkit.ts'
import type { Collector } from '../collector.ts'
import type { NamespaceStore } from '../containerd/read-containerd.ts'
import { KNOWN_DRIVERS } from '../drivers/driver.ts'
import { hasOverlayLinks } from '../drivers/overlay2-links.ts'
import { readGraphStore } from '../graph/read-graph-store.ts'
import { imageFiles, type LayerdbStore, readImageStore, readLayers } from '../layerdb/read-layerdb-store.ts'
import type { Source } from '../source.ts'
import {
  type DockerContainerd,
  dropArtifacts,
  dropOwnedSnapshots,
  hideBehindContainerd,
  joinSnapshots,
  readDockerContainerd,
  readSnapshotCaches,
  withoutKnownUse,
} from './containerd-store.ts'
import { type ContainerRecord, type ReadContainers, readContainers } from './containers.ts'
import { detectEngine } from './engine.ts'
import { reportFullFileSystem } from './file-system.ts'
import { reportLostRecords } from './lost-records.ts'
import { type KnownImages, knownImages, reportMissingImage } from './missing-images.ts'
import { readNetworks } from './networks.ts'
import { OverlayCheck } from './overlay-check.ts'
import { type FoundStore, findGraphStores, findLayerdbStores, markActive } from './stores.ts'
import { readTemporaryFiles } from './temporary.ts'
import { readLegacyVolumes, readVolumes } from './volumes.ts'

/** Databases that an engine keeps locked for as long as it runs. */
const ENGINE_DATABASES = [
  'volumes/metadata.db',
  'buildkit/metadata_v2.db',
  'buildkit/snapshots.db',
  'buildkit/cache.db',
  'containerd/daemon/io.containerd.metadata.v1.bolt/meta.db',
]

/**
 * Reads one Docker data root: every image store in it, BuildKit's cache, containers and volumes.
 * Things are listed before the records that own them, so that what a running engine adds meanwhile is not taken for
 * something that nobody owns.
 */
export function readDockerRoot(
  source: Source,
  collector: Collector,
  fileSystem: FileSystem | null,
  neighbours: readonly NamespaceStore[],
): void {
  const layerdbStores = findLayerdbStores(source)
  const containerd = readDockerContainerd(source, collector, layerdbStores, neighbours)
  const found = markActive(source, layerdbStores, findGraphStores(source))
  const stores = containerd.isActive
    ? hideBehindContainerd(found)
    : containerd.isLost && usesContainerd(source)
      ? withoutKnownUse(found)
      : found
  const isElsewhere =
    containerd.stores.length === 0 && usesContainerd(source) && source.isMissing('containerd/daemon')
  const isLegacy =
    layerdbStores.length === 0 && !containerd.isActive && !usesContainerd(source) && !hasNewContainers(source)
  const engine = detectEngine(source, !isLegacy, containerd.schema)
  const engineRunning = source.isAnyLocked(ENGINE_DATABASES)
  collector.roots.push({
    path: source.root,
    kind: 'docker',
    fileSystem,
    engine,
    engineRunning,
  })
  for (const { store } of stores) collector.stores.push(store)
  dropArtifacts(collector, containerd.stores, engine.rule)
  reportFullFileSystem(source, fileSystem)

  const contentAddressed = stores
    .filter(({ store }) => store.layout === 'layerdb')
    .flatMap(({ store, driver }) => (driver === null ? [] : [readLayers(source, collector, store, driver)]))
  const active = contentAddressed.find(({ store }) => store.active === true)
  // BuildKit's map is about the storage driver of its time, whether or not containerd has taken its place.
  const last = found.find(({ store }) => store.active === true)?.store.id
  readBuildkit(
    source,
    collector,
    contentAddressed.toSorted((a, b) => Number(b.store.id === last) - Number(a.store.id === last)),
  )
  const checks = contentAddressed
    .filter(({ driver }) => hasOverlayLinks(driver))
    .map((at) => new OverlayCheck(source, collector, at))
  source.tree.expect?.([
    ...contentAddressed.map((at) => imageFiles(source, at)),
    ...checks.flatMap((check) => check.files()),
  ])
  for (const found of stores) if (found.store.layout === 'graph') readLegacyStore(source, collector, found)
  for (const layerdb of contentAddressed) readImageStore(source, collector, layerdb)

  const containers = readContainers(source, isLegacy ? 'config.json' : 'config.v2.json')
  // Where the containers cannot even be counted, one without a name stands for all of them.
  const unreadable = containers.listed
    ? containers.unreadable
    : [{ id: '', isDenied: source.isDenied('containers') }]
  for (const container of unreadable) collector.unreadableContainers.push({ root: source.root, ...container })
  const images = knownImages(collector, source.root)
  for (const record of containers.containers)
    collector.containers.push(
      isLegacy
        ? joinLegacy(source, record, stores, images)
        : joinContainer(source, record, contentAddressed, active, images, containerd),
    )
  dropOwnedSnapshots(collector, containerd.stores, readSnapshotCaches(source, collector, containerd.stores))
  reportDuplicateNames(source, containers.containers)
  if (isElsewhere) reportElsewhere(source, containers.containers)
  for (const layerdb of contentAddressed) collectLooseMounts(source, collector, layerdb, containers)
  for (const check of checks) check.run()
  source.tree.expect?.(null)
  const volumes = isLegacy
    ? readLegacyVolumes(source)
    : readVolumes(source, { marksAnonymous: engine.rule !== '20.10' })
  collector.volumes.push(...volumes)
  if (stores.length === 0 && !containerd.isActive && !usesContainerd(source))
    reportLostRecords(source, { containers: containers.containers, volumes, isLegacy })
  collector.networks.push(...readNetworks(source))
  readTemporaryFiles(source, collector, { engineRunning })
}

/** Only a dockerd that keeps its images in containerd has a directory of mounts for each snapshotter. */
const usesContainerd = (source: Source): boolean => source.list('rootfs').length > 0

/** Should `image/` be lost, the containers still tell that the engine was no old one. */
const hasNewContainers = (source: Source): boolean =>
  source.list('containers').some(({ name }) => source.stat(`containers/${name}/config.v2.json`) !== null)

function readLegacyStore(source: Source, collector: Collector, found: FoundStore): void {
  readGraphStore(source, collector, found.store, { repositories: found.repositories, driver: found.driver })
}

/** Joins a container to its writable layer: `layerdb/mounts/<container id>` of the store whose driver it names. */
function joinContainer(
  source: Source,
  record: ContainerRecord,
  stores: readonly LayerdbStore[],
  active: LayerdbStore | undefined,
  images: KnownImages,
  containerd: DockerContainerd,
): Container {
  const snapshots = joinSnapshots(record, containerd)
  if (snapshots !== undefined) {
    reportMissingImage(source, record, images)
    return { ...strip(record), root: source.root, ...snapshots }
  }
  if (usesContainerd(source) && !KNOWN_DRIVERS.has(record.driver))
    return { ...strip(record), root: source.root, ...UNJOINED, loaded: active === undefined }
  const at = stores.find(({ store }) => store.driver === record.driver) ?? active
  const mount = at?.mounts.get(record.id)
  if (at !== undefined && mount === undefined)
    source.report({
      code: 'container-mount-missing',
      subject: { kind: 'container', id: record.id },
      path: `${at.store.path}/layerdb/mounts/${record.id}`,
      message: `Container ${label(record)} has a config but no record of its writable layer. The engine does not list it; its files stay on the disk.`,
      hint: `Candidates for its files are directories of ${at.driver.name} that nothing owns and that have a sibling of the same name ending in -init.`,
    })
  reportMissingImage(source, record, images)
  if (at !== undefined)
    for (const id of [mount?.mountId, mount?.initId])
      if (id != null && at.presentKnown && !at.present.has(id) && at.driver.writableFiles(id) !== null)
        reportMissingFiles(source, record, at.driver.directory(id))
  const present = (id: string | null | undefined): string | null =>
    at !== undefined && id != null && (at.present.has(id) || !at.presentKnown)
      ? at.driver.directory(id)
      : null
  return {
    ...strip(record),
    root: source.root,
    store: at?.store.id ?? null,
    baseLayer: mount?.parent ?? null,
    mountId: mount?.mountId ?? null,
    initId: mount?.initId ?? null,
    layerPath: present(mount?.mountId),
    initPath: present(mount?.initId),
    loaded: record.idMatches && mount?.loaded === true && at?.store.active !== false,
  }
}

/** The engine lists such a container; only starting it fails. */
function reportMissingFiles(source: Source, record: ContainerRecord, directory: string): void {
  source.report({
    code: 'layer-data-missing',
    subject: { kind: 'container', id: record.id },
    path: directory,
    message: `The files of container ${label(record)} are gone: ${directory}, a part of its writable layer, does not exist. The engine lists the container all the same, and starting it fails.`,
    hint: 'What it wrote there is lost; remove the container and create it again.',
  })
}

/** Of a container whose snapshots are in a containerd that was not read. */
const UNJOINED = {
  store: null,
  baseLayer: null,
  mountId: null,
  initId: null,
  layerPath: null,
  initPath: null,
} as const

function reportElsewhere(source: Source, containers: readonly ContainerRecord[]): void {
  const snapshotters = source.list('rootfs').map(({ name }) => name)
  const count = containers.filter(({ driver }) => snapshotters.includes(driver)).length
  source.report({
    code: 'images-elsewhere',
    path: 'rootfs',
    message: `The docker of ${source.root} keeps images in a containerd of its own root, which was not read${count === 0 ? '' : `: of ${count} of its containers the files are there`}.`,
    hint: 'Read both: --root /var/lib/docker --root /var/lib/containerd, as the two lie on this host.',
  })
}

/** In the legacy layouts the driver's ids are the container's own id, and that with `-init`, on the image's id. */
function joinLegacy(
  source: Source,
  record: ContainerRecord,
  stores: readonly FoundStore[],
  images: KnownImages,
): Container {
  const found =
    stores.find(({ store }) => store.driver === record.driver) ?? stores.find(({ store }) => store.active)
  const driver = found?.driver ?? null
  reportMissingImage(source, record, images)
  const present = (id: string): string | null => {
    const path = driver?.directory(id) ?? `containers/${record.id}/rw`
    return source.stat(path) === null ? null : path
  }
  return {
    ...strip(record),
    root: source.root,
    store: found?.store.id ?? null,
    baseLayer: record.image !== null && images.read.has(record.image) ? record.image : null,
    mountId: record.id,
    initId: driver === null ? null : `${record.id}-init`,
    layerPath: present(record.id),
    initPath: driver === null ? null : present(`${record.id}-init`),
    loaded: record.idMatches && found?.store.active !== false,
  }
}

const strip = ({ driver: _driver, configPath: _path, idMatches: _matches, ...container }: ContainerRecord) =>
  container

const label = (record: ContainerRecord): string => record.name || record.id

/** Two containers of one name: the engine shows both and finds only one by its name. */
function reportDuplicateNames(source: Source, records: readonly ContainerRecord[]): void {
  const seen = new Map<string, string>()
  for (const { name, id, configPath } of records) {
    const other = seen.get(name)
    if (name !== '' && other !== undefined)
      source.report({
        code: 'container-name-duplicate',
        subject: { kind: 'container', id },
        path: configPath,
        message: `The containers ${other} and ${id} have the same name, ${name}.`,
      })
    seen.set(name, id)
  }
}

/** Writable layers that no readable container config stands for. */
function collectLooseMounts(
  source: Source,
  collector: Collector,
  at: LayerdbStore,
  containers: ReadContainers,
): void {
  const known = new Set(containers.containers.map((container) => container.id))
  const unknown = new Set(containers.unreadable.map(({ id }) => id))
  for (const mount of at.mounts.values()) {
    if (known.has(mount.name)) continue
    collector.looseMounts.push({
      store: at.store.id,
      ...mount,
      containerUnreadable: unknown.has(mount.name) || !containers.listed,
    })
    if (unknown.has(mount.name) || !containers.listed) continue
    const path = `${at.store.path}/layerdb/mounts/${mount.name}`
    collector.leftovers.push({
      root: source.root,
      store: at.store.id,
      kind: 'orphan',
      path,
      reason: `the writable layer of ${mount.name}, of which no container is there`,
      dataPaths: [mount.mountId, mount.initId].flatMap((id) =>
        id !== null && at.present.has(id) ? [at.driver.directory(id)] : [],
      ),
    })
    source.report({
      code: 'mount-without-container',
      path,
      message: `The writable layer ${mount.name} has no container: ${mount.mountId === null ? 'its directory is unknown' : `its files in ${at.driver.directory(mount.mountId)} are never cleaned`}.`,
    })
  }
}
