import { snapshotterKind } from '../layouts/containerd/snapshotter-kinds.ts'
import { driverNamed } from '../layouts/drivers/driver.ts'
import { groupBy } from '../model/group-by.ts'
import type { Container, Image, Layer, Model, Store } from '../model/model.ts'
import type { Claim, Survey } from '../model/places.ts'
import { LayerHolders } from './layer-holders.ts'
import { MeasuredSizes } from './sizes.ts'

/** One store with everything in it by id, and the references between its things. */
export interface StoreCatalog {
  readonly store: Store
  readonly images: ReadonlyMap<string, Image>
  readonly layers: ReadonlyMap<string, Layer>
  /** Image id → the loaded images that name it as their parent. */
  readonly children: ReadonlyMap<string, readonly Image[]>
  /** Image id → its containers as the engine counts them, those that it does not list included. */
  readonly containersOfImage: ReadonlyMap<string, readonly Container[]>
  /** Layer id → where the layer stands in its chain, the base being 1. */
  depthOf(layer: string): number
  /** The layers from the base up to this one; it ends early where a parent is missing or the parents run in a circle. */
  chainTo(layer: string): readonly string[]
  /** Who holds the layers. */
  readonly holders: LayerHolders
  readonly namesKnown: boolean
  /** False where rows of the store's database cannot be read, so that no figure over all of it is known. */
  readonly rowsKnown: boolean
  /** False where the driver keeps files where no offline reader sees them (zfs datasets, thin devices). */
  readonly filesVisible: boolean
  /** Whether what was walked at the directory of a layer, null for none, is all that the layer takes on the disk. */
  holdsAll(directory: string | null): boolean
}

/** The model with the ways through it. */
export interface Catalog {
  readonly model: Model
  readonly sizes: MeasuredSizes
  readonly surveys: readonly Survey[]
  readonly stores: readonly StoreCatalog[]
  store(id: string | null): StoreCatalog | undefined
  /** The store that the engine of a root uses, in that root or in another. */
  storeInUse(root: string): StoreCatalog | undefined
  /** The deepest claim on a path of a root; null where the root was not read. */
  claimAt(root: string, path: string): Claim | null
}

export function createCatalog(model: Model, surveys: readonly Survey[]): Catalog {
  const withoutNames = new Set(model.storesWithoutNames)
  const withLostRows = new Set(model.storesWithLostRows)
  const sizes = new MeasuredSizes(surveys)
  const stores = model.stores.map((store) =>
    catalogStore(model, sizes, store, {
      namesKnown: !withoutNames.has(store.id),
      rowsKnown: !withLostRows.has(store.id),
    }),
  )
  const byId = new Map(stores.map((catalog) => [catalog.store.id, catalog]))
  return {
    model,
    sizes,
    surveys,
    stores,
    store: (id) => (id === null ? undefined : byId.get(id)),
    storeInUse: (root) =>
      stores.find(({ store }) => (store.usedBy ?? store.root) === root && store.active === true),
    claimAt(root, path) {
      const claims = surveys.find((each) => each.root === root)?.claims
      return claims?.at(claims.deepestAt(path)) ?? null
    },
  }
}

function catalogStore(
  model: Model,
  sizes: MeasuredSizes,
  store: Store,
  known: Pick<StoreCatalog, 'namesKnown' | 'rowsKnown'>,
): StoreCatalog {
  const images = new Map(
    model.images.filter((image) => image.store === store.id).map((image) => [image.id, image]),
  )
  const layers = new Map(
    model.layers.filter((layer) => layer.store === store.id).map((layer) => [layer.id, layer]),
  )
  const loaded = [...images.values()].filter((image) => image.loaded)
  const containers = model.containers.filter((container) => container.store === store.id)
  const depths = new Map<string, number>()
  const filesVisible = areFilesVisible(store)
  const chainTo = (layer: string): string[] => followParents(layers, layer).reverse()
  let holders: LayerHolders | null = null
  return {
    store,
    images,
    layers,
    get holders() {
      holders ??= new LayerHolders({ store, images, layers }, model)
      return holders
    },
    children: groupBy(loaded, (image) => image.parent),
    containersOfImage: containersByImage(store, images, containers),
    depthOf: (layer) => depthIn(layers, depths, layer),
    chainTo,
    ...known,
    filesVisible,
    // An image of a file system in a snapshot's place shows no files, but is all there is of it.
    holdsAll: (directory) =>
      directory === null
        ? filesVisible
        : (filesVisible || store.layout === 'containerd') && !sizes.isApart(store.root, directory),
  }
}

/**
 * Docker on containerd counts the containers that run one of an image's manifests, so that one container may be of
 * several images, and of none by its id (daemon/containerd/image_list.go). What records no manifest goes by the id.
 */
function containersByImage(
  { layout }: Store,
  images: ReadonlyMap<string, Image>,
  containers: readonly Container[],
): ReadonlyMap<string, readonly Container[]> {
  if (layout !== 'containerd') return groupBy(containers, ({ image }) => image)
  const ofManifest = groupBy(containers, ({ imageManifest }) => imageManifest ?? null)
  const ofId = groupBy(containers, ({ image, imageManifest }) => (imageManifest == null ? image : null))
  return new Map(
    [...new Set([...images.keys(), ...ofId.keys()])].map((id) => [
      id,
      [
        ...(ofId.get(id) ?? []),
        ...(images.get(id)?.manifests ?? []).flatMap(({ digest }) => ofManifest.get(digest) ?? []),
      ],
    ]),
  )
}

const areFilesVisible = ({ layout, driver }: Store): boolean =>
  layout === 'containerd' ? snapshotterKind(driver).files !== null : driverNamed(driver).files('') !== null

/** The layer and its ancestors, nearest first. */
function followParents(layers: ReadonlyMap<string, Layer>, start: string): string[] {
  const chain: string[] = []
  const seen = new Set<string>()
  for (let id: string | null = start; id !== null && !seen.has(id) && layers.has(id); ) {
    seen.add(id)
    chain.push(id)
    id = layers.get(id)?.parent ?? null
  }
  return chain
}

function depthIn(layers: ReadonlyMap<string, Layer>, depths: Map<string, number>, layer: string): number {
  const pending = new Set<Layer>()
  let depth = depths.get(layer)
  for (let next = layers.get(layer); depth === undefined && next !== undefined && !pending.has(next); ) {
    pending.add(next)
    depth = next.parent === null ? 0 : depths.get(next.parent)
    next = next.parent === null ? undefined : layers.get(next.parent)
  }
  let reached = depth ?? 0
  for (const { id } of [...pending].reverse()) depths.set(id, ++reached)
  return reached
}
