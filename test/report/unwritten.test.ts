import { openSync } from 'node:fs'
import { expect, it } from 'vitest'
import { describeSystemError, whyUnwritten } from '../../src/report/unwritten.ts'

const systemError = (code: string, words: string): Error =>
  Object.assign(new Error(`${code}: ${words}, write`), { code })

it('says why an output could not be written, in the words of the system', () => {
  expect(whyUnwritten(systemError('EIO', 'i/o error'))).toBe(
    'The output could not be written: i/o error (EIO).',
  )
})

it('says nothing of a reader that has gone away', () => {
  expect(whyUnwritten(systemError('EPIPE', 'broken pipe'))).toBeNull()
})

it('leaves out the call and the path, which stand in the sentence already', () => {
  const open = (): number => openSync('/nonexistent/a, b', 'r')
  expect(open).toThrow(/ENOENT/)
  try {
    open()
  } catch (error) {
    expect(describeSystemError(error)).toBe('no such file or directory (ENOENT)')
  }
  expect(describeSystemError(new Error('something else'))).toBe('something else')
})
