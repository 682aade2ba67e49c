import { constants } from 'node:fs'

// O_NONBLOCK: should a fifo take a file's place between lstat and open, the open must not hang.
const PLAIN = constants.O_RDONLY | constants.O_NOFOLLOW | constants.O_NONBLOCK
const QUIET = PLAIN | (constants.O_NOATIME ?? 0)

/**
 * Opens a file to read it, without setting its time of last access where that may be left: root may for every file, others
 * for their own (open(2), O_NOATIME). `open` is called with the flags, and again with others where those are refused.
 */
export function openToRead<T>(open: (flags: number) => T): T {
  try {
    return open(QUIET)
  } catch (error) {
    const isRefused = error instanceof Error && 'code' in error && error.code === 'EPERM'
    if (!isRefused || QUIET === PLAIN) throw error
    return open(PLAIN)
  }
}
