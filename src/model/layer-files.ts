export type LayerEntryKind = 'file' | 'directory' | 'symlink' | 'fifo' | 'socket' | 'device' | 'unknown'

/** One entry of a layer's own files. */
export interface LayerEntry {
  /** From the layer's top, without a leading slash; bytes that are no UTF-8 stand in it as formats/byte-name.ts says. */
  readonly path: string
  readonly kind: LayerEntryKind
  /** What stands in it: the length of a file; 0 for the further names of a file with several. */
  readonly contentBytes: number
  /** Allocated bytes, 0 for further names; null where the file itself cannot be seen. */
  readonly diskBytes: number | null
  /** The same for all names of one file within the layer; null where it has this name alone. */
  readonly link: string | null
  readonly mode: number | null
  readonly uid: number | null
  readonly gid: number | null
}

/** Where the list of a layer's files was taken from. */
export type ListingSource =
  /** The list that the engine wrote when it made the layer. */
  | 'tar-split'
  /** The layer's directory, which holds its changes only. */
  | 'directory'
  /** The layer's directory, which holds the whole tree, held against that of the layer below. */
  | 'comparison'

/** What one layer adds, changes and takes away. */
export interface LayerListing {
  readonly source: ListingSource
  /** The file or directory that says so, relative to the root. */
  readonly path: string
  readonly entries: readonly LayerEntry[]
  /** Paths of the layers below that this one removes. */
  readonly whiteouts: readonly string[]
  /** Directories in which nothing of the layers below is seen any more. */
  readonly opaque: readonly string[]
  /** False where a mark on a directory would say so that cannot be read. */
  readonly opaqueKnown: boolean
  /** Sentences about what could not be read. */
  readonly problems: readonly string[]
}

/** A layer of a chain with its files. */
export interface ListedLayer {
  /** The layer's id, or the container's for its own two layers. */
  readonly id: string
  readonly part: 'layer' | 'init' | 'writable'
  /** Null where its files cannot be seen. */
  readonly listing: LayerListing | null
}
