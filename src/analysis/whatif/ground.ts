import { isDanglingName } from '../../layouts/containerd/names.ts'
import { groupBy } from '../../model/group-by.ts'
import type { CacheRecord, Container, Image, Network, Volume } from '../../model/model.ts'
import type { Catalog, StoreCatalog } from '../catalog.ts'
import { Collection } from './collection.ts'
import { isDockersStore } from './dockers-store.ts'
import { BadReference, completed, parseReference, type Reference, referenceKey } from './references.ts'

/** Everything of one root that the engine knows, with the references between its things; made once, never changed. */
export interface Ground {
  readonly catalog: Catalog
  readonly root: string
  readonly at: StoreCatalog
  /** The images that the engine loads. */
  readonly images: ReadonlyMap<string, Image>
  /** Image id → its names, in the order in which the engine goes through them. */
  readonly references: ReadonlyMap<string, readonly Reference[]>
  readonly imageOfReference: ReadonlyMap<string, string>
  readonly children: ReadonlyMap<string, readonly Image[]>
  readonly containers: ReadonlyMap<string, Container>
  readonly containersOfImage: ReadonlyMap<string, readonly Container[]>
  readonly volumes: ReadonlyMap<string, Volume>
  readonly usersOfVolume: ReadonlyMap<string, readonly Container[]>
  readonly networks: ReadonlyMap<string, Network>
  readonly records: ReadonlyMap<string, CacheRecord>
  /** Record id → the records that stand on it or on one of its twins. */
  readonly recordChildren: ReadonlyMap<string, readonly CacheRecord[]>
  /** Record id → the records that it stands on. */
  readonly recordParents: ReadonlyMap<string, readonly CacheRecord[]>
  /** Layer id → how many images, layers, containers and cache records hold it directly. */
  readonly layerReferences: ReadonlyMap<string, number>
  /** What removes the data where containerd holds it; null where docker does that itself. */
  readonly collection: Collection | null
}

/** Joins what the engine knows of the store that it uses in a root; null where it uses none that is understood here. */
export function createGround(catalog: Catalog, root: string): Ground | null {
  const at = catalog.storeInUse(root)
  if (at === undefined || !isDockersStore(at.store)) return null
  const { model } = catalog
  const here = <T extends { readonly root: string }>(items: readonly T[]): T[] =>
    items.filter((item) => item.root === root)
  // Docker 26.1 prunes images of no platform though it lists none (seen).
  const isKnown = ({ loaded, isArtifact }: Image): boolean => loaded || isArtifact === true
  const images = new Map([...at.images].filter(([, image]) => isKnown(image)))
  const containers = here(model.containers).filter((container) => container.loaded)
  const records = model.cacheRecords.filter((record) => record.store === at.store.id)
  const references = new Map([...images.values()].map((image) => [image.id, referencesOf(image)]))
  return {
    catalog,
    root,
    at,
    images,
    references,
    imageOfReference: new Map(
      [...references].flatMap(([image, names]) => names.map((name) => [referenceKey(name), image] as const)),
    ),
    children: groupBy([...images.values()], (image) => image.parent),
    containers: new Map(containers.map((container) => [container.id, container])),
    containersOfImage: groupBy(containers, (container) => container.image),
    volumes: new Map(here(model.volumes).map((volume) => [volume.name, volume])),
    usersOfVolume: usersOfVolumes(containers),
    networks: new Map(here(model.networks).map((network) => [network.id, network])),
    records: new Map(records.map((record) => [record.id, record])),
    ...recordTree(records),
    layerReferences: countLayerReferences(catalog, at, images),
    collection:
      at.store.layout === 'containerd'
        ? new Collection(
            catalog,
            at,
            model.roots.some(({ path, engineRunning }) => path === root && engineRunning === true),
          )
        : null,
  }
}

/** Names in full, sorted as the engine sorts them: by their bytes, domain first. Containerd has them as rows. */
function referencesOf(image: Image): Reference[] {
  const written = image.rows?.map(({ name }) => name).filter((name) => !isDanglingName(name))
  const names = (written ?? [...image.tags, ...image.digests]).flatMap((name) => {
    try {
      return [completed(parseReference(name))]
    } catch (error) {
      if (error instanceof BadReference) return []
      throw error
    }
  })
  const keyed = names.map((name) => ({ name, key: referenceKey(name) }))
  return keyed.sort((a, b) => (a.key < b.key ? -1 : a.key > b.key ? 1 : 0)).map(({ name }) => name)
}

function usersOfVolumes(containers: readonly Container[]): Map<string, Container[]> {
  const users = new Map<string, Container[]>()
  for (const container of containers)
    for (const name of container.volumes) users.set(name, [...(users.get(name) ?? []), container])
  return users
}

/** A parent may be named by its twin, which shares its data and is not listed. */
function recordTree(records: readonly CacheRecord[]): Pick<Ground, 'recordChildren' | 'recordParents'> {
  const listed = new Map<string, CacheRecord>()
  for (const record of records) for (const id of [record.id, ...record.twins]) listed.set(id, record)
  const recordParents = new Map<string, CacheRecord[]>()
  const recordChildren = new Map<string, CacheRecord[]>()
  for (const record of records) {
    const parents = [...new Set(record.parents)].flatMap((id) => listed.get(id) ?? [])
    recordParents.set(record.id, parents)
    for (const parent of parents)
      recordChildren.set(parent.id, [...(recordChildren.get(parent.id) ?? []), record])
  }
  return { recordParents, recordChildren }
}

/** As the engine counts them when it starts: what it does not load holds nothing. */
function countLayerReferences(
  catalog: Catalog,
  at: StoreCatalog,
  images: ReadonlyMap<string, Image>,
): Map<string, number> {
  const counts = new Map<string, number>()
  const hold = (layer: string | null | undefined): void => {
    if (layer != null) counts.set(layer, (counts.get(layer) ?? 0) + 1)
  }
  const { model } = catalog
  for (const layer of at.layers.values()) if (layer.loaded) hold(layer.parent)
  for (const image of images.values()) hold(image.layers.at(-1))
  for (const { store, mountId, baseLayer } of model.containers)
    if (store === at.store.id && mountId !== null) hold(baseLayer)
  for (const { store, mountId, parent } of model.looseMounts)
    if (store === at.store.id && mountId !== null) hold(parent)
  for (const { store, layer } of model.cacheRecords) if (store === at.store.id) hold(layer)
  return counts
}
