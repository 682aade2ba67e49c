import { writeSync } from 'node:fs'

/** A terminal behind a slow line may refuse bytes for a moment; longer than this we do not wait for it. */
const LONGEST_WAIT_MS = 200
const RETRY_AFTER_MS = 2

/** Writes a text to a file descriptor before it returns, as far as the other side takes it; never throws. */
export function writeAllSync(fd: number, text: string): void {
  const bytes = Buffer.from(text)
  const giveUpAtMs = performance.now() + LONGEST_WAIT_MS
  let written = 0
  while (written < bytes.length) {
    try {
      written += writeSync(fd, bytes, written)
    } catch (error) {
      // EAGAIN comes from a descriptor that does not block; after any other error nobody is there to read.
      if (errorCode(error) !== 'EAGAIN' || performance.now() > giveUpAtMs) return
      Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0, RETRY_AFTER_MS)
    }
  }
}

/** The system's name of an error ("EPIPE"), or '' when it has none. */
export function errorCode(error: unknown): string {
  if (typeof error !== 'object' || error === null || !('code' in error)) return ''
  return typeof error.code === 'string' ? error.code : ''
}
