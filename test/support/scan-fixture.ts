import { createCatalog } from '../../src/analysis/catalog.ts'
import { createReport } from '../../src/report/report.ts'
import type { Report } from '../../src/report/schema.ts'
import { scan } from '../../src/scan/scan.ts'

/** Reads a root as the program does, and gives its report. */
export function reportOf(root: string, options: { measure: boolean } = { measure: true }): Report {
  const { model, surveys } = scan([root], options)
  return createReport(createCatalog(model, surveys), {
    version: 'test',
    generatedAt: '2026-01-01T00:00:00Z',
  })
}
