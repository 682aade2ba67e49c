import { expect, test } from 'vitest'
import { largeLogs } from '../../../src/report/large-logs.ts'
import type { Report } from '../../../src/report/schema.ts'
import { open } from '../support/journey.ts'
import { reportOf } from '../support/reports.ts'

const base = reportOf(['overlay2-buildkit'])
const withLogs = (disk: number, total: number): Report => ({
  ...base,
  ledger: {
    ...base.ledger,
    total: { ...base.ledger.total, disk: total },
    entries: base.ledger.entries.map((entry) =>
      entry.category === 'container-logs' ? { ...entry, disk } : entry,
    ),
  },
})

test('logs are large from 10 MB on, or from a hundredth of all', () => {
  expect(largeLogs(withLogs(11_000_000, 1e12))).toBe(11_000_000)
  expect(largeLogs(withLogs(20_000, 1_000_000))).toBe(20_000)
  expect(largeLogs(withLogs(9_000, 1_000_000))).toBe(null)
  expect(largeLogs(reportOf(['overlay2-buildkit'], { measure: false }))).toBe(null)
})

test('large logs have a line among what frees space, which leads to the containers by their logs', () => {
  for (const [columns, rows] of [
    [80, 24],
    [40, 12],
    [200, 50],
  ] as const) {
    let at = open(withLogs(40_000_000_000, 41_000_000_000), { columns, rows })
    for (let step = 0; step < 30 && !at.selected.includes('truncate -s 0'); step++) at = at.press('j')
    expect(at.selected).toMatch(/^ *40GB {2}truncate -s 0 LOG/)
    expect(at.press('enter').screen).toMatch(/LOGS ▾/)
  }
  expect(open(withLogs(1, 1e9)).screen).not.toContain('truncate')
})
