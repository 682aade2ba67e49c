import { execFileSync } from 'node:child_process'
import fc from 'fast-check'
import { expect, it } from 'vitest'
import { shellWord } from '../../src/analysis/shell-word.ts'
import { bytesOfName, nameOfBytes } from '../../src/formats/byte-name.ts'

/** What a shell takes the words for. */
function words(...texts: readonly string[]): Buffer {
  const script = `printf '%s\\0' ${texts.map(shellWord).join(' ')}`
  return execFileSync('bash', ['--norc', '-c', script], { env: { LC_ALL: 'C' } })
}

const joined = (texts: readonly string[]): Buffer =>
  Buffer.concat(texts.flatMap((text) => [bytesOfName(text), Buffer.from([0])]))

it('comes out of a shell as the very same bytes', () => {
  const named = fc
    .uint8Array({ minLength: 1, maxLength: 30 })
    .map((bytes) => nameOfBytes(Buffer.from(bytes.filter((byte) => byte !== 0))))
  fc.assert(
    fc.property(fc.array(named, { minLength: 1, maxLength: 20 }), (texts) => {
      expect(words(...texts)).toEqual(joined(texts))
    }),
    { numRuns: 30 },
  )
})

it('is quoted no more than it has to be', () => {
  expect(shellWord('app:1')).toBe('app:1')
  expect(shellWord('with blank')).toBe("'with blank'")
  expect(shellWord("it's")).toBe("'it'\\''s'")
  expect(shellWord('größe')).toBe("'größe'")
})

it('has nothing in it that a terminal obeys or hides', () => {
  expect(shellWord('a\udcffb')).toBe("$'a\\xffb'")
  expect(shellWord("\u001b[2J'\\")).toBe("$'\\x1b[2J\\'\\\\'")
  expect(shellWord('\u202e')).toBe("$'\\xe2\\x80\\xae'")
})
