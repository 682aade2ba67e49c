import { writeSync } from 'node:fs'

/** Writes all of a text to stdout, nothing for an empty one. A reader that has gone away (`| head`) ends the program quietly. */
export function print(text: string): void {
  if (text === '') return
  const bytes = Buffer.from(text.endsWith('\n') ? text : `${text}\n`)
  for (let written = 0; written < bytes.length; ) {
    try {
      written += writeSync(1, bytes, written)
    } catch (error) {
      const code = error instanceof Error && 'code' in error ? error.code : ''
      if (code === 'EPIPE') process.exit(0)
      // A pipe that node made non-blocking is full: its reader is slow.
      if (code !== 'EAGAIN') throw error
      Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0, 5)
    }
  }
}
