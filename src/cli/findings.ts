import { escapeText } from '../report/escape.ts'
import { byGravity } from '../report/gravity.ts'
import type { ReportFinding } from '../report/schema.ts'
import type { Session } from './session.ts'

const SHOWN = 5

/** Tells on stderr what could not be read, so that nobody takes an incomplete answer for a complete one. */
export function warnIncomplete({ complete, findings }: Pick<Session, 'complete' | 'findings'>): void {
  if (complete) return
  const errors = byGravity(findings).filter((finding) => finding.severity !== 'info')
  const lines = errors.slice(0, SHOWN).map((finding) => `  ${findingLine(finding)}`)
  const rest = errors.length - lines.length
  process.stderr.write(
    [
      'layerscope: not everything could be read, so this answer is incomplete:',
      ...lines,
      ...(rest > 0 ? [`  and ${rest} more: see layerscope df, or findings in layerscope report`] : []),
      '',
    ].join('\n'),
  )
}

/** One finding as a line: how grave, which, and the sentence. */
export const findingLine = (finding: ReportFinding): string =>
  `${finding.severity} ${finding.code}: ${escapeText(finding.message)}${finding.hint === null ? '' : ` ${escapeText(finding.hint)}`}`
