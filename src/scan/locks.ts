import { lstatSync, readFileSync } from 'node:fs'

/** Which files are locked by any process, as the kernel lists them; asks without taking a lock. */
export class LockTable {
  readonly #locked: ReadonlySet<string> | null

  /** Null stands for a kernel that does not say. */
  constructor(content: string | null) {
    this.#locked = content === null ? null : parseLocks(content)
  }

  static read(): LockTable {
    try {
      return new LockTable(readFileSync('/proc/locks', 'utf8'))
    } catch {
      return new LockTable(null)
    }
  }

  /** Whether a process holds a lock on the file; null where that cannot be known, or the file is not there. */
  isLocked(path: string): boolean | null {
    if (this.#locked === null) return null
    try {
      const stats = lstatSync(path, { bigint: true, throwIfNoEntry: false })
      return stats === undefined ? null : this.#locked.has(`${deviceName(stats.dev)}:${stats.ino}`)
    } catch {
      return null
    }
  }
}

/** Lines such as `1: FLOCK  ADVISORY  WRITE 812 fd:01:1835017 0 EOF`; waiting ones begin with `->`. */
function parseLocks(content: string): Set<string> {
  const locked = new Set<string>()
  for (const line of content.split('\n')) {
    const place = /\s([0-9a-f]+:[0-9a-f]+:\d+)\s/.exec(line)?.[1]
    if (place !== undefined && !line.includes('->')) locked.add(place)
  }
  return locked
}

/** The kernel's name of a device number: major and minor in hex, two digits at least. */
function deviceName(device: bigint): string {
  const major = ((device >> 8n) & 0xfffn) | ((device >> 32n) & ~0xfffn)
  const minor = (device & 0xffn) | ((device >> 12n) & ~0xffn)
  return [major, minor].map((part) => part.toString(16).padStart(2, '0')).join(':')
}
