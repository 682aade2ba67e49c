import { bytesOfName } from '../formats/byte-name.ts'
import type { Ahead, Expected } from './read-ahead.ts'

export type EntryKind = 'file' | 'directory' | 'symlink' | 'fifo' | 'socket' | 'device' | 'unknown'

export interface Entry {
  /** Bytes that are not UTF-8 stand in it as formats/byte-name.ts says, and are found again in every path made of it. */
  readonly name: string
  readonly kind: EntryKind
}

export interface Stat {
  readonly kind: EntryKind
  readonly sizeBytes: number
  /** Allocated bytes; null where the source (an archive) does not record them. */
  readonly diskBytes: number | null
  readonly modifiedMs: number
  readonly changedMs: number
}

export type TreeErrorCode =
  | 'missing'
  | 'not-regular'
  | 'not-directory'
  | 'symlink'
  | 'denied'
  | 'too-large'
  | 'changed'
  | 'io'

/** Why a path of a tree could not be served; `message` is a sentence fragment that follows the path. */
export class TreeError extends Error {
  readonly code: TreeErrorCode
  readonly path: string

  constructor(code: TreeErrorCode, path: string, message: string) {
    super(message)
    this.name = 'TreeError'
    this.code = code
    this.path = path
  }
}

/**
 * Where bytes come from. Paths are relative to the tree's top, with `/` between components and no `.` or `..`;
 * the empty path is the top. No member follows a symbolic link, not even in the middle of a path.
 */
export interface Tree {
  /** What stands for the tree in messages: the absolute path of a directory, or an archive's name. */
  readonly location: string
  /** The entries of a directory in byte order of their names. Throws TreeError. */
  list(path: string): Entry[]
  /** What lies at the path, without following it; null where nothing does. Throws TreeError for other reasons. */
  stat(path: string): Stat | null
  /** The content of a regular file of at most `limitBytes`. Throws TreeError. */
  read(path: string, limitBytes: number): Buffer
  /** The same as UTF-8 text; malformed sequences become U+FFFD. */
  readText(path: string, limitBytes: number): string
  /** The first bytes of a regular file, at most `lengthBytes` of them. Throws TreeError. */
  readStart(path: string, lengthBytes: number): Buffer
  /** The target of a symbolic link as it stands there. Throws TreeError. */
  readlink(path: string): string
  /**
   * Says what will be read later, in the order in which it will be. A tree that can begins with it meanwhile, and serves
   * it as it was then, until something behind it was asked for, or it is told that nothing is expected any more (null).
   */
  expect?(expected: readonly Expected[] | null): void
  /** The texts of files of one directory that were expected; null where they were not. */
  textsAhead?(directory: string, files: readonly string[]): readonly Ahead[] | null
  /** The length of a regular file whose length was expected; null where it was not, or was not seen. */
  lengthAhead?(directory: string, file: string): number | null
}

/** The byte order of two names. That of UTF-16 differs only where surrogates take part. */
export function compareNames(a: string, b: string): number {
  if (a === b) return 0
  if (/[\ud800-\udfff]/.test(a) || /[\ud800-\udfff]/.test(b))
    return Buffer.compare(bytesOfName(a), bytesOfName(b))
  return a < b ? -1 : 1
}
