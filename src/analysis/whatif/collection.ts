import { reachableNodes } from '../../layouts/containerd/collection.ts'
import { isDanglingName } from '../../layouts/containerd/names.ts'
import { baseOf } from '../../layouts/containerd/places.ts'
import type { Holder, Retention } from '../../model/model.ts'
import type { Catalog, StoreCatalog } from '../catalog.ts'
import { referenceKey } from './references.ts'
import type { State } from './state.ts'

/** What containerd's garbage collector takes after something was removed. */
export interface Collected {
  /** Nodes of docker's own namespace that are gone: for docker their data is, too. */
  readonly nodes: ReadonlySet<string>
  /** Directories of snapshots, relative to the root of the store, with their nodes. */
  readonly directories: ReadonlyMap<string, string>
  /** Digests of the blobs whose files go: no namespace has them any more. */
  readonly blobs: readonly string[]
}

/** The garbage collector of the containerd that holds a store, as it would run once docker has removed something. */
export class Collection {
  readonly #namespace: string | null
  readonly #retentions: readonly Retention[]
  readonly #before: readonly ReadonlySet<string>[]
  readonly #drops: (holder: Holder) => boolean

  constructor(catalog: Catalog, { store }: StoreCatalog, isRunning: boolean) {
    this.#namespace = store.namespace
    this.#retentions = catalog.model.retentions.filter(
      ({ root, base }) => root === store.root && base === baseOf(store.path),
    )
    // An engine has to start before it can remove anything.
    this.#drops = ({ temporary }) => temporary && !isRunning
    this.#before = this.#retentions.map((retention) => reachableNodes(retention, this.#drops))
  }

  /** What goes that was held before. */
  after(state: State): Collected {
    const drops = droppedBy(state)
    const cut = configsLetGo(state)
    const reached = this.#retentions.map((retention) =>
      retention.namespace === this.#namespace
        ? reachableNodes(
            retention,
            (holder) => this.#drops(holder) || drops(holder),
            (node) => cut.has(node),
          )
        : reachableNodes(retention, this.#drops),
    )
    // A name that docker gives to an image in use holds what its other names held.
    const nodes = new Set<string>()
    const directories = new Map<string, string>()
    const blobs = new Set<string>()
    for (const [index, retention] of this.#retentions.entries())
      for (const node of this.#before[index] ?? []) {
        if (reached[index]?.has(node) === true) continue
        if (retention.namespace === this.#namespace) nodes.add(node)
        const directory = retention.directories.get(node)
        if (directory !== undefined) directories.set(node, directory)
        const digest = digestOf(node)
        if (digest !== null && !reached.some((each) => each.has(node))) blobs.add(digest)
      }
    return { nodes, directories, blobs: [...blobs] }
  }
}

const digestOf = (node: string): string | null =>
  node.startsWith('content/') ? node.slice('content/'.length) : null

/** Names, leases of containers and leases of cache records that are gone. */
function droppedBy(state: State): (holder: Holder) => boolean {
  const { ground } = state
  const kept = new Set<string>()
  const gone = new Set<string>()
  for (const image of ground.images.values()) {
    const keys = new Set(state.referencesOf(image.id).map(referenceKey))
    // An image that still has a name of any kind is held by it.
    for (const { name } of image.rows ?? [])
      if (isDanglingName(name) ? state.isDangling(image.id) : keys.has(name)) kept.add(name)
      else gone.add(name)
    const [first] = image.rows ?? []
    const wasNamed = image.rows?.some(({ name }) => kept.has(name)) === true
    if (!wasNamed && state.isDangling(image.id) && first !== undefined) gone.delete(first.name)
  }
  const leases = new Set<string>()
  for (const id of state.removedContainers) leases.add(id)
  for (const id of state.removedRecords)
    for (const each of [id, ...(ground.records.get(id)?.twins ?? [])])
      for (const lease of [each, `${each}-variants`, `${each}-view`]) leases.add(lease)
  return ({ kind, id }) =>
    kind === 'image' ? gone.has(id) : (kind === 'lease' || kind === 'container') && leases.has(id)
}

/**
 * Docker takes the snapshots off the configs of images that are gone, which the history of builds may still hold
 * (daemon/containerd/image_prune.go, unleaseSnapshotsFromDeletedConfigs).
 */
function configsLetGo(state: State): ReadonlySet<string> {
  const nodes = new Set<string>()
  for (const id of state.removedImages)
    for (const digest of state.ground.images.get(id)?.blobs ?? []) nodes.add(`content/${digest}`)
  if (nodes.size > 0)
    for (const image of state.images())
      for (const digest of image.blobs ?? []) nodes.delete(`content/${digest}`)
  return nodes
}

/** `snapshot/<snapshotter>/<key>` gives the key. */
export const snapshotKeyOf = (node: string): string => node.slice(node.indexOf('/', 'snapshot/'.length) + 1)
