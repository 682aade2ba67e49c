import type { Name } from './reader.ts'

/** An inode with several names. */
export interface LinkedInode {
  readonly sizeBytes: number
  readonly diskBytes: number
  /** The places that have a name of it: rows of directories, or indexes of claims. */
  readonly holders: Set<number>
}

/**
 * The directories of a tree as a walk found them, one row each, with the sums of what lies directly in it: plain
 * columns, which cost some 60 bytes a directory and cross a thread as they are.
 */
export class DirectorySums {
  /** A name in the parent; for a row without a parent, the path relative to the top. */
  readonly names: Name[] = []
  /** The row of the parent, always an earlier one; -1 where there is none. */
  readonly parents: number[] = []
  /** The blocks of the directory itself; -1 where another row counts it. */
  readonly ownDiskBytes: number[] = []
  /** Of the entries that are no directories and have one name: lengths, blocks and how many; -1 where none looked yet. */
  readonly contentBytes: number[] = []
  readonly diskBytes: number[] = []
  readonly files: number[] = []
  /** The inodes with several names, by device and number; their holders are rows. */
  readonly linked = new Map<string, LinkedInode>()

  add(parent: number, name: Name, ownDiskBytes: number): number {
    this.names.push(name)
    this.parents.push(parent)
    this.ownDiskBytes.push(ownDiskBytes)
    this.contentBytes.push(0)
    this.diskBytes.push(0)
    return this.files.push(-1) - 1
  }

  setEntries(row: number, contentBytes: number, diskBytes: number, files: number): void {
    this.contentBytes[row] = contentBytes
    this.diskBytes[row] = diskBytes
    this.files[row] = files
  }

  /** The sums as they cross a thread. */
  data(): DirectorySumsData {
    return {
      names: this.names,
      linked: this.linked,
      parents: Int32Array.from(this.parents),
      ownDiskBytes: Float64Array.from(this.ownDiskBytes),
      contentBytes: Float64Array.from(this.contentBytes),
      diskBytes: Float64Array.from(this.diskBytes),
      files: Int32Array.from(this.files),
    }
  }

  /** Adds what another walk of the same tree found, as it came out of its thread. */
  append(other: DirectorySumsData): void {
    const offset = this.names.length
    // Bytes come out of a thread as plain arrays of them.
    for (const name of other.names) this.names.push(typeof name === 'string' ? name : Buffer.from(name))
    for (const parent of other.parents) this.parents.push(parent === -1 ? -1 : parent + offset)
    for (const column of COLUMNS) for (const value of other[column]) this[column].push(value)
    for (const [key, { sizeBytes, diskBytes, holders }] of other.linked)
      for (const holder of holders) noteLinked(this.linked, key, { sizeBytes, diskBytes }, holder + offset)
  }
}

const COLUMNS = ['ownDiskBytes', 'contentBytes', 'diskBytes', 'files'] as const

/** What of the sums crosses a thread: the columns as arrays that need not be copied. */
export interface DirectorySumsData extends Pick<DirectorySums, 'names' | 'linked'> {
  readonly parents: Int32Array<ArrayBuffer>
  readonly ownDiskBytes: Float64Array<ArrayBuffer>
  readonly contentBytes: Float64Array<ArrayBuffer>
  readonly diskBytes: Float64Array<ArrayBuffer>
  readonly files: Int32Array<ArrayBuffer>
}

/** Remembers who holds an inode with several names; true where it was not known before. */
export function noteLinked(
  linked: Map<string, LinkedInode>,
  key: string,
  { sizeBytes, diskBytes }: { readonly sizeBytes: number; readonly diskBytes: number },
  holder: number,
): boolean {
  const known = linked.get(key)
  if (known === undefined) linked.set(key, { sizeBytes, diskBytes, holders: new Set([holder]) })
  else known.holders.add(holder)
  return known === undefined
}
