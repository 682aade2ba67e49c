import type { LayerEntry, LayerEntryKind, LayerListing, ListedLayer } from '../../model/layer-files.ts'
import { ensureNode, type FileNode, newNode, nodeAt, treeOf, withDescendants } from './file-tree.ts'

/** `kept`: a directory that a layer names again, as tars do with the parents of what they hold. */
export type What = 'added' | 'changed' | 'removed' | 'kept'

/** What a layer does at one path. */
export interface FileChange {
  /** The layer's place in the chain; the base has 1. */
  readonly layer: number
  readonly what: What
  readonly kind: LayerEntryKind
  readonly path: string
  /** What the entry takes in this layer: nothing where the layer only removes. */
  readonly contentBytes: number
  readonly diskBytes: number | null
  /** What is no longer seen of the layers below: the entry that is replaced, or all that is removed. */
  readonly hidesEntries: number
  readonly hidesBytes: number
}

/** A file that no name leads to any more, since a later layer replaced or removed it; its bytes still lie there. */
export interface WastedFile {
  readonly path: string
  readonly layer: number
  readonly hiddenBy: number
  readonly how: 'replaced' | 'removed'
  readonly contentBytes: number
  readonly diskBytes: number | null
}

export interface StackedLayers {
  readonly changes: readonly FileChange[]
  readonly wasted: readonly WastedFile[]
  /** By place in the chain: directories of which it is not known whether they hide what lies below them. */
  readonly unclear: ReadonlyMap<number, readonly string[]>
}

/** Stacks the layers of a chain, base first, and tells what each does to those below it. */
export function stackLayers(layers: readonly ListedLayer[]): StackedLayers {
  const stack = new Stack()
  for (const [index, { listing }] of layers.entries()) if (listing !== null) stack.put(index + 1, listing)
  return stack
}

/** A file with all its names in a layer: its bytes are needed for as long as one of them is seen. */
interface Bytes {
  path: string
  readonly layer: number
  contentBytes: number
  diskBytes: number | null
  names: number
}

interface Seen {
  readonly entry: LayerEntry
  readonly bytes: Bytes
}

/** A directory of the layer that is put on top, where it comes to lie, and what was seen there before. */
interface Step {
  readonly own: FileNode<LayerEntry>
  readonly seen: FileNode<Seen>
  readonly before: FileNode<Seen> | null
}

class Stack implements StackedLayers {
  readonly changes: FileChange[] = []
  readonly wasted: WastedFile[] = []
  readonly unclear = new Map<number, string[]>()
  readonly #top = newNode<Seen>('')

  put(layer: number, listing: LayerListing): void {
    const own = treeOf(listing.entries)
    const removed = this.#remove(layer, listing.whiteouts, own)
    const opaque = new Set(listing.opaque)
    for (const path of opaque) ensureNode(own, path)
    const bytes = new Map<string, Bytes>()
    const steps: Step[] = [{ own, seen: this.#top, before: this.#top }]
    for (let step = steps.pop(); step !== undefined; step = steps.pop()) {
      const before =
        opaque.has(step.own.path) && step.before === step.seen ? this.#empty(layer, step) : step.before
      if (before !== null && before !== step.seen) this.#noteGone(layer, step.own, before)
      for (const child of step.own.children.values()) {
        const was = before?.children.get(child.name) ?? removed.get(child.path) ?? null
        const seen = this.#place(layer, child, step.seen, was, bytes)
        if (seen === null) continue
        steps.push({ own: child, seen, before: was !== null && isDirectory(was) ? was : null })
        if (!listing.opaqueKnown && was === seen && child.item !== null) this.#noteUnclear(layer, child.path)
      }
    }
  }

  /** Takes away what the layer removes; gives it by its path, for what the layer puts in its place. */
  #remove(
    layer: number,
    whiteouts: readonly string[],
    own: FileNode<LayerEntry>,
  ): Map<string, FileNode<Seen>> {
    const removed = new Map<string, FileNode<Seen>>()
    for (const path of whiteouts) {
      const node = nodeAt(this.#top, path)
      if (node !== null) {
        nodeAt(this.#top, parentOf(path))?.children.delete(node.name)
        removed.set(path, node)
        this.#hide(layer, node, 'removed')
      }
      if (nodeAt(own, path) === null) this.#noteRemoved(layer, path, node)
    }
    return removed
  }

  /** An opaque directory: nothing of those below is seen in it any more. */
  #empty(layer: number, { seen }: Step): FileNode<Seen> {
    const before = { ...seen, item: null }
    seen.children = new Map()
    for (const child of before.children.values()) this.#hide(layer, child, 'removed')
    return before
  }

  #noteGone(layer: number, own: FileNode<LayerEntry>, before: FileNode<Seen>): void {
    for (const child of before.children.values())
      if (!own.children.has(child.name)) this.#noteRemoved(layer, child.path, child)
  }

  #noteRemoved(layer: number, path: string, node: FileNode<Seen> | null): void {
    const { entries, bytes } = node === null ? { entries: 0, bytes: 0 } : sum(node)
    this.changes.push({
      layer,
      what: 'removed',
      kind:
        node === null ? 'unknown' : isDirectory(node) ? 'directory' : (node.item?.entry.kind ?? 'unknown'),
      path,
      contentBytes: 0,
      diskBytes: 0,
      hidesEntries: entries,
      hidesBytes: bytes,
    })
  }

