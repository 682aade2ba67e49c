import { expect, it } from 'vitest'
import { Source } from '../../src/layouts/source.ts'
import type { Finding } from '../../src/model/findings.ts'
import { reportProblems } from '../../src/scan/measure-problems.ts'
import type { MeasureProblem } from '../../src/scan/walk.ts'
import { LocalTree } from '../../src/tree/local.ts'

function findingsOf(problems: readonly MeasureProblem[]): Finding[] {
  const findings: Finding[] = []
  reportProblems(new Source(new LocalTree('/root'), '/root', findings, { onFile: () => true }), problems)
  return findings
}

it('asks for the rights of root only where those are missing', () => {
  const [denied, tooLong, broken] = findingsOf([
    { path: 'volumes/a', code: 'EACCES' },
    { path: `overlay2/${'long/'.repeat(1000)}`, code: 'ENAMETOOLONG' },
    { path: 'volumes/b', code: 'EIO' },
  ])
  expect(denied).toMatchObject({
    code: 'unreadable',
    message: 'volumes/a cannot be entered; what it holds is not in the measured sizes.',
    hint: expect.stringContaining('sudo'),
  })
  expect(tooLong).toMatchObject({ code: 'unreadable', hint: null })
  expect(tooLong?.message).toMatch(
    /^overlay2\/(long\/)+.*….* cannot be entered, as its path is longer than the 4096 bytes/,
  )
  expect(tooLong?.message.length).toBeLessThan(700)
  expect(broken).toMatchObject({ code: 'unreadable', hint: null })
  expect(broken?.message).toContain('(EIO)')
})

it('counts what vanished, and calls nothing of it unreadable', () => {
  expect(
    findingsOf([
      { path: 'a', code: 'ENOENT' },
      { path: 'b', code: 'ENOTDIR' },
    ]),
  ).toMatchObject([{ code: 'changed-during-scan', message: expect.stringMatching(/^2 entries vanished/) }])
})
