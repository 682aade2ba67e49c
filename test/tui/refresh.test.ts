import { beforeAll, describe, expect, test } from 'vitest'
import type { Report } from '../../src/report/schema.ts'
import { type Journey, start } from './support/journey.ts'
import { recordedReportOf, reportOf } from './support/reports.ts'

let recorded: Report
let measured: Report
beforeAll(() => {
  recorded = recordedReportOf(['overlay2-buildkit'])
  measured = reportOf(['overlay2-buildkit'])
})

const measuring = (): Journey =>
  start().scan({ kind: 'recorded', report: recorded }).scan({
    kind: 'progress',
    phase: 'measuring',
    root: '/data',
    files: 1234,
    diskBytes: 5_000_000,
    filesPerSecond: 600,
  })
const finish = (journey: Journey, wasStopped = false): Journey =>
  journey.scan({ kind: 'done', report: wasStopped ? recorded : measured, exact: true, wasStopped })

describe('while the scan runs', () => {
  test('the recorded facts are there to look at, and the status line tells how far it is', () => {
    const journey = measuring()
    expect(journey.screen).toContain('Measuring: 1234 inodes, 5MB, 600/s')
    expect(journey.screen).toContain('Being measured now')
    expect(journey.press('2').screen).toContain('shop:1')
    expect(finish(journey).screen).not.toContain('Measuring')
  })

  test('sizes on disk that nobody knows yet are no column of dashes', () => {
    expect(measuring().press('2').rows[1]).not.toContain('DISK')
    expect(finish(measuring()).press('2').rows[1]).toContain('DISK')
  })

  test('the selected row stays selected when the measured sizes reorder the list', () => {
    const before = measuring().press('4', 'j', 'j', 'j')
    const [name = ''] = before.selected.split(' ')
    const after = finish(before)
    expect(after.selected.startsWith(`${name} `)).toBe(true)
  })

  test('who has not moved stays at the top', () => {
    const after = finish(measuring().press('4'))
    expect(after.rows[2]).toBe(`▸ ${after.selected}`)
  })

  test('an open page, its selected line and its scroll survive', () => {
    const before = measuring().press('2').type('/shop:2').press('enter', 'enter', 'j', 'j')
    const after = finish(before)
    expect(after.state.opened).toEqual(before.state.opened)
    expect(after.selected.slice(-20)).toBe(before.selected.slice(-20))
  })

  test('a folded forest stays folded', () => {
    const folded = measuring().press('3', 'j', 'h')
    expect(finish(folded).screen).toContain('above')
  })
})

describe('stopping and reading again', () => {
  test('Esc stops the measuring and keeps what is there', () => {
    const asked = measuring().press('esc')
    expect(asked.effects).toEqual([{ kind: 'stop-scan' }])
    expect(asked.screen).toContain('Stopping')
    const stopped = finish(asked, true)
    expect(stopped.screen).toContain('Measuring was stopped')
    expect(stopped.press('2').screen).toContain('shop:1')
  })

  test('Esc goes back first where there is somewhere to go back to', () => {
    const opened = measuring().press('2', 'enter')
    expect(opened.press('esc').effects).toEqual([])
    expect(opened.press('esc', 'esc').effects).toEqual([{ kind: 'stop-scan' }])
  })

  describe('before everything is read', () => {
    const cutOff = (): Report => ({
      ...recorded,
      images: [],
      containers: [],
      volumes: [],
      cacheRecords: [],
      engineView: null,
      engineViews: [],
      complete: false,
    })
    const stopped = (): Journey =>
      start({ columns: 80, rows: 30 }).press('esc').scan({ kind: 'stopped-reading', report: cutOff() })

    test('what was not read is unknown, and nowhere 0 or none', () => {
      const overview = stopped().screen
      expect(overview).toContain('Reading was stopped')
      expect(overview).toMatch(/images +not known/)
      expect(overview).toMatch(/\d+ layers +and what was not read/)
      for (const sum of ['docker system df', 'Where the space is', 'What frees space', ' 0B'])
        expect(overview).not.toContain(sum)
      for (const [key, kind] of [
        ['2', 'images'],
        ['4', 'containers'],
        ['5', 'volumes'],
        ['6', 'cache records'],
      ] as const)
        expect(stopped().press(key).screen.replace(/\s+/g, ' ')).toContain(
          `Reading was stopped before any ${kind} were read`,
        )
    })

    test('what was read is there, with a word that it is not all', () => {
      const layers = stopped().press('3')
      expect(layers.selected).not.toBe('')
      expect(layers.screen).toContain('Reading was stopped: not all is here.')
    })

    test('nothing is summed up over half of the records', () => {
      const plan = stopped().press('w')
      expect(plan.questions).toEqual([])
      expect(plan.screen).toContain('Not known: reading was stopped before everything was read.')
    })

    test('what was read whole before is better than half, and r reads it all', () => {
      const before = finish(measuring()).press('r', 'esc').scan({ kind: 'stopped-reading', report: cutOff() })
      expect(before.screen).toContain('Stopped; what is shown is from before.')
      expect(before.press('2').screen).toContain('shop:1')
      expect(finish(stopped().press('r')).screen).not.toContain('Reading was stopped')
    })
  })

  test('Ctrl-C stops the measuring, the second one quits', () => {
    expect(measuring().press('ctrl-c', 'ctrl-c').effects).toEqual([{ kind: 'stop-scan' }, { kind: 'quit' }])
    expect(finish(measuring()).press('ctrl-c').effects).toEqual([{ kind: 'quit' }])
  })

  test('r reads again and keeps view, selection, order and filter', () => {
    const before = finish(measuring()).press('2').type('/:').press('enter', 's', 'j', 'j', 'r')
    expect(before.effects).toEqual([{ kind: 'scan' }])
    const again = finish(before.scan({ kind: 'recorded', report: recordedReportOf(['overlay2-buildkit']) }))
    expect(again.selected).toBe(before.selected)
    expect(again.screen).toContain('filter :')
    expect(again.screen).toContain('by freed')
  })

  test('measured sizes stay on screen until there are new ones', () => {
    const again = finish(measuring()).press('4', 'r').scan({ kind: 'recorded', report: recorded })
    expect(again.rows[1]).toContain('DISK')
  })

  test('an object that is gone gives way to its neighbour, and its page says so', () => {
    const selected = finish(measuring()).press('5', 'j')
    const gone = {
      ...measured,
      volumes: measured.volumes.filter(({ name }) => !selected.selected.startsWith(name.slice(0, 20))),
    }
    const opened = selected.press('enter')
    const after = opened.press('r').scan({ kind: 'done', report: gone, exact: true, wasStopped: false })
    expect(after.screen).toContain('This volume is not here any more; Esc goes back.')
    expect(after.press('esc').screen).toMatch(/2\/5 volumes/)
  })
})

describe('a root that cannot be read', () => {
  const failed = (): Journey =>
    start().scan({
      kind: 'failed',
      message: '/var/lib/docker cannot be read: permission denied.',
      hint: 'Run layerscope with sudo.',
    })

  test('a sentence, the hint, and what can be done', () => {
    expect(failed().screen).toContain('/var/lib/docker cannot be read: permission denied.')
    expect(failed().screen).toContain('Run layerscope with sudo.')
    expect(failed().screen).toContain('r reads again   q quits')
  })

  test('r tries again, q quits', () => {
    expect(failed().press('r').effects).toEqual([{ kind: 'scan' }])
    expect(failed().press('q').effects).toEqual([{ kind: 'quit' }])
    expect(finish(failed().press('r')).screen).toContain('Where the space is')
  })
})
