import type { Claims } from './claims.ts'
import type { Subject } from './findings.ts'
import type { DeletedFile } from './model.ts'
import type { Tallies } from './tallies.ts'

/** What a directory or file is for, as far as its place in the root tells. */
export type Place =
  | 'layer-files'
  | 'layer-record'
  | 'image-record'
  | 'writable-layer'
  | 'init-layer'
  | 'mount-record'
  | 'container-log'
  | 'container-files'
  | 'volume'
  | 'cache-files'
  | 'cache-claim'
  | 'leftover'
  | 'orphaned'
  | 'foreign-driver'
  | 'thin-pool'
  | 'image-blobs'
  | 'build-cache-blobs'
  | 'metadata'
  | 'plugins'
  | 'network'
  | 'swarm'
  | 'temporary'
  | 'unclaimed'
  | 'other'

/**
 * Says to whom a path belongs, and with it all below that no deeper claim takes.
 * `path` is relative to the root; several owners of one directory share one claim.
 */
export interface Claim {
  readonly path: string
  readonly place: Place
  readonly owner: Subject | null
  readonly store: string | null
  /** True where the file sizes below are the owner's content bytes, as its engine counts them. */
  readonly content: boolean
}

/** What was measured below one claim, each inode once. */
export interface Tally {
  /** Sum of the lengths of everything but directories. */
  contentBytes: number
  /** Allocated blocks × 512. An inode that several claims reach counts for the first of them. */
  diskBytes: number
  /** Inodes, directories included. */
  files: number
}

export const emptyTally = (): Tally => ({ contentBytes: 0, diskBytes: 0, files: 0 })

/** An entry of a directory in which each entry needs an owner, that has none. `path` is relative to the root. */
export interface Stray {
  readonly path: string
  readonly kind: 'file' | 'directory' | 'symlink' | 'other'
  readonly modifiedMs: number
  /** True where an engine runs or it is young; it had no owner when everything was read a second time either. */
  readonly inDoubt: boolean
}

/** What was measured below each claim of a root, in the order of the claims. */
export interface Measurement {
  readonly tallies: Tallies
  /**
   * The directory of a writable layer → bytes that were added or changed in it, as its engine counts them, for drivers
   * whose writable layers have to be compared with the trees below.
   */
  readonly changedBytes: ReadonlyMap<string, number>
  /** False where the walk was cancelled or could not enter a directory. */
  readonly complete: boolean
  readonly cancelled: boolean
  /** True where block counts come from the file system, false where they were estimated (archives). */
  readonly exact: boolean
}

/** How much a verification looked at. */
export interface VerifyCounts {
  /** Layers whose files were held against the list made with them. */
  layers: number
  files: number
  /** Content bytes that were read and hashed; 0 where only names and lengths were compared. */
  bytes: number
}

/** A root divided among its owners; strays have claims of their own, of the place `unclaimed`. */
export interface Survey {
  readonly root: string
  readonly claims: Claims
  readonly strays: readonly Stray[]
  /** Mount points below the root, relative to it; null where the kernel does not say. */
  readonly mounted: readonly string[] | null
  /** Directories of storage drivers that cannot be listed: what lies in them is not measured, and not known to be missing. */
  readonly unlisted?: readonly string[]
  /** What `du` no longer sees and processes still hold; empty for archives and copied disks. */
  readonly deletedFiles: readonly DeletedFile[]
  /** Null where nothing was measured. */
  readonly measurement: Measurement | null
  /** Null where no verification was asked for. */
  readonly verified: VerifyCounts | null
}
