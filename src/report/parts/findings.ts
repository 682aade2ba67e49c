import type { Catalog } from '../../analysis/catalog.ts'
import { derivedFindings } from '../../analysis/findings.ts'
import { severityOf } from '../../model/findings.ts'
import type { ReportFinding } from '../schema.ts'

/** What was found while reading, and what follows from it. */
export function findingsOf(catalog: Catalog): ReportFinding[] {
  const sortKey = (finding: ReportFinding): string =>
    [finding.root, finding.code, finding.path ?? '', finding.subject?.id ?? '', finding.message].join('\0')
  return [...catalog.model.findings, ...derivedFindings(catalog)]
    .map((finding) => ({ ...finding, severity: severityOf(finding) }))
    .sort((a, b) => (sortKey(a) < sortKey(b) ? -1 : 1))
}
