import type { ReportFinding } from './schema.ts'

const RANK = { error: 1, warning: 2, info: 3 } as const

/** What can make an engine delete a directory of the host stands before everything else. */
const rankOf = (finding: ReportFinding): number =>
  finding.code === 'unsafe-name' ? 0 : RANK[finding.severity]

/** The findings, the gravest first. */
export const byGravity = (findings: readonly ReportFinding[]): ReportFinding[] =>
  findings.toSorted((a, b) => rankOf(a) - rankOf(b))
