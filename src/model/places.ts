import type { Subject } from './findings.ts'

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
  /** True where the claim is on each entry of the directory by itself: an entry without a claim of its own is unclaimed. */
  readonly entriesUnclaimed: boolean
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

/** The measured root: a tally for each claim, in the order of the claims. */
export interface Measurement {
  readonly root: string
  readonly claims: readonly Claim[]
  readonly tallies: readonly Tally[]
  /** Entries directly below directories whose entries need claims of their own, that have none. */
  readonly unclaimed: readonly UnclaimedEntry[]
  /**
   * Container id → bytes that the container added or changed, for drivers whose writable layers are whole trees and
   * have to be compared with the tree below.
   */
  readonly changedBytes: ReadonlyMap<string, number>
  /** False where the walk was cancelled or could not enter a directory. */
  readonly complete: boolean
  /** True where block counts come from the file system, false where they were estimated (archives). */
  readonly exact: boolean
}

/** Something in a place where every entry should have an owner. */
export interface UnclaimedEntry {
  readonly path: string
  readonly kind: 'file' | 'directory' | 'symlink' | 'other'
  readonly modifiedMs: number
  readonly tally: Tally
}
