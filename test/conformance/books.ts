import { execFileSync } from 'node:child_process'
import { expect } from 'vitest'
import type { Report } from '../../src/report/schema.ts'

/** The ledger of a root sums to what `du` counts, by bytes and by inodes. */
export function expectEveryByteBooked(report: Report, root: string): void {
  const du = (...options: string[]): number =>
    Number.parseInt(execFileSync('du', ['-sx', ...options, root], { encoding: 'utf8' }), 10)
  expect(report.ledger.total.disk).toBe(du('-B1'))
  expect(report.ledger.total.files).toBe(du('--inodes'))
  expect(report.ledger.entries.reduce((sum, entry) => sum + entry.disk, 0)).toBe(report.ledger.total.disk)
}

/** Nothing is damaged, nothing is unread, and nothing is called an orphan. */
export function expectSound(report: Report): void {
  expect(report.findings.filter(({ severity }) => severity !== 'info')).toEqual([])
  expect(report.orphans).toEqual([])
  expect(report.unjudged).toEqual([])
  expect(report.complete).toBe(true)
}
