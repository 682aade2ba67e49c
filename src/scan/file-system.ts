import { statfsSync } from 'node:fs'
import { fileName } from '../formats/byte-name.ts'
import type { FileSystem } from '../model/model.ts'
import { ArchiveTree } from '../tree/archive.ts'
import type { Tree } from '../tree/tree.ts'

export const fileSystemOf = (tree: Tree): FileSystem | null =>
  tree instanceof ArchiveTree ? null : fileSystemAt(tree.location)

/** The file system that holds a path of this machine; null where the kernel does not say. */
export function fileSystemAt(path: string): FileSystem | null {
  try {
    const stats = statfsSync(fileName(path))
    return {
      totalBytes: stats.blocks * stats.bsize,
      availableBytes: stats.bavail * stats.bsize,
      freeBytes: stats.bfree * stats.bsize,
      totalInodes: stats.files,
      freeInodes: stats.ffree,
    }
  } catch {
    return null
  }
}
