import { SameTexts } from '../../formats/same-texts.ts'
import type { Image, Layer, Store } from '../../model/model.ts'
import type { Collector } from '../collector.ts'
import { readDatabase } from '../database.ts'
import { ChainArithmetic } from '../layerdb/chains.ts'
import type { Source } from '../source.ts'
import { reachableNodes, retentionOf, snapshotNode } from './collection.ts'
import { readContainers, type WritableSnapshot } from './containers.ts'
import { ContentStore, type NamespaceContent } from './content.ts'
import { imageOf, type NamespaceImage, readNamespaceImages } from './images.ts'
import { collectIngests, collectPending } from './leftovers.ts'
import { type ContainerRow, isDamaged, type NamespaceRows, readNamespaces, schemaVersion } from './meta.ts'
import { reportMissingMeta, reportMissingSnapshotters } from './missing-records.ts'
import { isDockerNamespace } from './names.ts'
import { containerdPlaces, snapshotterOf, snapshotterPath } from './places.ts'
import { readSnapshotter, type Snapshotter } from './snapshotter.ts'

/** What was read of one containerd. */
export interface ContainerdState {
  readonly stores: readonly NamespaceStore[]
  /** The version of its database; null where that cannot be read. */
  readonly schema: number | null
  /** True where rows of docker's images may be there that cannot be read. */
  readonly isLost: boolean
}

/** What one namespace keeps with one snapshotter. */
export interface NamespaceStore {
  readonly store: Store
  readonly rows: NamespaceRows
  readonly snapshotter: Snapshotter
}

/**
 * Reads the containerd whose state lies at `base` of the root: a store for each namespace and snapshotter that holds
 * anything. Directories are listed before the rows that own them.
 */
export function readContainerd(source: Source, collector: Collector, base: string): ContainerdState {
  const places = containerdPlaces(base)
  const snapshotters = new Map(
    source
      .list(base.replace(/\/$/, ''))
      .map((entry) => snapshotterOf(entry.name))
      .filter((name) => name !== null)
      .map((name) => [name, readSnapshotter(source, base, name)]),
  )
  collectIngests(source, collector, places)
  const database = readDatabase(source, places.meta, 'the images, blobs and snapshots of this containerd are')
  const namespaces = database === null ? null : readNamespaces(database.file)
  database?.reportDamage()
  if (namespaces === null) {
    const isMissed = reportMissingMeta(source, places, snapshotters.values())
    collector.stores.push(...unreadableStores(source, snapshotters))
    return { stores: [], schema: null, isLost: isMissed || !source.isMissing(places.meta) }
  }
  reportMissingSnapshotters(source, snapshotters.values(), namespaces)
  const content = new ContentStore(source, places, namespaces, database?.file.usedOlderMeta === false)
  for (const [digest, path] of content.files())
    collector.blobs.push({ root: source.root, digest, path, recordedBytes: content.recordedBytes(digest) })
  const isWhole = database?.file.damage.length === 0 && !database.file.usedOlderMeta
  const arithmetic = new ChainArithmetic()
  const stores: NamespaceStore[] = []
  for (const rows of namespaces) {
    const found = storesOf(source, base, rows, snapshotters)
    for (const { store } of found) collector.stores.push(store)
    readNamespace(source, collector, { content: content.seenBy(rows), base, rows, stores: found, arithmetic })
    stores.push(...found)
  }
  // The namespaces share their blobs, and what is shared of an image in plain containerd counts over all of them.
  const isAnyShort = base === '' && namespaces.some(({ lost }) => lost.images || lost.blobs)
  for (const at of stores) if (isAnyShort || isShort(at)) collector.storesWithLostRows.push(at.store.id)
  const by = { schema: database === null ? null : schemaVersion(database.file.root), nowMs: Date.now() }
  const retentions = namespaces.map((rows) =>
    retentionOf(rows, { root: source.root, base, directories: directoriesOf(rows, snapshotters) }, by),
  )
  collector.retentions.push(...retentions)
  if (isWhole)
    collectPending(source, collector, {
      content,
      stores,
      namespaces: retentions.flatMap((retention, index) => {
        const rows = namespaces[index]
        return rows === undefined ? [] : [{ rows, reachable: reachableNodes(retention) }]
      }),
    })
  return {
    stores,
    schema: by.schema,
    isLost: isDamaged(database?.file.damage ?? [], ['v1', 'moby', 'images']),
  }
}

