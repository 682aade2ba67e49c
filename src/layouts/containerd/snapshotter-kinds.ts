export type SnapshotKind = 'view' | 'active' | 'committed'

/** How a snapshotter keeps the files of its snapshots. Directories are relative to its own. */
export interface SnapshotterKind {
  /** The directories that hold one entry for each snapshot, named by its number. */
  readonly homes: readonly string[]
  /** The one of them for snapshots of a kind. */
  home(kind: SnapshotKind): string
  /** The snapshot's own files below its directory, '' for all of it; null where only the snapshotter's own tools see them. */
  readonly files: string | null
  /** True where every snapshot is a whole tree, not only what differs from the one below. */
  readonly isWhole: boolean
  /** True where a view is the directory of its parent, and has none of its own. */
  readonly viewsAreParents: boolean
  /** True where the use of a snapshot that is written to is what differs from its parent, false where it is all of it. */
  readonly countsChanges: boolean
  /** True where the garbage collector also takes directories that no row names (Cleanup of core/snapshots). */
  readonly collectsStrays: boolean
}

/** The snapshotter of that name; a plugin or a future one is taken to be like overlayfs. */
export const snapshotterKind = (name: string): SnapshotterKind => KINDS.get(name) ?? OVERLAYFS

const OVERLAYFS: SnapshotterKind = {
  homes: ['snapshots'],
  home: () => 'snapshots',
  files: 'fs',
  isWhole: false,
  viewsAreParents: false,
  countsChanges: false,
  collectsStrays: true,
}

/** Logical volumes, data sets, images of file systems: some have an entry for each snapshot, none shows its files. */
const OPAQUE: SnapshotterKind = { ...OVERLAYFS, files: null }

const KINDS: ReadonlyMap<string, SnapshotterKind> = new Map([
  // Full copies (snapshots/native/native.go, createSnapshot and mounts).
  ['native', { ...OVERLAYFS, files: '', isWhole: true, viewsAreParents: true, collectsStrays: false }],
  // Subvolumes, which are whole trees that share what did not change (snapshots/btrfs/btrfs.go, makeSnapshot and Usage).
  [
    'btrfs',
    {
      homes: ['snapshots', 'active', 'view'],
      home: (kind) => (kind === 'committed' ? 'snapshots' : kind),
      files: '',
      isWhole: true,
      viewsAreParents: false,
      countsChanges: true,
      collectsStrays: false,
    },
  ],
  ['devmapper', OPAQUE],
  ['blockfile', { ...OPAQUE, collectsStrays: false }],
  ['zfs', { ...OPAQUE, collectsStrays: false }],
  ['erofs', OPAQUE],
])
