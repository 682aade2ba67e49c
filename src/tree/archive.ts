import { gunzipSync } from 'node:zlib'
import { nameOfBytes } from '../formats/byte-name.ts'
import type { TarType } from '../formats/tar-block.ts'
import { readTar, type TarEntry } from '../formats/tar-header.ts'
import { compareNames, type Entry, type EntryKind, type Stat, type Tree, TreeError } from './tree.ts'

/** An entry of an archive; hard links share one. */
export interface ArchiveNode {
  readonly kind: EntryKind
  readonly sizeBytes: number
  readonly modifiedMs: number
  readonly mode: number
  readonly uid: number
  readonly gid: number
  /** A device's number: 0 for the mark that overlay leaves of a removed entry. */
  readonly device: number
  readonly isBlock: boolean
  readonly content: Buffer
  readonly linkTarget: string
  readonly children: Map<string, ArchiveNode>
  /** How many names lead here. */
  names: number
}

const KINDS: Readonly<Partial<Record<TarType, EntryKind>>> = {
  file: 'file',
  dir: 'directory',
  symlink: 'symlink',
  fifo: 'fifo',
  char: 'device',
  block: 'device',
}

/** The tree inside a gzip'd tar, held in memory. */
export class ArchiveTree implements Tree {
  readonly location: string
  readonly #top: ArchiveNode = emptyDirectory()
  readonly #topName: string

  /** `top` is the directory of the archive that becomes the tree's top. */
  constructor(location: string, gzip: Buffer, top: string) {
    this.location = location
    this.#topName = top
    const bytes = gunzipSync(gzip, { maxOutputLength: 256 * 1024 * 1024 })
    for (const entry of readTar(bytes)) {
      const parts = cleanPath(nameOfBytes(entry.name))
      if (parts[0] === top && parts.length > 1) this.#add(parts.slice(1), entry, bytes)
    }
  }

  list(path: string): Entry[] {
    const node = this.#require(path)
    if (node.kind === 'symlink') throw linkError(path)
    if (node.kind !== 'directory') throw new TreeError('not-directory', path, 'is not a directory')
    return [...node.children]
      .map(([name, child]): Entry => ({ name, kind: child.kind }))
      .sort((a, b) => compareNames(a.name, b.name))
  }

  stat(path: string): Stat | null {
    const node = this.node(path)
    if (node === null) return null
    return {
      kind: node.kind,
      sizeBytes: node.sizeBytes,
      diskBytes: null,
      modifiedMs: node.modifiedMs,
      changedMs: node.modifiedMs,
    }
  }

  read(path: string, limitBytes: number): Buffer {
    const node = this.#require(path)
    if (node.kind === 'symlink') throw linkError(path)
    if (node.kind !== 'file')
      throw new TreeError('not-regular', path, `is a ${node.kind}, not a regular file`)
    if (node.sizeBytes > limitBytes) throw new TreeError('too-large', path, `has ${node.sizeBytes} bytes`)
    return node.content
  }

  readText(path: string, limitBytes: number): string {
    return this.read(path, limitBytes).toString('utf8')
  }

  readStart(path: string, lengthBytes: number): Buffer {
    return this.read(path, Number.POSITIVE_INFINITY).subarray(0, lengthBytes)
  }

  readlink(path: string): string {
    const node = this.#require(path)
    if (node.kind !== 'symlink') throw new TreeError('io', path, 'is not a symbolic link')
    return node.linkTarget
  }

  /** What lies at a path; null where nothing does. */
  node(path: string): ArchiveNode | null {
    let node = this.#top
    for (const part of path === '' ? [] : path.split('/')) {
      const child = node.children.get(part)
      if (child === undefined) return null
      node = child
    }
    return node
  }

  #require(path: string): ArchiveNode {
    for (let slash = path.indexOf('/'); slash !== -1; slash = path.indexOf('/', slash + 1))
      if (this.node(path.slice(0, slash))?.kind === 'symlink') throw linkError(path.slice(0, slash))
    const node = this.node(path)
    if (node === null) throw new TreeError('missing', path, 'is missing')
    return node
  }

  #add(parts: readonly string[], entry: TarEntry, bytes: Buffer): void {
    const name = parts.at(-1)
    if (name === undefined) return
    let parent = this.#top
    for (const part of parts.slice(0, -1)) {
      let child = parent.children.get(part)
      if (child === undefined) {
        child = emptyDirectory()
        parent.children.set(part, child)
      }
      parent = child
    }
    const linked = entry.type === 'hardlink' ? this.#linked(entry) : null
    if (linked !== null) {
      linked.names++
      parent.children.set(name, linked)
      return
    }
    const known = parent.children.get(name)
    parent.children.set(name, {
      kind: KINDS[entry.type] ?? 'unknown',
      sizeBytes: entry.type === 'file' ? entry.size : entry.linkName.length,
      modifiedMs: entry.mtime.seconds * 1000,
      mode: entry.mode,
      uid: entry.uid,
      gid: entry.gid,
      device: entry.devMajor * 256 + entry.devMinor,
      isBlock: entry.type === 'block',
      content:
        entry.type === 'file' ? bytes.subarray(entry.dataOffset, entry.dataOffset + entry.size) : EMPTY,
      linkTarget: entry.linkName.toString('utf8'),
      children: known?.children ?? new Map(),
      names: 1,
    })
  }

  /** The file that a hard link names; null for anything else, since a directory with two names makes walks endless. */
  #linked(entry: TarEntry): ArchiveNode | null {
    const [top, ...parts] = cleanPath(nameOfBytes(entry.linkName))
    const node = top === this.#topName && parts.length > 0 ? this.node(parts.join('/')) : null
    return node === null || node.kind === 'directory' ? null : node
  }
}

const linkError = (path: string): TreeError =>
  new TreeError('symlink', path, 'is a symbolic link, and links are not followed')

const EMPTY = Buffer.alloc(0)

const emptyDirectory = (): ArchiveNode => ({
  kind: 'directory',
  sizeBytes: 0,
  modifiedMs: 0,
  mode: 0o755,
  uid: 0,
  gid: 0,
  device: 0,
  isBlock: false,
  content: EMPTY,
  linkTarget: '',
  children: new Map(),
  names: 1,
})

/** The components of a member's name without `.` and empty ones; a climbing name has no components. */
function cleanPath(name: string): string[] {
  const parts = name.split('/').filter((part) => part !== '' && part !== '.')
  return parts.includes('..') ? [] : parts
}
