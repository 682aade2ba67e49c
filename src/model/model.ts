import type { Finding } from './findings.ts'

/** What the kernel says of the file system that holds a root; byte figures are integers. */
export interface FileSystem {
  readonly totalBytes: number
  /** Free for everyone, and free for root: the difference is the reserve. */
  readonly availableBytes: number
  readonly freeBytes: number
  readonly totalInodes: number
  readonly freeInodes: number
}

export type RootKind = 'docker' | 'containerd' | 'containers-storage'

/** A directory that holds engine state. `path` is absolute. */
export interface Root {
  readonly path: string
  readonly kind: RootKind
  readonly fileSystem: FileSystem | null
  /** The rule set of the engine version that last wrote here, with what shows it. */
  readonly engine: EngineVersion
  /** Whether an engine holds a database of it open; null where the kernel does not say. */
  readonly engineRunning: boolean | null
  /** The database that lists its volumes, where that is not docker's. Relative to the root. */
  readonly volumeDatabase?: string
}

export type EngineRule = 'legacy' | '20.10' | '23' | '26' | '28' | '29'

/** Podman by its versions: with its state in bolt, in SQLite, and with directories for what is to be removed. */
export type PodmanRule = 'podman' | 'podman-4.8' | 'podman-5.6'

/** Engines whose figures follow no Docker version's rules. */
export type OtherEngine = PodmanRule | 'containerd'

export interface EngineVersion {
  readonly rule: EngineRule | OtherEngine
  readonly why: string
}

export type Layout = 'graph' | 'layerdb' | 'containerd' | 'containers-storage'

/** One image store inside a root. `path` is relative to the root. */
export interface Store {
  readonly id: string
  readonly root: string
  readonly layout: Layout
  readonly driver: string
  readonly namespace: string | null
  readonly path: string
  /** Whether the engine uses it; null where the disk does not say. */
  readonly active: boolean | null
  readonly why: string
  /** The root of the docker that keeps its images here, where that is another root. */
  readonly usedBy?: string
}

/** One step of an image's making, oldest first in its list. */
export interface HistoryStep {
  readonly created: string | null
  readonly createdBy: string
  readonly comment: string
  /** True where the step only changed metadata and has no layer of its own. */
  readonly emptyLayer: boolean
  readonly layer: string | null
}

/** A string map from disk; a `Map` because keys such as `__proto__` occur. */
export type Labels = ReadonlyMap<string, string>

export interface Image {
  readonly store: string
  /** `sha256:<hex>` in layerdb and containerd stores, bare hex in graph and containers-storage stores. */
  readonly id: string
  /** Familiar names as the engine prints them, sorted. */
  readonly tags: readonly string[]
  readonly digests: readonly string[]
  readonly created: string | null
  readonly os: string | null
  readonly architecture: string | null
  readonly variant: string | null
  readonly author: string
  readonly dockerVersion: string
  /** Layer ids, base first. */
  readonly layers: readonly string[]
  readonly parent: string | null
  readonly lastUpdated: string | null
  readonly labels: Labels
  readonly history: readonly HistoryStep[]
  readonly config: ImageConfig
  /** False where the engine leaves it out of every list because something of it is missing or damaged. */
  readonly loaded: boolean
  /** False where it may have layers whose records cannot be read. */
  readonly layersKnown?: boolean
  /** What the engine's own list prints as its size, where that is not the sum of the layers; null where unknown. */
  readonly engineBytes?: number | null
  /** What attestations about it have in that size; docker counts them from 27.2 on. */
  readonly attestationBytes?: number | null
  /** What manifests that are named once more have in that size, attestations aside; docker counts them as they. */
  readonly repeatedBytes?: number | null
  /** Layers that it holds beside its chain: those of other platforms, or copies for other owners. */
  readonly otherLayers?: readonly string[]
  /** True where a list of images names it and the engine calls no such image dangling. */
  readonly isListed?: boolean
  /** True where none of its manifests is of a platform: docker before 28 lists no such image. */
  readonly isArtifact?: boolean
  /** Its rows as the engine wrote them, where an image is nothing but its names. */
  readonly rows?: readonly { readonly name: string; readonly createdAt: string | null }[]
  /** Its manifests, where it can have several: one for each platform, and attestations about them. */
  readonly manifests?: readonly ImageManifest[]
  /** The digests of its blobs that are there: indexes, manifests, configs, compressed layers. */
  readonly blobs?: readonly string[]
}

export interface ImageManifest {
  readonly digest: string
  readonly isAttestation: boolean
  /** How often the image's indexes name it; once unless given. */
  readonly times?: number
  /** The manifest, its config and its layers, each as often as it stands there and only where it is there. */
  readonly blobs: readonly string[]
  /** Compressed layers as the manifest names them, base first. */
  readonly layerBlobs: readonly string[]
  /** The layers of it that are unpacked. */
  readonly layers: readonly string[]
  /** The labels in its config; null where that is not there. */
  readonly labels: Labels | null
}

