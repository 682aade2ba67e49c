import type { Container, EngineVersion, Layer, Store } from '../../model/model.ts'
import { workerPath } from '../buildkit/places.ts'
import { readSnapshotRecords } from '../buildkit/read-snapshot-records.ts'
import type { Collector } from '../collector.ts'
import { isDockerNamespace } from '../containerd/names.ts'
import { DOCKER_BASE } from '../containerd/places.ts'
import { type NamespaceStore, readContainerd } from '../containerd/read-containerd.ts'
import type { Source } from '../source.ts'
import type { ContainerRecord } from './containers.ts'
import type { FoundStore } from './stores.ts'

/** The image stores of the containerd that dockerd starts, or of the system's where it uses that one. */
export interface DockerContainerd {
  readonly stores: readonly NamespaceStore[]
  /** Whether dockerd uses them for its images, and not a storage driver of its own. */
  readonly isActive: boolean
  /** The version of the database of the containerd that dockerd starts. */
  readonly schema: number | null
  /** True where the rows of that containerd cannot be read: docker's images may be in it. */
  readonly isLost: boolean
}

/**
 * Reads the containerd inside a Docker root. Dockerd with a storage driver also runs one, which then has no images and
 * makes no store. Where both kinds hold images, the one that was written last is in use.
 */
export function readDockerContainerd(
  source: Source,
  collector: Collector,
  layerdb: readonly FoundStore[],
  neighbours: readonly NamespaceStore[],
): DockerContainerd {
  const { stores, schema, isLost } = source.isMissing('containerd/daemon')
    ? { stores: [], schema: null, isLost: false }
    : readContainerd(source, collector, DOCKER_BASE)
  const inside = ofDocker(stores)
  if (isLost && layerdb.length > 0) {
    leaveOpen(collector, inside)
    return { stores, schema, isLost, isActive: false }
  }
  if (inside.length > 0)
    return { stores, schema, isLost, isActive: claimStores(source, collector, layerdb, inside) }
  const outside = ofDocker(neighbours).filter((at) => keepsImagesIn(source, at))
  const isActive = outside.length > 0 && claimStores(source, collector, layerdb, outside)
  return { stores: outside, schema, isLost: isLost && outside.length === 0, isActive }
}

const ofDocker = (stores: readonly NamespaceStore[]): NamespaceStore[] =>
  stores.filter(({ store }) => isDockerNamespace(store.namespace ?? ''))

/** Whether the docker of this root uses a store of another: its containers stand in it, or its builds do. */
function keepsImagesIn(source: Source, { store, rows, snapshotter }: NamespaceStore): boolean {
  const keyed = rows.snapshots.get(snapshotter.name)
  return (
    source.list('containers').some(({ name }) => keyed?.has(name) === true) ||
    !source.isMissing(workerPath(store.driver))
  )
}

/** Notes of the stores that nothing tells whether docker uses them. */
function leaveOpen(collector: Collector, own: readonly NamespaceStore[]): void {
  for (const [index, store] of collector.stores.entries())
    if (own.some((each) => each.store.id === store.id))
      collector.stores[index] = { ...store, active: null, why: UNTOLD }
}

const UNTOLD = 'docker has kept images in its containerd, too, whose database cannot be read'

/** Notes of the stores whether docker uses them, and says so: those that were written last it does. */
function claimStores(
  source: Source,
  collector: Collector,
  layerdb: readonly FoundStore[],
  own: readonly NamespaceStore[],
): boolean {
  const images = own.flatMap(({ rows }) => rows.images)
  const isActive =
    layerdb.length === 0 || (images.length > 0 && newestOf(images) >= writtenLast(source, layerdb))
  for (const [index, store] of collector.stores.entries())
    if (own.some((each) => each.store.id === store.id))
      collector.stores[index] = {
        ...store,
        active: isActive,
        why: whyActive(source, store, isActive, layerdb.length > 0),
        ...(store.root === source.root ? {} : { usedBy: source.root }),
      }
  return isActive
}

function whyActive(source: Source, store: Store, isActive: boolean, hasOthers: boolean): string {
  const whose = store.root === source.root ? "dockerd's containerd" : 'the containerd of the system'
  if (!hasOthers) return `${whose} holds the images of the docker of ${source.root}`
  return isActive
    ? `the newest image of ${source.root} was written into ${whose}`
    : `the images of the storage driver of ${source.root} were written later`
}

/** The storage drivers' stores are hidden while dockerd keeps its images in containerd. */
export const hideBehindContainerd = (stores: readonly FoundStore[]): FoundStore[] =>
  stores.map((found) => ({
    ...found,
    store: {
      ...found.store,
      active: false,
      why: 'dockerd keeps its images in containerd now; this store is not converted and fills the disk unseen',
    },
  }))

