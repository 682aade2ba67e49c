import { beforeAll, describe, expect, test } from 'vitest'
import type { Report } from '../../../src/report/schema.ts'
import { type Journey, open } from '../support/journey.ts'
import { reportOf } from '../support/reports.ts'

let report: Report
beforeAll(() => {
  report = reportOf(['overlay2-buildkit'])
})

/** On the first of the largest things. */
function onLargest(): Journey {
  let journey = open(report)
  for (
    let step = 0;
    step < 40 && !/^ +\S+B {2}(layer|container|log|volume|build cache) /.test(journey.selected);
    step++
  )
    journey = journey.press('j')
  return journey
}

/** As many findings as fill several screens. */
function withFindings(): Report {
  const [finding] = report.findings
  if (finding === undefined) throw new Error('the fixture has a finding')
  const findings = Array.from({ length: 12 }, (_, index) => ({
    ...finding,
    message: `This is finding ${index}, which takes more than one line of a narrow terminal to be told.`,
  }))
  return { ...report, findings }
}

describe('what is selected on a page of text', () => {
  test('is on screen after every resize, and Enter opens what is seen there', () => {
    const large = onLargest()
    const what = large.selected.trim().split(/ {2,}/)[2]?.slice(0, 12) ?? ''
    expect(what).not.toBe('')
    for (const [columns, rows] of [
      [40, 12],
      [60, 16],
      [200, 50],
      [80, 24],
    ] as const) {
      const resized = large.resize(columns, rows)
      expect(resized.selected, `${columns}x${rows}`).toContain(what)
    }
  })

  test('is on screen when one comes back', () => {
    const away = onLargest().press('2').resize(40, 12)
    expect(away.press('1').selected).not.toBe('')
    expect(onLargest().press('enter').resize(40, 12).press('esc').selected).not.toBe('')
  })

  test('is on screen among the findings', () => {
    const last = open(withFindings()).press('f', 'enter', 'G')
    const narrow = last.resize(40, 12)
    expect(narrow.selected).not.toBe('')
    expect(narrow.press('1', 'f', 'enter').resize(200, 50).resize(40, 12).selected).not.toBe('')
  })

  test('leaves the screen with the text that somebody scrolls', () => {
    const scrolled = open(withFindings()).press('f', 'enter', 'j').press('ctrl-d', 'ctrl-d')
    expect(scrolled.selected).toContain(scrolled.rows.find((row) => row.startsWith('▸'))?.slice(2))
    expect(scrolled.rows.join()).not.toContain('finding 1,')
  })

  test('does not hold back who goes to the end of a page that leads nowhere there', () => {
    const plan = open(report, { columns: 40, rows: 12 }).press('2', '?')
    expect(plan.press('G').rows.at(-2)).toMatch(/end$/)
    const container = open(report, { columns: 60, rows: 12 }).press('4', 'enter')
    expect(container.press('G').rows.at(-2)).toMatch(/end$/)
    expect(container.press('G', 'g').rows.at(-2)).toMatch(/top$/)
  })
})
