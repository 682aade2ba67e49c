import { writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { expect, it } from 'vitest'
import { withBytes } from '../../src/cli/byte-arguments.ts'
import { scratch } from '../tree/scratch.ts'

/** A file as the kernel keeps a command line. */
function commandLine(...words: readonly string[]): string {
  const file = join(scratch(), 'cmdline')
  writeFileSync(file, Buffer.from(words.map((word) => `${word}\0`).join(''), 'latin1'))
  return file
}

it('gives the bytes back that Node could not decode, whatever options of its own stand before', () => {
  const file = commandLine('node', '--no-warnings', 'layerscope', 'why', 'caf\xe9', 'plain')
  expect(withBytes(['/usr/bin/node', '/bin/layerscope', 'why', 'caf\uFFFD', 'plain'], file)).toEqual([
    ...['/usr/bin/node', '/bin/layerscope', 'why', 'caf\udce9', 'plain'],
  ])
})

it('leaves the words as they are where all is UTF-8, or the kernel says something else', () => {
  const words = ['node', 'layerscope', 'größe']
  expect(withBytes(words, '/nonexistent')).toBe(words)
  const odd = ['node', 'layerscope', 'a\uFFFD']
  expect(withBytes(odd, '/nonexistent')).toEqual(odd)
  expect(withBytes(odd, commandLine('node', 'layerscope', 'b\xff'))).toEqual(odd)
})
