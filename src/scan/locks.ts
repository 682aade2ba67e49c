import { type BigIntStats, lstatSync, readdirSync, readFileSync, statSync } from 'node:fs'
import { fileName } from '../formats/byte-name.ts'
import { deviceHolding } from './mounts.ts'

/** What the kernel says of locks and mounts; `proc` is where it says it of processes. */
export interface KernelLocks {
  readonly locks: string
  readonly mounts: string
  readonly proc: string
}

/** Which files are locked by any process, as the kernel lists them; asks without taking a lock. */
export class LockTable {
  readonly #kernel: KernelLocks | null
  /** `<device>:<inode>` → the processes that hold a lock there. */
  readonly #holders: ReadonlyMap<string, readonly string[]>

  /** Null stands for a kernel that does not say. */
  constructor(kernel: KernelLocks | null) {
    this.#kernel = kernel
    this.#holders = parseLocks(kernel?.locks ?? '')
  }

  static read(): LockTable {
    try {
      const [locks, mounts] = ['/proc/locks', '/proc/self/mountinfo'].map((path) =>
        readFileSync(path, 'utf8'),
      )
      return new LockTable({ locks: locks ?? '', mounts: mounts ?? '', proc: '/proc' })
    } catch {
      return new LockTable(null)
    }
  }

  /** Whether a process holds a lock on the file; null where that cannot be known, or the file is not there. */
  isLocked(path: string): boolean | null {
    if (this.#kernel === null) return null
    try {
      const stats = lstatSync(fileName(path), { bigint: true, throwIfNoEntry: false })
      if (stats === undefined) return null
      return (
        this.#holders.has(`${deviceName(stats.dev)}:${stats.ino}`) || this.#isLockedInSubvolume(path, stats)
      )
    } catch {
      return null
    }
  }

  /**
   * A subvolume of btrfs gives its files a device number of its own, and inode numbers that others have too; the kernel
   * lists locks by the number of the file system. So the files that the holder has open must tell.
   */
  #isLockedInSubvolume(path: string, stats: BigIntStats): boolean {
    if (this.#kernel === null) return false
    const { mounts, proc } = this.#kernel
    const [major, minor] = (deviceHolding(mounts, path) ?? '').split(':').map(Number)
    if (major === undefined || minor === undefined) return false
    const holders = this.#holders.get(`${hex(BigInt(major))}:${hex(BigInt(minor))}:${stats.ino}`) ?? []
    return holders.some((pid) => mayHaveOpen(`${proc}/${pid}/fd`, stats))
  }
}

/** Lines such as `1: FLOCK  ADVISORY  WRITE 812 fd:01:1835017 0 EOF`; waiting ones begin with `->`. */
function parseLocks(content: string): Map<string, string[]> {
  const holders = new Map<string, string[]>()
  for (const line of content.split('\n')) {
    const [, pid, place] = /\s(-?\d+)\s([0-9a-f]+:[0-9a-f]+:\d+)\s/.exec(line) ?? []
    if (pid === undefined || place === undefined || line.includes('->')) continue
    holders.set(place, [...(holders.get(place) ?? []), pid])
  }
  return holders
}

/** Whether a file is among the open ones of a process; true where they cannot be seen, so too where it has just ended. */
function mayHaveOpen(descriptors: string, file: BigIntStats): boolean {
  try {
    return readdirSync(descriptors).some((descriptor) => {
      const stats = statSync(`${descriptors}/${descriptor}`, { bigint: true, throwIfNoEntry: false })
      return stats?.dev === file.dev && stats.ino === file.ino
    })
  } catch {
    return true
  }
}

/** The kernel's name of a device number: major and minor in hex, two digits at least. */
function deviceName(device: bigint): string {
  const major = ((device >> 8n) & 0xfffn) | ((device >> 32n) & ~0xfffn)
  const minor = (device & 0xffn) | ((device >> 12n) & ~0xffn)
  return `${hex(major)}:${hex(minor)}`
}

const hex = (part: bigint): string => part.toString(16).padStart(2, '0')
