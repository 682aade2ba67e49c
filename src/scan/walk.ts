import { fileName } from '../formats/byte-name.ts'
import { DirectorySums, noteLinked } from './directory-sums.ts'
import { type Inode, type Name, type Reader, textOf } from './reader.ts'

/** An entry that could not be counted, or a directory that could not be entered. `path` is relative to the top. */
export interface MeasureProblem {
  readonly path: string
  /** As the system calls the reason; ENOENT and ENOTDIR where it vanished meanwhile. */
  readonly code: string
}

export const hasVanished = ({ code }: MeasureProblem): boolean => code === 'ENOENT' || code === 'ENOTDIR'

export interface MeasureEvents {
  /** Called now and then with the running sums. Returns false to stop the walk. */
  onProgress(inodes: number, diskBytes: number): boolean
}

const PROGRESS_EVERY = 2048
/** So many entries take a tenth of a millisecond or two: no directory is so large that the other thread waits for its end. */
const PAUSE_EVERY = 64

/** A directory that one walk hands to another; the path is relative to the top. */
export interface Handed {
  readonly path: Name
  readonly device: number
}

/**
 * One walk over directories, with the sums of each. It knows nothing of owners, so that it need not wait for their
 * records; several walks of one tree may be added up.
 */
export class Walk {
  readonly sums = new DirectorySums()
  readonly problems: MeasureProblem[] = []
  stopped = false
  entered = 0
  readonly #reader: Reader
  readonly #location: Name
  readonly #mounts: ReadonlySet<string> | null
  readonly #events: MeasureEvents
  /** The rows of the directories to enter. */
  readonly #pending: number[] = []
  /** The device of the tree, the only one that is entered where the kernel does not say what is mounted. */
  #device = 0
  /** The last directory that others were entered from: a path is put together from names. */
  #above: { readonly row: number; readonly path: Name } | null = null
  #inodes = 0
  #diskBytes = 0

  /** `mounts` is null where the kernel does not say what is mounted. */
  constructor(reader: Reader, location: string, mounts: ReadonlySet<string> | null, events: MeasureEvents) {
    this.#reader = reader
    this.#location = fileName(location)
    this.#mounts = mounts
    this.#events = events
  }

  /** Takes the whole tree; nothing where its top is no directory. */
  begin(): void {
    const top = this.#lstat(this.#location)
    if (typeof top === 'string' || !top.isDirectory()) return
    this.#count(top.blocks * 512)
    this.#device = top.dev
    this.#pending.push(this.sums.add(-1, '', top.blocks * 512))
  }

  /** Enters one directory; false where none is left, or the walk was stopped. `onPause` is called now and then meanwhile. */
  step(onPause: () => void = () => {}): boolean {
    const next = this.stopped ? undefined : this.#pending.pop()
    if (next === undefined) return false
    this.entered += 1
    this.#enter(next, onPause)
    return true
  }

  /** Hands over half of the directories that are still to be entered, the older and mostly larger ones. */
  hand(): Handed[] {
    return this.#pending
      .splice(0, Math.floor(this.#pending.length / 2))
      .map((row) => ({ path: this.#relative(this.#pathOf(row)), device: this.#device }))
  }

  /** Takes directories that another walk has counted and not entered. */
  take(handed: readonly Handed[]): void {
    for (const { path, device } of handed) {
      this.#device = device
      this.#pending.push(this.sums.add(-1, typeof path === 'string' ? path : Buffer.from(path), -1))
    }
  }

  /** Sums up the entries of one directory, and remembers the directories among them. */
  #enter(row: number, onPause: () => void): void {
    const directory = this.#pathOf(row)
    let contentBytes = 0
    let diskBytes = 0
    let files = 0
    let count = 0
    for (const name of this.#list(directory)) {
      if (++count % PAUSE_EVERY === 0) onPause()
      const path = joinName(directory, name)
      const inode = this.#lstat(path)
      if (typeof inode === 'string') {
        this.#note(path, inode)
        continue
      }
      const blockBytes = inode.blocks * 512
      if (inode.isDirectory()) {
        if (this.#isForeign(path, inode)) continue
        this.#pending.push(this.sums.add(row, name, blockBytes))
      } else if (inode.nlink > 1) {
        const held = { sizeBytes: inode.size, diskBytes: blockBytes }
        if (!noteLinked(this.sums.linked, `${inode.dev}:${inode.ino}`, held, row)) continue
      } else {
        contentBytes += inode.size
        diskBytes += blockBytes
        files += 1
      }
      this.#count(blockBytes)
      if (this.stopped) break
    }
    this.sums.setEntries(row, contentBytes, diskBytes, files)
  }

  #count(diskBytes: number): void {
    this.#inodes += 1
    this.#diskBytes += diskBytes
    if (this.#inodes % PROGRESS_EVERY === 0 && !this.#events.onProgress(this.#inodes, this.#diskBytes))
      this.stopped = true
  }

  /** A mount point. Subvolumes of btrfs have device numbers of their own and are no mount points. */
  #isForeign(path: Name, inode: Inode): boolean {
    if (this.#mounts === null) return inode.dev !== this.#device
    // The listing of mounts is read as UTF-8, other roots that are left out are not.
    return this.#mounts.has(String(path)) || (typeof path !== 'string' && this.#mounts.has(textOf(path)))
  }

  /** A string is the code of the reason why it cannot be looked at. */
  #lstat(path: Name): Inode | string {
    try {
      return this.#reader.lstat(path) ?? 'ENOENT'
    } catch (error) {
      return codeOf(error)
    }
  }

  #list(path: Name): readonly Name[] {
    try {
      return this.#reader.list(path)
    } catch (error) {
      this.#note(path, codeOf(error))
      return []
    }
  }

  #note(path: Name, code: string): void {
    this.problems.push({ path: textOf(this.#relative(path)), code })
  }

  /** The path of a row; mostly it is entered from the same directory as the one before, or from that one. */
  #pathOf(row: number): Name {
    const parent = this.sums.parentOf(row)
    if (parent === -1) {
      const name = fileName(this.sums.nameOf(row))
      return name.length === 0 ? this.#location : joinName(this.#location, name)
    }
    const names: Name[] = []
    let at = parent
    for (; at !== this.#above?.row && this.sums.parentOf(at) !== -1; at = this.sums.parentOf(at))
      names.push(fileName(this.sums.nameOf(at)))
    const from = at === this.#above?.row ? this.#above.path : this.#pathOf(at)
    const path = names.reduceRight<Name>(joinName, from)
    this.#above = { row: parent, path }
    return joinName(path, fileName(this.sums.nameOf(row)))
  }

  #relative(path: Name): Name {
    const from = Buffer.byteLength(this.#location) + 1
    return typeof path === 'string' ? path.slice(this.#location.length + 1) : path.subarray(from)
  }
}

const codeOf = (error: unknown): string =>
  error instanceof Error && 'code' in error ? String(error.code) : String(error)

const SLASH = Buffer.from('/')

/** The path of an entry of a directory. */
export function joinName(directory: Name, name: Name): Name {
  if (typeof directory === 'string' && typeof name === 'string') return `${directory}/${name}`
  return Buffer.concat([Buffer.from(directory), SLASH, Buffer.from(name)])
}