/** A file of a content store, named by the digest of its bytes; all stores of a root share it. */
export interface Blob {
  readonly root: string
  readonly digest: string
  /** Relative to the root. */
  readonly path: string
  /** The length that the engine recorded; null where it has no record of it. */
  readonly recordedBytes: number | null
}

/** What a container started from the image inherits. */
export interface ImageConfig {
  readonly entrypoint: readonly string[]
  readonly command: readonly string[]
  readonly environment: readonly string[]
  readonly workingDirectory: string
  readonly user: string
}

export interface Layer {
  readonly store: string
  /** The chain ID (layerdb, containerd), the image ID (graph), or an id of its own (containers-storage). */
  readonly id: string
  readonly parent: string | null
  readonly diffId: string | null
  /** The driver's name for it: the directory under the driver's own. */
  readonly cacheId: string | null
  /** The directory that it owns, relative to the root; null where there is none to be seen. */
  readonly path: string | null
  /** Content bytes as the engine recorded them. */
  readonly recordedBytes: number | null
  /** False where the engine does not load it: a file of its record is missing or damaged. */
  readonly loaded: boolean
}

/** `unknown` where the engine keeps it in a place that cannot be read. */
export type ContainerState =
  | 'created'
  | 'running'
  | 'paused'
  | 'restarting'
  | 'removing'
  | 'exited'
  | 'dead'
  | 'unknown'

export interface LogFile {
  readonly path: string
}

/** A mount of a container, as its config records it. */
export interface Mount {
  readonly type: 'bind' | 'volume' | 'tmpfs' | 'other'
  /** The volume's name; null for other kinds. */
  readonly volume: string | null
  readonly driver: string | null
  readonly source: string
  readonly destination: string
  readonly readOnly: boolean
  /** True where the user named the volume: `docker rm -v` takes only the others. */
  readonly named: boolean
}

export interface Container {
  readonly root: string
  readonly store: string | null
  readonly id: string
  readonly name: string
  /** The image id that its config records. */
  readonly image: string | null
  /** The manifest that it runs, where its config records one: that of a platform, which several images may name. */
  readonly imageManifest?: string | null
  /** The image as the user typed it. */
  readonly imageName: string
  /** True where its whole file system is a directory of the host that it was given (podman's `--rootfs`). */
  readonly filesElsewhere?: boolean
  /** True where it only holds a pod together, on an empty directory in `/run`: podman counts no bytes of it. */
  readonly isInfra?: boolean
  readonly command: string
  readonly state: ContainerState
  readonly exitCode: number
  readonly created: string | null
  readonly startedAt: string | null
  readonly finishedAt: string | null
  readonly baseLayer: string | null
  /** The driver's name for the writable layer and for the init layer below it. */
  readonly mountId: string | null
  readonly initId: string | null
  /** The directory of the writable layer, relative to the root of its store. */
  readonly layerPath: string | null
  readonly initPath: string | null
  readonly logDriver: string | null
  readonly logs: readonly LogFile[]
  readonly mounts: readonly Mount[]
  readonly volumes: readonly string[]
  readonly restartPolicy: string
  /** How often `on-failure` tries; 0 for ever. */
  readonly maximumRetries: number
  readonly restartCount: number
  readonly startedBefore: boolean
  readonly stoppedByHand: boolean
  readonly autoRemove: boolean
  readonly networks: readonly NetworkUse[]
  readonly labels: Labels
  /** False where the engine does not list it (`ps -a`). */
  readonly loaded: boolean
}

/** A network that a container is attached to whenever it runs; the id is null before its first start. */
export interface NetworkUse {
  readonly name: string
  readonly id: string | null
}

/** A network of the host, as the engine's own database has it. */
export interface Network {
  readonly root: string
  readonly id: string
  readonly name: string
  readonly driver: string
  readonly internal: boolean
  /** A template for networks of a swarm: no prune takes it. */
  readonly configOnly: boolean
  readonly created: string | null
  readonly labels: Labels
  readonly endpoints: readonly Endpoint[]
}

/** Where a container is attached to a network; one that runs, unless the engine came to a sudden end. */
export interface Endpoint {
  readonly id: string
  readonly name: string
  readonly container: string | null
}

export interface Volume {
  readonly root: string
  readonly name: string
  readonly driver: string
  /** The volume's directory, relative to the root; null for one that lives elsewhere. */
  readonly path: string | null
  /** The directory of its data, relative to the root. */
  readonly dataPath: string | null
  readonly created: string | null
  readonly anonymous: boolean | null
  readonly options: Labels | null
  readonly labels: Labels
  /** False where only the database knows it. */
  readonly onDisk: boolean
  /** False where the database has no row of it; null where it cannot be read, or the layout has none. */
  readonly recorded: boolean | null
}