/** Whether a row may be there, of what any figure over all of a store counts, that cannot be read. */
const isShort = ({ rows: { lost }, snapshotter }: NamespaceStore): boolean =>
  lost.images || lost.blobs || lost.snapshots || !snapshotter.isWhole

/** Snapshot node → the directory of its data, where it is there. */
function directoriesOf(
  rows: NamespaceRows,
  snapshotters: ReadonlyMap<string, Snapshotter>,
): Map<string, string> {
  const directories = new Map<string, string>()
  for (const [name, keyed] of rows.snapshots)
    for (const [key, row] of keyed) {
      const path = snapshotters.get(name)?.snapshots?.get(row.name)?.path ?? null
      if (path !== null) directories.set(snapshotNode(name, key), path)
    }
  return directories
}

function readNamespace(
  source: Source,
  collector: Collector,
  at: {
    content: NamespaceContent
    base: string
    rows: NamespaceRows
    stores: readonly NamespaceStore[]
    arithmetic: ChainArithmetic
  },
): void {
  const { content, base, rows, stores } = at
  const images = readNamespaceImages(content, rows, at.arithmetic)
  const same = new SameTexts()
  for (const image of images) {
    const store = storeFor(image, stores)
    if (store !== undefined) collector.images.push(joinImage(image, content, store, same))
  }
  const diffIds = diffIdsOf(images)
  const containers = readContainers(source, containerdPlaces(base), rows, (row) => writableOf(row, stores))
  if (!isDockerNamespace(rows.name)) collector.containers.push(...containers)
  for (const at of stores) for (const layer of layersOf(at, diffIds)) collector.layers.push(layer)
}

/** A store for each snapshotter with rows; a namespace with images alone has one, of the usual snapshotter. */
function storesOf(
  source: Source,
  base: string,
  rows: NamespaceRows,
  snapshotters: ReadonlyMap<string, Snapshotter>,
): NamespaceStore[] {
  const names = [...rows.snapshots].filter(([, keyed]) => keyed.size > 0).map(([name]) => name)
  if (names.length === 0 && rows.images.length > 0) names.push('overlayfs')
  // The one with most snapshots first: images that are unpacked nowhere are shown there.
  const size = (name: string): number => rows.snapshots.get(name)?.size ?? 0
  return names
    .sort((a, b) => size(b) - size(a))
    .map((name) => ({
      rows,
      snapshotter: snapshotters.get(name) ?? {
        name,
        path: snapshotterPath(base, name),
        snapshots: new Map(),
        isWhole: true,
      },
      store: {
        id: `containerd/${base === '' ? '' : 'moby:'}${rows.name}/${name}@${source.root}`,
        root: source.root,
        layout: 'containerd',
        driver: name,
        namespace: rows.name,
        path: snapshotterPath(base, name),
        // Docker uses no other namespace of the containerd that it starts; what is in one is not hidden for that.
        active: isForeign(base, rows.name) ? null : true,
        why: whyThere(base, rows.name, name),
      },
    }))
}

/** Whether a namespace of dockerd's own containerd is somebody else's, who asked it by its socket. */
const isForeign = (base: string, namespace: string): boolean => base !== '' && !isDockerNamespace(namespace)

/** Docker's own root, where it is read too, says better whose images these are. */
function whyThere(base: string, namespace: string, snapshotter: string): string {
  if (isForeign(base, namespace))
    return `namespace ${namespace} of the containerd that dockerd starts: docker has no part in it`
  return base === '' && isDockerNamespace(namespace)
    ? 'images and snapshots of a docker whose own root was not read: which containers use them is not known'
    : `namespace ${namespace} of containerd has rows for the snapshotter ${snapshotter}`
}

