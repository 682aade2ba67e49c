import { nameOfBytes } from '../../formats/byte-name.ts'
import type { TarHeader } from '../../formats/tar-header.ts'
import { readTarSplit, TarSplitError, type TarSplitFile, withTarHeaders } from '../../formats/tar-split.ts'
import type { LayerEntry, LayerEntryKind, LayerListing } from '../../model/layer-files.ts'
import { type Tree, TreeError } from '../../tree/tree.ts'
import type { DirectoryReader } from '../directory-reader.ts'
import { whiteoutOf } from './whiteout.ts'

const LIST_LIMIT_BYTES = 256 * 1024 * 1024

/** Far more than a file system takes in one name; only a crafted list has longer ones. */
const LONGEST_NAME_BYTES = 16 * 1024

const KINDS: Readonly<Partial<Record<TarHeader['type'], LayerEntryKind>>> = {
  file: 'file',
  sparse: 'file',
  hardlink: 'file',
  dir: 'directory',
  symlink: 'symlink',
  char: 'device',
  block: 'device',
  fifo: 'fifo',
}

/**
 * The files of a layer as the list of its tar entries has them; names, lengths and marks are exact whatever became of
 * the directory since, and the disk bytes are those of the files there. Null, with a sentence, where there is no list
 * or it is damaged.
 */
export function listTarSplit(
  tree: Tree,
  list: string,
  directory: DirectoryReader | null,
  problems: string[],
): LayerListing | null {
  const reader = new ListReader(directory)
  try {
    for (const { file, header } of withTarHeaders(readTarSplit(tree.read(list, LIST_LIMIT_BYTES))))
      reader.take(file, header)
  } catch (error) {
    if (error instanceof TreeError && error.code === 'missing') return null
    if (!(error instanceof TreeError) && !(error instanceof TarSplitError)) throw error
    // A tree's message goes on from the path, a stream's is a clause of its own.
    const problem = error instanceof TarSplitError ? `cannot be used: ${error.message}` : error.message
    problems.push(`The list of files ${list} ${problem}; the directory was read instead`)
    return null
  }
  const { entries, whiteouts, opaque, leftOut } = reader
  if (leftOut > 0) problems.push(`${leftOut} names of ${list} are no paths of a layer and were left out`)
  return { source: 'tar-split', path: list, entries, whiteouts, opaque, opaqueKnown: true, problems }
}

class ListReader {
  readonly entries: LayerEntry[] = []
  readonly whiteouts: string[] = []
  readonly opaque: string[] = []
  leftOut = 0
  readonly #directory: DirectoryReader | null
  /** By path, for the links to it; a tar names a file before the links. */
  readonly #indexes = new Map<string, number>()

  constructor(directory: DirectoryReader | null) {
    this.#directory = directory
  }

  take(file: TarSplitFile, header: TarHeader | null): void {
    const path = plainPath(file.name)
    if (path === '') return
    if (path === null) {
      this.leftOut++
      return
    }
    const mark = whiteoutOf(path)
    if (mark === null) this.#add(path, file, header)
    else if (mark.kind === 'removes') this.whiteouts.push(mark.path)
    else if (mark.kind === 'opaque') this.opaque.push(mark.path)
  }

  #add(path: string, file: TarSplitFile, header: TarHeader | null): void {
    const seen = this.#directory?.at(path) ?? null
    const isLink = header?.type === 'hardlink'
    this.#indexes.set(path, this.entries.length)
    this.entries.push({
      path,
      kind: header === null ? 'unknown' : (KINDS[header.type] ?? 'unknown'),
      contentBytes: file.size,
      diskBytes: isLink ? 0 : seen === null ? null : seen.blocks * 512,
      link: isLink ? this.#linkTo(header.linkName) : null,
      mode: header?.mode ?? null,
      uid: header?.uid ?? null,
      gid: header?.gid ?? null,
    })
  }

  /** Marks the file that a hard link names as one with several names. */
  #linkTo(target: Buffer): string | null {
    const path = plainPath(target)
    const index = path === null ? undefined : this.#indexes.get(path)
    const entry = index === undefined ? undefined : this.entries[index]
    if (index === undefined || entry === undefined) return null
    const link = entry.link ?? entry.path
    this.entries[index] = { ...entry, link }
    return link
  }
}

/** A tar's name as a path of the layer, empty for its top; null for one that climbs or is longer than any. */
function plainPath(name: Buffer): string | null {
  if (name.length > LONGEST_NAME_BYTES) return null
  const parts = nameOfBytes(name)
    .split('/')
    .filter((part) => part !== '' && part !== '.')
  return parts.includes('..') ? null : parts.join('/')
}
