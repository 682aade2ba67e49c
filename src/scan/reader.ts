import { lstatSync, readdirSync, type Stats } from 'node:fs'
import { join } from 'node:path/posix'
import { nameOfBytes } from '../formats/byte-name.ts'
import { type ArchiveNode, ArchiveTree } from '../tree/archive.ts'
import { atPath } from '../tree/long-path.ts'
import type { Tree } from '../tree/tree.ts'

/** A name or path as a directory gives it: bytes where they are not UTF-8. */
export type Name = string | Buffer

/** A name as a string that loses nothing, as formats/byte-name.ts says. */
export const textOf = (name: Name): string => (typeof name === 'string' ? name : nameOfBytes(name))

/** The parts of a `Stats` that are asked for. */
export type Inode = Pick<
  Stats,
  | 'dev'
  | 'ino'
  | 'nlink'
  | 'mode'
  | 'uid'
  | 'gid'
  | 'rdev'
  | 'size'
  | 'blocks'
  | 'mtimeMs'
  | 'ctimeMs'
  | 'isFile'
  | 'isDirectory'
  | 'isSymbolicLink'
  | 'isFIFO'
  | 'isSocket'
  | 'isBlockDevice'
  | 'isCharacterDevice'
>

/** Where a walk gets its entries from. */
export interface Reader {
  readonly exact: boolean
  list(path: Name): readonly Name[]
  /** Null where the entry is gone. Throws where it may not be looked at. */
  lstat(path: Name): Inode | null
}

const QUIET = { throwIfNoEntry: false } as const

export const LOCAL: Reader = {
  exact: true,
  list(path) {
    return atPath(path, (at) => {
      const names = readdirSync(at)
      // A replacement character may stand for bytes that are not UTF-8: only those give back the file.
      return names.some((name) => name.includes('\uFFFD')) ? readdirSync(at, { encoding: 'buffer' }) : names
    })
  },
  lstat: (path) => atPath(path, (at) => lstatSync(at, QUIET)) ?? null,
}

/** An archive as a walk sees it. It records lengths, not blocks: those are estimated in blocks of 4 KiB. */
export function archiveReader(archive: ArchiveTree): Reader {
  const clean = (path: Name): string => join('/', String(path)).slice(1)
  const numbers = new Map<object, number>()
  return {
    exact: false,
    list: (path) => archive.list(clean(path)).map((entry) => entry.name),
    lstat(path) {
      const node = archive.node(clean(path))
      if (node === null) return null
      if (!numbers.has(node)) numbers.set(node, numbers.size)
      return inodeOf(node, numbers.get(node) ?? 0)
    },
  }
}

function inodeOf(node: ArchiveNode, ino: number): Inode {
  const { kind } = node
  return {
    dev: 0,
    ino,
    nlink: node.names,
    mode: node.mode,
    uid: node.uid,
    gid: node.gid,
    rdev: node.device,
    size: node.sizeBytes,
    blocks: kind === 'directory' ? 8 : kind === 'file' ? Math.ceil(node.sizeBytes / 4096) * 8 : 0,
    mtimeMs: node.modifiedMs,
    ctimeMs: node.modifiedMs,
    isFile: () => kind === 'file',
    isDirectory: () => kind === 'directory',
    isSymbolicLink: () => kind === 'symlink',
    isFIFO: () => kind === 'fifo',
    isSocket: () => kind === 'socket',
    isBlockDevice: () => kind === 'device' && node.isBlock,
    isCharacterDevice: () => kind === 'device' && !node.isBlock,
  }
}

/** The reader for a tree, and what stands before its paths there. */
export const readerOf = (tree: Tree): { reader: Reader; top: string } =>
  tree instanceof ArchiveTree
    ? { reader: archiveReader(tree), top: '' }
    : { reader: LOCAL, top: tree.location }