/** Where the rows cannot be read, the snapshotters' directories still belong to something. */
const unreadableStores = (source: Source, snapshotters: ReadonlyMap<string, Snapshotter>): Store[] =>
  [...snapshotters.values()].map(({ name, path }) => ({
    id: `containerd/${path}@${source.root}`,
    root: source.root,
    layout: 'containerd',
    driver: name,
    namespace: null,
    path,
    active: null,
    why: 'the database that names its images cannot be read',
  }))

/** The first store in which a platform of the image is unpacked, else the first of all. */
const storeFor = ({ tree }: NamespaceImage, stores: readonly NamespaceStore[]): NamespaceStore | undefined =>
  stores.find(({ rows, snapshotter }) =>
    tree.manifests.some(({ chain }) => {
      const top = chain.at(-1)
      return top !== undefined && rows.snapshots.get(snapshotter.name)?.has(top) === true
    }),
  ) ?? stores[0]

function joinImage(
  image: NamespaceImage,
  content: NamespaceContent,
  at: NamespaceStore,
  same: SameTexts,
): Image {
  const keyed = at.rows.snapshots.get(at.snapshotter.name)
  return imageOf(
    image,
    content,
    {
      store: at.store.id,
      has: (chainId) => keyed?.has(chainId) === true,
      isWhole: !at.rows.lost.snapshots,
      bytesBelow: (chainId) => bytesBelow(at, chainId),
      same,
    },
    isDockerNamespace(at.rows.name),
  )
}

/** Follows the snapshots, not the layers: one that was committed stands on the mount points of its container. */
function bytesBelow({ rows, snapshotter }: NamespaceStore, key: string): number | null {
  const keyed = rows.snapshots.get(snapshotter.name)
  const seen = new Set<string>()
  let sum = 0
  for (let at: string | null = key; at !== null && !seen.has(at); at = keyed?.get(at)?.parent ?? null) {
    seen.add(at)
    const bytes = snapshotter.snapshots?.get(keyed?.get(at)?.name ?? '')?.usageBytes ?? null
    if (bytes === null) return null
    sum += bytes
  }
  return sum
}

/** Chain ID → diff ID, as the images' configs give them. */
function diffIdsOf(images: readonly NamespaceImage[]): Map<string, string> {
  const diffIds = new Map<string, string>()
  for (const { tree } of images)
    for (const manifest of tree.manifests)
      for (const [index, chainId] of manifest.chain.entries()) {
        const diffId = manifest.diffIds[index]
        if (diffId !== undefined) diffIds.set(chainId, diffId)
      }
  return diffIds
}

/** Every snapshot that is no container's writable layer. */
function layersOf(
  { store, rows, snapshotter }: NamespaceStore,
  diffIds: ReadonlyMap<string, string>,
): Layer[] {
  const writable = new Set(
    rows.containers.filter((row) => row.snapshotter === snapshotter.name).map((row) => row.snapshotKey),
  )
  return [...(rows.snapshots.get(snapshotter.name) ?? [])].flatMap(([key, row]): Layer[] => {
    if (writable.has(key)) return []
    const data = snapshotter.snapshots?.get(row.name) ?? null
    return [
      {
        store: store.id,
        id: key,
        parent: row.parent,
        diffId: diffIds.get(key) ?? null,
        cacheId: data === null ? null : String(data.id),
        path: data?.path ?? null,
        recordedBytes: data?.usageBytes ?? null,
        loaded: data !== null,
      },
    ]
  })
}

function writableOf(row: ContainerRow, stores: readonly NamespaceStore[]): WritableSnapshot | null {
  const at = stores.find(({ snapshotter }) => snapshotter.name === row.snapshotter)
  const snapshot = at?.rows.snapshots.get(row.snapshotter)?.get(row.snapshotKey)
  if (at === undefined || snapshot === undefined) return null
  return {
    store: at.store.id,
    data: at.snapshotter.snapshots?.get(snapshot.name) ?? null,
    parent: snapshot.parent,
  }
}
