import type { FindingCode } from '../../src/model/findings.ts'
import type { Report } from '../../src/report/schema.ts'
import type { Enclosure } from './enclosure.ts'

/** The report of the built program, run where the engine runs. */
export function reportOf({ enclosure, root }: { enclosure: Enclosure; root: string }): Report {
  const { status, stdout, stderr } = enclosure.layerscope(['report', '--root', root])
  if (status !== 0)
    throw new Error(`layerscope report: exit code ${status}: ${stderr}${stdout.slice(0, 2000)}`)
  return JSON.parse(stdout) as Report
}

/** What the ledger sums to, as `du` would say it. */
export function bookedOf({ ledger }: Report): { disk: number; files: number } {
  const sum = (key: 'disk' | 'files'): number =>
    ledger.entries.reduce((total, entry) => total + entry[key], 0)
  return { disk: sum('disk'), files: sum('files') }
}

/** A line for everything that is said to be wrong with a root, but for what was done to it on purpose. */
export function soundnessOf(report: Report, expected: readonly FindingCode[] = []): string[] {
  return [
    ...report.findings
      .filter(({ severity, code }) => severity !== 'info' && !expected.includes(code))
      .map(({ code, path, message }) => `${code} ${path}: ${message}`),
    ...report.orphans.map(({ kind, path, reason }) => `${kind} ${path}: ${reason}`),
    ...report.unjudged.map(({ path, because }) => `unjudged ${path}: ${because}`),
    ...(report.complete ? [] : ['the report is not complete']),
  ]
}
