import { type Catalog, createCatalog } from '../analysis/catalog.ts'
import { findingsOf } from '../report/parts/findings.ts'
import { createReport, isWhole, type ReportParts, reportParts } from '../report/report.ts'
import type { Report, ReportFinding } from '../report/schema.ts'
import { findHostRoots } from '../scan/find-roots.ts'
import { openSample } from '../scan/sample.ts'
import { type Scan, scan, scanTrees } from '../scan/scan.ts'
import type { ScanOptions } from '../scan/scan-events.ts'
import { UserError } from './exit.ts'
import type { CommonOptions } from './options.ts'
import { createProgress } from './progress.ts'
import { scanInThread } from './scan-thread.ts'
import { VERSION } from './version.ts'

/** What a command works on: the model joined, and the report built from it. */
export interface Session {
  readonly catalog: Catalog
  /** Made when it is first asked for. */
  readonly report: Report
  /** The report for one that writes it and keeps nothing. */
  readonly parts: () => ReportParts
  readonly findings: readonly ReportFinding[]
  readonly complete: boolean
  readonly nowMs: number
  /** True where the bundled sample is read: its paths are not on the disk. */
  readonly isSample: boolean
}

/** The roots that the user named, else those of this host. Throws UserError where there is none. */
export function chooseRoots(named: readonly string[]): readonly string[] {
  if (named.length > 0) return named
  const found = findHostRoots()
  if (found.length > 0) return found
  throw new UserError(
    'No data root was found on this host.',
    'Name one with --root DIR, or see the bundled sample with: layerscope demo',
  )
}

/**
 * Reads the roots, measured unless the command or the user goes without. At a terminal the scan has a thread of its
 * own, so that its progress shows and Ctrl-C is heard; a script's runs in place, which is quicker.
 */
export async function openSession(options: CommonOptions, needs: ScanOptions): Promise<Session> {
  const wanted = { ...needs, measure: needs.measure && options.measure }
  const roots = options.sample ? [] : chooseRoots(options.root)
  if (!process.stderr.isTTY) {
    const result = options.sample ? scanTrees(openSample(), wanted) : scan(roots, wanted)
    return sessionOf(result, options.sample)
  }
  const progress = createProgress()
  try {
    const result = await scanInThread({ roots, sample: options.sample, options: wanted }, progress.show)
    return sessionOf(result, options.sample)
  } finally {
    progress.clear()
  }
}

export function sessionOf(
  { model, surveys }: Pick<Scan, 'model' | 'surveys'>,
  isSample: boolean,
  now = new Date(),
): Session {
  const catalog = createCatalog(model, surveys)
  const about = { version: VERSION, generatedAt: now.toISOString() }
  let report: Report | null = null
  return {
    catalog,
    get report() {
      report ??= createReport(catalog, about)
      return report
    },
    parts: () => reportParts(catalog, about),
    // Asked for where something could not be read, and else made with the report alone.
    get findings() {
      return findingsOf(catalog)
    },
    complete: isWhole(catalog),
    nowMs: now.getTime(),
    isSample,
  }
}
