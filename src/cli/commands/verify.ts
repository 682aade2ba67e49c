import { escapeText } from '../../report/escape.ts'
import { byGravity } from '../../report/gravity.ts'
import type { ReportFinding } from '../../report/schema.ts'
import { formatBytes } from '../../report/units.ts'
import { findingLine } from '../findings.ts'
import { type CommonOptions, displayOf } from '../options.ts'
import { renderJson, requireFormat } from '../render.ts'
import type { Session } from '../session.ts'

/** What `verify` found: how much was looked at, and what is damaged. */
export interface Verification {
  readonly checked: Readonly<Record<string, number>>
  readonly findings: readonly ReportFinding[]
  readonly intact: boolean
}

/** What says that something cannot be read by this process, and nothing of what it holds. */
const NOT_SEEN: ReadonlySet<string> = new Set(['unreadable', 'scan-cancelled'])

/**
 * Whether everything that could be read is as its engine wrote it: findings that are no damage are left out, and what
 * may not be read is none.
 */
export function verification({ report, catalog }: Session): Verification {
  const findings = byGravity(report.findings).filter((finding) => finding.severity === 'error')
  const sum = (count: 'layers' | 'files' | 'bytes'): number =>
    catalog.surveys.reduce((total, { verified }) => total + (verified?.[count] ?? 0), 0)
  return {
    checked: {
      images: report.images.length,
      layers: report.layers.length,
      containers: report.containers.length,
      volumes: report.volumes.length,
      cacheRecords: report.cacheRecords.length,
      layerLists: sum('layers'),
      files: sum('files'),
      bytes: sum('bytes'),
    },
    findings,
    intact: findings.every(({ code }) => NOT_SEEN.has(code)),
  }
}

/** `verify`: hashes, chain IDs, parents, links and missing data; with `--deep` the contents of every layer. */
export function verify(session: Session, options: CommonOptions): string {
  requireFormat(options, ['table', 'json', 'ndjson'])
  const result = verification(session)
  if (options.format === 'ndjson') return JSON.stringify(result)
  if (options.format !== 'table') return renderJson(result)
  const { units } = displayOf(options, session.nowMs)
  const { checked } = result
  const contents = checked['bytes']
    ? `, ${formatBytes(checked['bytes'], units)} of content read and hashed`
    : ''
  return [
    `Checked ${checked['images']} images, ${checked['layers']} layers, ${checked['containers']} containers, ${checked['volumes']} volumes, ${checked['cacheRecords']} cache records;`,
    `${checked['files']} files of ${checked['layerLists']} layers against the lists made with them${contents}.`,
    ...result.findings.map(
      (finding) => `${escapeText(finding.path ?? finding.root)}\n  ${findingLine(finding)}`,
    ),
    verdictOn(result),
  ].join('\n')
}

function verdictOn({ findings, intact }: Verification): string {
  const unseen = findings.filter(({ code }) => NOT_SEEN.has(code)).length
  const damages = findings.length - unseen
  if (!intact) return `Damaged: ${damages} ${damages === 1 ? 'finding' : 'findings'}.`
  return unseen === 0
    ? 'Intact: nothing is damaged.'
    : `Nothing of what could be read is damaged; ${unseen} ${unseen === 1 ? 'place' : 'places'} could not be read.`
}
