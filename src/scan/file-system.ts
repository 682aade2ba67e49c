import { statfsSync } from 'node:fs'
import { fileName } from '../formats/byte-name.ts'
import type { FileSystem } from '../model/model.ts'
import { ArchiveTree } from '../tree/archive.ts'
import type { Tree } from '../tree/tree.ts'

export function fileSystemOf(tree: Tree): FileSystem | null {
  if (tree instanceof ArchiveTree) return null
  try {
    const stats = statfsSync(fileName(tree.location))
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
