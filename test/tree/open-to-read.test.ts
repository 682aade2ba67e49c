import { constants } from 'node:fs'
import { expect, it } from 'vitest'
import { openToRead } from '../../src/tree/open-to-read.ts'

const refusal = (code: string): Error => Object.assign(new Error(code), { code })

/** The flags of each attempt, and what came of them. */
function attempts(answers: readonly (Error | string)[]) {
  const flags: number[] = []
  const open = (): string =>
    openToRead((with_) => {
      const answer = answers[flags.length] ?? ''
      flags.push(with_)
      if (answer instanceof Error) throw answer
      return answer
    })
  return { open, flags }
}

it('leaves the time of last access where it may, and opens the file as others do where it may not', () => {
  const allowed = attempts(['opened'])
  expect(allowed.open()).toBe('opened')
  const refused = attempts([refusal('EPERM'), 'opened'])
  expect(refused.open()).toBe('opened')
  const hasQuietly = (flags: number): boolean => (flags & constants.O_NOATIME) !== 0
  expect([...allowed.flags, ...refused.flags].map(hasQuietly)).toEqual([true, true, false])
  for (const each of [...allowed.flags, ...refused.flags]) expect(each & constants.O_NOFOLLOW).not.toBe(0)
})

it('tries nothing again that fails for another reason', () => {
  for (const code of ['EACCES', 'ELOOP', 'ENOENT']) {
    const { open, flags } = attempts([refusal(code)])
    expect(open).toThrow(code)
    expect(flags).toHaveLength(1)
  }
})
