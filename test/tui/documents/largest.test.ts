import { beforeAll, describe, expect, test } from 'vitest'
import type { Report } from '../../../src/report/schema.ts'
import { type Journey, open } from '../support/journey.ts'
import { reportOf } from '../support/reports.ts'

let report: Report
beforeAll(() => {
  report = reportOf(['overlay2-buildkit'])
})

const until = (journey: Journey, wanted: RegExp): Journey => {
  for (let step = 0, at = journey; step < 200; step++, at = at.press('j'))
    if (wanted.test(at.selected)) return at
  throw new Error(`nothing like ${wanted} was come to`)
}
const opened = (): Journey => until(open(report), /^Largest {2}\d+ of \d+$/).press('enter')
const rowsOf = (journey: Journey): string[] =>
  journey.resize(120, 400).rows.filter((row) => /^[▸ ] {3,}\S+B {2}\S/.test(row))

describe('the largest things', () => {
  test('open from their heading as one list of every kind, the largest first', () => {
    const rows = rowsOf(opened())
    const kinds = rows.map((row) => /B {2}(\S+(?: \S+)?) {2,}/.exec(row)?.[1])
    expect(kinds).toEqual(expect.arrayContaining(['layer', 'log', 'volume', 'image alone']))
    const total = Number(/of (\d+)$/.exec(until(open(report), /^Largest/).selected)?.[1])
    expect(rows.filter((row) => !row.includes('image alone'))).toHaveLength(total)
    const exact = rowsOf(opened().press('u', 'u')).map((row) => Number(/(\d+) {2}/.exec(row)?.[1]))
    expect(exact).toEqual(exact.toSorted((a, b) => b - a))
  })

  test('lead to what they are, and a log to its line on the page of its container', () => {
    const log = until(opened(), /B {2}log /)
    const name = log.selected.trim().split(/ {2,}/).at(-1) ?? ''
    const container = log.press('enter')
    expect(container.rows[1]).toContain(`container ${name}`)
    expect(container.selected).toMatch(/^\S+B +\S*containers\//)
    expect(container.press('esc').selected).toBe(log.selected)
    expect(until(opened(), /B {2}volume /).press('enter').rows[1]).toContain('volume ')
  })
})
