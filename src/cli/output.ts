import { writeSync } from 'node:fs'
import { whyUnwritten } from '../report/unwritten.ts'
import { EXIT } from './exit.ts'

const CHUNK_CHARACTERS = 64 * 1024

/**
 * Writes all of a text, or of its pieces, with a newline behind it; nothing for an empty text. A reader of stdout that
 * has gone away (`| head`) ends the program quietly, a full disk behind it with a sentence. Throws for other files.
 */
export function print(text: string | Iterable<string>, file = 1): void {
  if (text === '') return
  let pending = ''
  let last = ''
  for (const piece of typeof text === 'string' ? [text] : text) {
    pending += piece
    last = piece
    if (pending.length < CHUNK_CHARACTERS) continue
    writeAll(file, pending)
    pending = ''
  }
  writeAll(file, last.endsWith('\n') ? pending : `${pending}\n`)
}

function writeAll(file: number, text: string): void {
  const bytes = Buffer.from(text)
  for (let written = 0; written < bytes.length; ) {
    try {
      written += writeSync(file, bytes, written)
    } catch (error) {
      const code = error instanceof Error && 'code' in error ? error.code : ''
      // A pipe that Node made non-blocking is full: its reader is slow.
      if (code !== 'EAGAIN') {
        if (file === 1) endUnwritten(error)
        throw error
      }
      Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0, 5)
    }
  }
}

function endUnwritten(error: unknown): never {
  const reason = whyUnwritten(error)
  if (reason === null) process.exit(EXIT.complete)
  process.stderr.write(`layerscope: ${reason}\n`)
  process.exit(EXIT.failed)
}
