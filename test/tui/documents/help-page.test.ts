import { expect, test } from 'vitest'
import { open } from '../support/journey.ts'
import { reportOf } from '../support/reports.ts'

test('help tells of the page on which it is asked for', () => {
  const report = reportOf(['overlay2-buildkit'], { measure: false })
  expect(open(report).press('w', '?').screen).toContain('The plan: what removing')
  expect(open(report).press('2', 'enter', 'x', '?').screen).toContain('How something is put together')
  expect(open(report).press('2', 'enter', '?').screen).toContain('Everything known of one object')
  expect(open(report).press('2', '?').screen).toContain('The images under each of their names')
})
