import { closeSync, constants, existsSync, openSync } from 'node:fs'

/** The longest path that a system call takes (`PATH_MAX` less the NUL); a file system holds deeper ones. */
const LONGEST_BYTES = 4095
/** A path of so few UTF-16 units is not longer in UTF-8. */
const SHORT_UNITS = Math.floor(LONGEST_BYTES / 3)
const ROOM_FOR_PREFIX = 64
const SLASH = 0x2f

// O_PATH, which Node does not name: the directory can be passed through and nothing else (open(2)).
const PASS = process.platform === 'linux' ? 0o10000000 : 0
const TO_PASS = PASS | constants.O_RDONLY | constants.O_DIRECTORY | constants.O_NOFOLLOW

/**
 * Calls a function of the file system with a path, however long that is. Where it is longer than the system takes, its
 * directories are opened part by part, and the function gets what is left behind `/proc/self/fd/`. Throws ENAMETOOLONG
 * where there is no `/proc`.
 */
export function atPath<T>(path: string | Buffer, use: (path: string | Buffer) => T): T {
  if (path.length <= SHORT_UNITS) return use(path)
  const bytes = typeof path === 'string' ? Buffer.from(path) : path
  return bytes.length <= LONGEST_BYTES ? use(path) : atLongPath(bytes, use)
}

function atLongPath<T>(path: Buffer, use: (path: Buffer) => T): T {
  let directory: number | null = null
  let prefix = Buffer.alloc(0)
  let rest = path
  try {
    while (prefix.length + rest.length > LONGEST_BYTES) {
      const cut = rest.lastIndexOf(SLASH, LONGEST_BYTES - ROOM_FOR_PREFIX)
      if (cut <= 0) throw tooLong()
      const next = openSync(Buffer.concat([prefix, rest.subarray(0, cut)]), TO_PASS)
      if (directory !== null) closeSync(directory)
      directory = next
      if (!existsSync(`/proc/self/fd/${next}`)) throw tooLong()
      prefix = Buffer.from(`/proc/self/fd/${next}/`)
      rest = rest.subarray(cut + 1)
    }
    return use(Buffer.concat([prefix, rest]))
  } finally {
    if (directory !== null) closeSync(directory)
  }
}

const tooLong = (): Error => Object.assign(new Error('the path is too long'), { code: 'ENAMETOOLONG' })
