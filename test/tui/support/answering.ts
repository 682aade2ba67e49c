import { createCatalog } from '../../../src/analysis/catalog.ts'
import { createReport } from '../../../src/report/report.ts'
import type { Report } from '../../../src/report/schema.ts'
import { scan } from '../../../src/scan/scan.ts'
import { answerQuestion } from '../../../src/tui/answers/answer.ts'
import { createScanned, type Scanned } from '../../../src/tui/answers/scanned.ts'
import type { Journey } from './journey.ts'

/** What one scan leaves: the report that is shown, and what answers are found in. */
export interface ScannedRoots {
  readonly report: Report
  readonly scanned: Scanned
}

/** Scans roots as the scan thread does. Ages count from a fixed day. */
export function scanRoots(roots: readonly string[], options = { measure: true }): ScannedRoots {
  const { model, surveys } = scan(roots, options)
  const catalog = createCatalog(model, surveys)
  const report = createReport(catalog, { version: 'test', generatedAt: '2030-01-01T00:00:00.000Z' })
  return { report, scanned: createScanned(catalog) }
}

/** Answers everything that was asked and is not answered yet, as the scan thread does. */
export const answered = (journey: Journey, { scanned }: ScannedRoots): Journey =>
  journey.questions.reduce((now, question) => now.answer(answerQuestion(scanned, question)), journey)
