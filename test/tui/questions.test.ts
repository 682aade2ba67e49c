import { beforeAll, describe, expect, test } from 'vitest'
import { createCatalog } from '../../src/analysis/catalog.ts'
import type { Report } from '../../src/report/schema.ts'
import { scan } from '../../src/scan/scan.ts'
import { answerQuestion } from '../../src/tui/answers/answer.ts'
import { createScanned, type Scanned } from '../../src/tui/answers/scanned.ts'
import { questionKey, type Reply } from '../../src/tui/questions.ts'
import { fixtureRoot } from '../support/fixtures.ts'
import { type Journey, open, start } from './support/journey.ts'
import { reportOf } from './support/reports.ts'

let report: Report
beforeAll(() => {
  report = reportOf(['overlay2-buildkit'])
})

const WAYS: Reply = {
  kind: 'answer',
  question: { kind: 'ways' },
  outcome: {
    ok: true,
    answer: [
      {
        root: '/data',
        ways: [{ command: 'docker image prune', freedDisk: 12_000_000, warning: null, says: 11_000_000 }],
      },
    ],
  },
}

const done = (journey: Journey): Journey =>
  journey.scan({ kind: 'done', report, exact: true, wasStopped: false })

describe('what a page has to ask the scan thread', () => {
  test('is asked once while the page is on screen, and shown when it is there', () => {
    const opened = open(report).press('w')
    expect(opened.screen).toContain('Being looked up')
    const later = opened.press('j', 'k', 'esc', 'w')
    expect(later.questions).toEqual([{ kind: 'ways' }])
    const answered = later.answer(WAYS)
    expect(answered.screen).toContain('docker image prune')
    expect(answered.screen).toContain('12MB')
    expect(answered.press('esc').screen).toMatch(/12MB {2}docker image prune +dangling images/)
    expect(answered.press('esc', 'w').questions).toHaveLength(1)
  })

  test('is not asked for a page that nobody looks at', () => {
    const elsewhere = done(start().scan({ kind: 'recorded', report }).press('2'))
    expect(elsewhere.questions).toEqual([])
    expect(elsewhere.press('w').questions).toHaveLength(1)
  })

  test('waits for the scan, and says so', () => {
    const reading = start().scan({ kind: 'recorded', report }).press('w')
    expect(reading.questions).toEqual([])
    expect(reading.screen).toContain('Known when everything is read and measured.')
    expect(done(reading).questions).toEqual([{ kind: 'ways' }])
  })

  test('is asked anew of a new report, and the older answer is not shown with it', () => {
    const again = done(open(report).answer(WAYS).press('w', 'r'))
    expect(again.screen).toContain('Being looked up')
    expect(again.questions).toHaveLength(2)
    expect(again.answer(WAYS).screen).toContain('docker image prune')
  })

  test('stays while the same report is on screen, also when the next scan is stopped', () => {
    const reading = open(report).answer(WAYS).press('w', 'r')
    expect(reading.screen).toContain('docker image prune')
    const stopped = reading.scan({ kind: 'done', report, exact: true, wasStopped: true })
    expect(stopped.screen).toContain('docker image prune')
    expect(stopped.questions).toHaveLength(1)
  })

  test('is asked again of the new thread where the old one ended before it answered', () => {
    const stopped = open(report).press('w', 'r').scan({ kind: 'done', report, exact: true, wasStopped: true })
    expect(stopped.questions).toHaveLength(2)
  })

  test('may fail: the page says why', () => {
    const failed = open(report)
      .press('w')
      .answer({ kind: 'answer', question: { kind: 'ways' }, outcome: { ok: false, message: 'It is gone.' } })
    expect(failed.screen).toContain('It is gone.')
    expect(failed.press('esc').screen).toContain('What frees space  It is gone.')
  })

  test('an answer that nobody waits for changes nothing', () => {
    const reading = start().scan({ kind: 'recorded', report })
    expect(reading.answer(WAYS).state.replies.size).toBe(0)
  })
})

describe('the scan thread', () => {
  test('answers from what it has read', () => {
    const { model, surveys } = scan([fixtureRoot('overlay2-buildkit')], { measure: true })
    const { question, outcome } = answerQuestion(createScanned(createCatalog(model, surveys)), {
      kind: 'ways',
    })
    expect(question).toEqual({ kind: 'ways' })
    expect(outcome).toMatchObject({ ok: true, answer: [{ ways: expect.any(Array) }] })
  })

  test('an exception on the way to an answer is what it answers', () => {
    const { model, surveys } = scan([fixtureRoot('overlay2-buildkit')], { measure: false })
    const broken: Scanned = {
      ...createScanned(createCatalog(model, surveys)),
      simulatorOf: () => {
        throw new Error('no such thing')
      },
    }
    expect(answerQuestion(broken, { kind: 'ways' }).outcome).toEqual({
      ok: false,
      message: 'This could not be found out: no such thing.',
    })
  })

  test('two questions that ask the same are one, whatever the order of their parts', () => {
    const one = { kind: 'ways', a: { x: 1, y: [2] } } as const
    const other = { a: { y: [2], x: 1 }, kind: 'ways' } as const
    expect(questionKey(one)).toBe(questionKey(other))
    expect(questionKey(one)).not.toBe(questionKey({ kind: 'ways' }))
  })
})
