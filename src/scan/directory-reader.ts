import { fileName } from '../formats/byte-name.ts'
import type { LayerEntry } from '../model/layer-files.ts'
import { liesAt } from '../tree/lies-at.ts'
import { kindOf } from '../tree/local.ts'
import type { Tree } from '../tree/tree.ts'
import { type Inode, type Reader, readerOf, textOf } from './reader.ts'

/** An entry of a directory with what `lstat` says of it. */
export interface Found {
  readonly path: string
  readonly stats: Inode
}

/** A directory of a tree and all below it. Follows no link, not even on the way to a file; opens nothing. */
export class DirectoryReader {
  readonly path: string
  readonly problems: string[] = []
  readonly #reader: Reader
  readonly #top: string
  readonly #exists: boolean
  readonly #directories = new Map<string, boolean>()
  readonly #linked = new Set<string>()

  /** `path` is relative to the tree's top. */
  constructor(tree: Tree, path: string) {
    const { reader, top } = readerOf(tree)
    this.path = path
    this.#reader = reader
    this.#top = path === '' ? top : `${top}/${path}`
    this.#exists = liesAt(tree, path, 'directory')
  }

  /** False also where a link stands in its place, or above it. */
  exists(): boolean {
    return this.#exists
  }

  /** What lies at a path below; null where nothing does, or the way to it leads over anything but directories. */
  at(path: string): Inode | null {
    if (!this.#exists) return null
    for (let slash = path.indexOf('/'); slash !== -1; slash = path.indexOf('/', slash + 1))
      if (!this.#isDirectory(path.slice(0, slash))) return null
    return this.#lstat(path)
  }

  /** What lies at a path that a listing gave just now; null where it is gone. */
  below(path: string): Inode | null {
    return this.#lstat(path)
  }

  /** Everything below, a directory before what it holds. */
  *walk(): Generator<Found> {
    const pending = ['']
    for (let directory = pending.pop(); directory !== undefined; directory = pending.pop()) {
      for (const name of this.names(directory)) {
        const path = directory === '' ? name : `${directory}/${name}`
        const stats = this.#lstat(path)
        if (stats === null) continue
        yield { path, stats }
        if (stats.isDirectory()) pending.push(path)
      }
    }
  }

  /** The names in a directory; none where it cannot be listed, which is noted. */
  names(path: string): string[] {
    if (!this.#exists) return []
    try {
      return this.#reader.list(this.#absolute(path)).map(textOf)
    } catch (error) {
      const code = error instanceof Error && 'code' in error ? String(error.code) : String(error)
      this.problems.push(`${this.path}/${path} cannot be read (${code})`)
      return []
    }
  }

  /** The entry of the layer that lies at a path; a file with several names has its bytes at the first that was asked for. */
  entry(path: string, stats: Inode): LayerEntry {
    const kind = kindOf(stats)
    const link = stats.nlink > 1 && kind !== 'directory' ? `${stats.dev}:${stats.ino}` : null
    const isFurther = link !== null && this.#linked.has(link)
    if (link !== null) this.#linked.add(link)
    return {
      path,
      kind,
      contentBytes: isFurther || kind === 'directory' ? 0 : stats.size,
      diskBytes: isFurther ? 0 : stats.blocks * 512,
      link,
      mode: stats.mode & 0o7777,
      uid: stats.uid,
      gid: stats.gid,
    }
  }

  #absolute(path: string): string | Buffer {
    return fileName(path === '' ? this.#top : `${this.#top}/${path}`)
  }

  #lstat(path: string): Inode | null {
    try {
      return this.#reader.lstat(this.#absolute(path))
    } catch {
      return null
    }
  }

  #isDirectory(path: string): boolean {
    const known = this.#directories.get(path)
    if (known !== undefined) return known
    const is = this.#lstat(path)?.isDirectory() === true
    this.#directories.set(path, is)
    return is
  }
}