  #noteUnclear(layer: number, path: string): void {
    const paths = this.unclear.get(layer)
    if (paths === undefined) this.unclear.set(layer, [path])
    else paths.push(path)
  }

  /** Puts one entry on top; gives where it lies if it is a directory. */
  #place(
    layer: number,
    own: FileNode<LayerEntry>,
    parent: FileNode<Seen>,
    was: FileNode<Seen> | null,
    bytes: Map<string, Bytes>,
  ): FileNode<Seen> | null {
    const asDirectory = isDirectoryEntry(own)
    const present = parent.children.get(own.name)
    const merges = asDirectory && present !== undefined && isDirectory(present)
    const node = merges ? present : newNode<Seen>(own.path)
    if (!merges) {
      if (present !== undefined) this.#hide(layer, present, 'replaced')
      parent.children.set(own.name, node)
    }
    if (own.item !== null) {
      this.#noteEntry(layer, own.item, was)
      node.item = { entry: own.item, bytes: bytesOf(own.item, layer, bytes) }
    }
    return asDirectory ? node : null
  }

  #noteEntry(layer: number, entry: LayerEntry, was: FileNode<Seen> | null): void {
    const overDirectory = was !== null && isDirectory(was) && entry.kind === 'directory'
    const hidden = was === null || overDirectory ? { entries: 0, bytes: 0 } : sum(was)
    const { kind, path, contentBytes, diskBytes } = entry
    const what =
      was === null ? 'added' : overDirectory && isSameDirectory(entry, was.item) ? 'kept' : 'changed'
    this.changes.push({
      layer,
      what,
      kind,
      path,
      contentBytes,
      diskBytes,
      hidesEntries: hidden.entries,
      hidesBytes: hidden.bytes,
    })
  }

  #hide(layer: number, node: FileNode<Seen>, how: WastedFile['how']): void {
    for (const { item } of withDescendants(node)) {
      if (item === null || item.entry.kind === 'directory') continue
      const { bytes } = item
      bytes.names--
      if (bytes.names > 0 || (bytes.contentBytes === 0 && bytes.diskBytes === 0)) continue
      const { path, contentBytes, diskBytes } = bytes
      this.wasted.push({ path, layer: bytes.layer, hiddenBy: layer, how, contentBytes, diskBytes })
    }
  }
}

/** The bytes of an entry, shared by all names of one file. */
function bytesOf(entry: LayerEntry, layer: number, known: Map<string, Bytes>): Bytes {
  const { path, contentBytes, diskBytes, link } = entry
  const shared = link === null ? undefined : known.get(link)
  if (shared === undefined) {
    const bytes = { path, layer, contentBytes, diskBytes, names: 1 }
    if (link !== null) known.set(link, bytes)
    return bytes
  }
  shared.names++
  // Which of the names carries the bytes depends on the order of the tar.
  if (contentBytes > shared.contentBytes) shared.path = path
  shared.contentBytes += contentBytes
  shared.diskBytes = shared.diskBytes === null || diskBytes === null ? null : shared.diskBytes + diskBytes
  return shared
}

const parentOf = (path: string): string => path.slice(0, Math.max(0, path.lastIndexOf('/')))

const isDirectory = (node: FileNode<Seen>): boolean =>
  node.item === null || node.item.entry.kind === 'directory'

const isDirectoryEntry = (node: FileNode<LayerEntry>): boolean =>
  node.item === null || node.item.kind === 'directory'

/** Whether a directory is named again without a change of its own: its time changes with every entry. */
const isSameDirectory = (entry: LayerEntry, was: Seen | null): boolean =>
  was === null ||
  (entry.mode === was.entry.mode && entry.uid === was.entry.uid && entry.gid === was.entry.gid)

function sum(node: FileNode<Seen>): { entries: number; bytes: number } {
  let entries = 0
  let bytes = 0
  for (const { item } of withDescendants(node)) {
    if (item === null) continue
    entries++
    bytes += item.entry.contentBytes
  }
  return { entries, bytes }
}