/** Which store docker uses cannot be told where it has kept images in a containerd that cannot be read. */
export const withoutKnownUse = (stores: readonly FoundStore[]): FoundStore[] =>
  stores.map((found) =>
    found.store.active === true
      ? {
          ...found,
          store: {
            ...found.store,
            active: null,
            why: UNTOLD,
          },
        }
      : found,
  )

const newestOf = (images: readonly { updatedAt: string | null; createdAt: string | null }[]): number =>
  Math.max(...images.map(({ updatedAt, createdAt }) => Date.parse(updatedAt ?? createdAt ?? '') || 0))

const writtenLast = (source: Source, layerdb: readonly FoundStore[]): number =>
  Math.max(
    0,
    ...layerdb.map(({ repositories }) => {
      try {
        return source.tree.stat(repositories)?.modifiedMs ?? 0
      } catch {
        return 0
      }
    }),
  )

/** The writable snapshot of a container is named by its id, the one with its mount points by that and `-init`. */
export function joinSnapshots(
  record: ContainerRecord,
  { stores, isActive }: DockerContainerd,
):
  | Pick<Container, 'store' | 'baseLayer' | 'mountId' | 'initId' | 'layerPath' | 'initPath' | 'loaded'>
  | undefined {
  const at = stores.find(
    ({ store, rows, snapshotter }) =>
      isDockerNamespace(store.namespace ?? '') &&
      store.driver === record.driver &&
      rows.snapshots.get(snapshotter.name)?.has(record.id),
  )
  if (at === undefined) return undefined
  const keyed = at.rows.snapshots.get(at.snapshotter.name)
  const dataOf = (key: string) => at.snapshotter.snapshots?.get(keyed?.get(key)?.name ?? '') ?? null
  const [data, init] = [dataOf(record.id), dataOf(`${record.id}-init`)]
  const parent = keyed?.get(record.id)?.parent ?? null
  return {
    store: at.store.id,
    baseLayer: parent === `${record.id}-init` ? (keyed?.get(parent)?.parent ?? null) : parent,
    mountId: data === null ? null : String(data.id),
    initId: init === null ? null : String(init.id),
    layerPath: data?.path ?? null,
    initPath: init?.path ?? null,
    loaded: record.idMatches && isActive,
  }
}

/** Docker 26.1 lists nothing that is kept as an image and has no platform, though it prunes it; 28.5 lists it. */
export function dropArtifacts(
  collector: Collector,
  stores: readonly NamespaceStore[],
  rule: EngineVersion['rule'],
): void {
  if (rule === '28' || rule === '29') return
  const own = new Set(ofDocker(stores).map(({ store }) => store.id))
  for (const [index, image] of collector.images.entries())
    if (own.has(image.store) && image.isArtifact === true)
      collector.images[index] = { ...image, loaded: false }
}

/** Reads the build cache that lies in these stores; gives for each the keys of the snapshots that belong to it. */
export function readSnapshotCaches(
  source: Source,
  collector: Collector,
  stores: readonly NamespaceStore[],
): Map<string, ReadonlySet<string>> {
  return new Map(
    stores
      .filter(({ store }) => isDockerNamespace(store.namespace ?? ''))
      .map((at) => [at.store.id, readSnapshotRecords(source, collector, at)]),
  )
}

/** Takes the snapshots of containers and of the build cache out of the layers; what stood on one stands on what is below. */
export function dropOwnedSnapshots(
  collector: Collector,
  stores: readonly NamespaceStore[],
  ofCache: ReadonlyMap<string, ReadonlySet<string>>,
): void {
  const owned = new Map(stores.map(({ store }) => [store.id, new Set(ofCache.get(store.id))]))
  for (const { store, id } of collector.containers)
    if (store !== null) owned.get(store)?.add(id).add(`${id}-init`)
  const keyed = new Map(
    stores.map(({ store, rows, snapshotter }) => [store.id, rows.snapshots.get(snapshotter.name)]),
  )
  const kept = collector.layers.flatMap((layer): Layer[] => {
    const keys = owned.get(layer.store)
    if (keys === undefined) return [layer]
    if (keys.has(layer.id)) return []
    let { parent } = layer
    while (parent !== null && keys.has(parent)) parent = keyed.get(layer.store)?.get(parent)?.parent ?? null
    return [parent === layer.parent ? layer : { ...layer, parent }]
  })
  collector.layers.splice(0, collector.layers.length, ...kept)
}
