import { readFileSync } from 'node:fs'
import { nameOfBytes } from '../formats/byte-name.ts'

const REPLACEMENT = '\uFFFD'

/**
 * The words of the command line with the bytes that are not UTF-8 as formats/byte-name.ts says: Node has put a
 * replacement character in their place. `argv` is that of the process; `file` is where the kernel keeps the bytes.
 */
export function withBytes(argv: readonly string[], file = '/proc/self/cmdline'): readonly string[] {
  if (!argv.some((word) => word.includes(REPLACEMENT))) return argv
  const words = wordsIn(file).slice(-argv.length)
  // Node's own options stand before the program.
  return argv.map((word, index) => {
    const bytes = words[index]
    return bytes?.toString('utf8') === word ? nameOfBytes(bytes) : word
  })
}

/** Each word ends in a NUL. */
function wordsIn(file: string): Buffer[] {
  try {
    const text = readFileSync(file, 'latin1')
    return text
      .split('\0')
      .slice(0, -1)
      .map((word) => Buffer.from(word, 'latin1'))
  } catch {
    return []
  }
}
