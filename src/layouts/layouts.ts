import type { Claims } from '../model/claims.ts'
import type { FileSystem, Model } from '../model/model.ts'
import type { Collector } from './collector.ts'
import { containerdClaims, containerdOwnedDirectories } from './containerd/claims.ts'
import { snapshotComparedTrees } from './containerd/compared-trees.ts'
import type { NamespaceStore } from './containerd/read-containerd.ts'
import { readContainerdRoot } from './containerd/read-containerd-root.ts'
import { storageClaims, storageOwnedDirectories } from './containers-storage/claims.ts'
import { storageComparedTrees } from './containers-storage/compared-trees.ts'
import { readContainersStorage } from './containers-storage/read-containers-storage.ts'
import { dockerClaims, ownedDirectories } from './docker/claims.ts'
import { type ComparedTree, comparedTrees } from './docker/compared-trees.ts'
import { readDockerRoot } from './docker/read-docker-root.ts'
import type { Source } from './source.ts'

/** How one kind of data root is recognised, read and divided among its owners. */
export interface RootLayout {
  /** Whether the names at the top of the root are those of this kind. */
  matches(names: ReadonlySet<string>): boolean
  /** `neighbours` are the stores of the containerd roots read so far: such a root adds its own, and Docker's looks there. */
  read(
    source: Source,
    collector: Collector,
    fileSystem: FileSystem | null,
    neighbours: NamespaceStore[],
  ): void
  /** Whether roots of this kind look at their neighbours, and so are read after them. */
  readonly readLast: boolean
  /** Everything in the root that has an owner. */
  claims(model: Model, root: string): Claims
  /** The directories in which every entry needs an owner. */
  ownedDirectories(model: Model, root: string): string[]
  /** Writable layers whose size is the difference from the tree below. */
  comparedTrees(model: Model, root: string): ComparedTree[]
}

const DOCKER_NAMES = ['image', 'graph', 'containers', 'overlay2', 'volumes', 'aufs', 'buildkit', 'engine-id']

/** The records of containers/storage: no other engine's directories are named so. */
const STORAGE_NAME = /^(overlay|vfs|btrfs|zfs|aufs|devmapper)-(images|layers|containers)$/

/** Every layout there is; a new one is one line here and a folder beside this file. */
const LAYOUTS: readonly RootLayout[] = [
  {
    matches: (names) => [...names].some((name) => STORAGE_NAME.test(name)),
    read: readContainersStorage,
    readLast: false,
    claims: storageClaims,
    ownedDirectories: storageOwnedDirectories,
    comparedTrees: storageComparedTrees,
  },
  {
    matches: (names) => [...names].some((name) => name.startsWith('io.containerd.')),
    read: readContainerdRoot,
    readLast: false,
    claims: containerdClaims,
    ownedDirectories: containerdOwnedDirectories,
    comparedTrees: snapshotComparedTrees,
  },
  {
    matches: (names) => DOCKER_NAMES.some((name) => names.has(name)),
    read: readDockerRoot,
    readLast: true,
    claims: dockerClaims,
    ownedDirectories,
    comparedTrees: (model, root) => [...comparedTrees(model, root), ...snapshotComparedTrees(model, root)],
  },
]

/** The layout of a root. Throws TreeError where the root itself cannot be listed, or where it is none of them. */
export function layoutOf(source: Source): RootLayout {
  const names = new Set(source.tree.list('').map((entry) => entry.name))
  const layout = LAYOUTS.find((candidate) => candidate.matches(names))
  if (layout === undefined) throw new UnknownLayout(names.size === 0)
  return layout
}

/** The directory is there, but is no data root of any engine known here. */
export class UnknownLayout extends Error {
  readonly isEmpty: boolean

  constructor(isEmpty: boolean) {
    super(isEmpty ? 'is empty' : 'does not look like the data root of an engine')
    this.isEmpty = isEmpty
  }
}