export interface CacheRecord {
  readonly root: string
  readonly store: string
  readonly id: string
  readonly type: string
  readonly description: string
  readonly parents: readonly string[]
  readonly createdAt: string | null
  readonly lastUsedAt: string | null
  readonly usageCount: number
  readonly mutable: boolean
  /** Content bytes as BuildKit recorded them, or as the layer that holds its data does. */
  readonly recordedBytes: number | null
  /** The layer that its snapshot became, if any. */
  readonly layer: string | null
  /** The driver's name for its data, and the directory, relative to the root of its store. */
  readonly cacheId: string | null
  readonly path: string | null
  /** Directories beside that one: views through which a build read it. */
  readonly otherPaths?: readonly string[]
  /** The layer below its own data, where that is a snapshot. */
  readonly baseLayer?: string | null
  /** Blocks of its own snapshot as counted when it was committed; null where it is still written to. */
  readonly snapshotBytes?: number | null
  /** The digest of its compressed form, where it has one. */
  readonly blob?: string | null
  /** The parents whose compressed layers lie below its own: all of them unless it is what differs between two. */
  readonly blobParents?: readonly string[]
  /** The immutable records that share this record's data and are not listed. */
  readonly twins: readonly string[]
}

/** A writable layer that no container config stands for. */
export interface LooseMount {
  readonly store: string
  readonly name: string
  readonly mountId: string | null
  readonly initId: string | null
  readonly parent: string | null
  /** True where a container directory of that name is there but cannot be read. */
  readonly containerUnreadable: boolean
}

/** What an interrupted operation left behind, or a record that nothing stands behind. `path` is relative to the root. */
export interface Leftover {
  readonly root: string
  readonly store: string | null
  readonly kind: 'leftover' | 'orphan'
  readonly path: string
  readonly reason: string
  /** The driver directories that belong to it. */
  readonly dataPaths: readonly string[]
}

/** A directory name that BuildKit's snapshot map claims though no record or layer stands for it. */
export interface SnapshotClaim {
  readonly root: string
  readonly store: string
  readonly key: string
  readonly cacheId: string
  readonly chainId: string | null
  /** False where the cache records cannot be read: one of them may stand for it. */
  readonly recordsKnown: boolean
}

/** A file that was deleted while a process has it open: its blocks come back when the last of them closes it. */
export interface DeletedFile {
  readonly root: string
  /** Where it was, relative to the root. */
  readonly path: string
  readonly sizeBytes: number
  readonly diskBytes: number
  readonly processes: readonly {
    readonly pid: number
    readonly command: string
    readonly container: string | null
  }[]
}

/**
 * Something that containerd's garbage collector keeps data for. Nodes are `image/<name>`, `content/<digest>` and
 * `snapshot/<snapshotter>/<key>`.
 */
export interface Holder {
  readonly kind: 'image' | 'container' | 'lease' | 'label'
  readonly id: string
  readonly nodes: readonly string[]
  /** It keeps these nodes alone, and nothing that they refer to. */
  readonly flat: boolean
  /** An engine that starts drops it. */
  readonly temporary: boolean
}

/** What keeps the data of one namespace of a containerd. `base` is where its state lies in the root. */
export interface Retention {
  readonly root: string
  readonly base: string
  readonly namespace: string
  readonly holders: readonly Holder[]
  /** Node → the nodes that it refers to. */
  readonly references: ReadonlyMap<string, readonly string[]>
  /** Snapshot node → its directory, relative to the root. */
  readonly directories: ReadonlyMap<string, string>
}

/** All that was read from the roots of one scan: flat lists, joined by ids. */
export interface Model {
  readonly roots: readonly Root[]
  readonly stores: readonly Store[]
  readonly images: readonly Image[]
  readonly layers: readonly Layer[]
  readonly blobs: readonly Blob[]
  readonly containers: readonly Container[]
  readonly volumes: readonly Volume[]
  readonly networks: readonly Network[]
  readonly cacheRecords: readonly CacheRecord[]
  readonly retentions: readonly Retention[]
  readonly looseMounts: readonly LooseMount[]
  readonly leftovers: readonly Leftover[]
  readonly snapshotClaims: readonly SnapshotClaim[]
  /** Ids of stores whose tag file could not be read: nothing is known of their images' names. */
  readonly storesWithoutNames: readonly string[]
  /** Ids of stores of whose images, blobs or snapshots some rows cannot be read: no sum over all of them is known. */
  readonly storesWithLostRows: readonly string[]
  /** Layers whose users an engine at work may be making, or removing with them, right now. */
  readonly unsettledLayers: readonly { readonly store: string; readonly layer: string }[]
  /** Containers whose config is there but cannot be read: what they use is unknown. */
  readonly unreadableContainers: readonly {
    readonly root: string
    readonly id: string
    /** Whether only the rights to read it are wanting: the engine knows it then. */
    readonly isDenied: boolean
  }[]
  readonly findings: readonly Finding[]
}
