import { readFileSync } from 'node:fs'
import { type Change, type ComparedReport, type Comparison, compareReports } from '../../analysis/compare.ts'
import { fileName } from '../../formats/byte-name.ts'
import { escapeText } from '../../report/escape.ts'
import { ReportError, readReport } from '../../report/read-report.ts'
import { compareTable, signedBytes } from '../../report/tables/compare.ts'
import { formatBytes } from '../../report/units.ts'
import { UserError } from '../exit.ts'
import { type CommonOptions, displayOf } from '../options.ts'
import { renderJson, renderList, selectItems } from '../render.ts'

/** `compare`: what grew, appeared and went between two JSON reports. `-` is stdin. Throws UserError. */
export function compare(options: CommonOptions, before: string, after: string, nowMs: number): string {
  if (before === '-' && after === '-') throw new UserError('Only one of the two reports can come from stdin.')
  const comparison = compareReports(open(before), open(after))
  const changes = comparison.changes.filter(({ state }) => state !== 'same')
  if (options.format === 'json') {
    const shown = selectItems(compareTable, comparison.changes, options, nowMs)
    return renderJson(comparisonJson({ ...comparison, changes: shown }))
  }
  const rows = renderList(compareTable, changes, options, nowMs)
  return options.format === 'table' ? [...summary(comparison, options, nowMs), rows].join('\n') : rows
}

function open(file: string): ComparedReport {
  let content: string
  try {
    content = readFileSync(file === '-' ? 0 : fileName(file), 'utf8')
  } catch (error) {
    throw new UserError(
      `${escapeText(file)} cannot be read: ${error instanceof Error ? error.message : String(error)}.`,
      'Make a report with: layerscope report -o FILE',
    )
  }
  try {
    return readReport(content)
  } catch (error) {
    if (!(error instanceof ReportError)) throw error
    const name = file === '-' ? 'stdin' : escapeText(file)
    throw new UserError(`${name} ${error.message}.`, 'Make a report with: layerscope report -o FILE')
  }
}

function summary({ before, after, growth }: Comparison, options: CommonOptions, nowMs: number): string[] {
  const display = displayOf(options, nowMs)
  const bytes = (report: ComparedReport): string => formatBytes(report.total?.disk ?? null, display.units)
  const when = `From ${escapeText(before.generatedAt ?? 'an unknown time')} to ${escapeText(after.generatedAt ?? 'an unknown time')}`
  return growth === null
    ? [`${when}: one of the reports was not measured, so recorded sizes are compared.`, '']
    : [`${when}: ${signedBytes(growth.disk, display)} on disk, ${bytes(before)} to ${bytes(after)}.`, '']
}

const comparisonJson = ({ before, after, growth, changes }: Comparison): object => ({
  before: { generatedAt: before.generatedAt, total: before.total },
  after: { generatedAt: after.generatedAt, total: after.total },
  growth,
  changes: changes.map(({ kind, id, name, state, before: from, after: to, growth: by }: Change) => ({
    kind,
    id,
    name,
    state,
    before: from,
    after: to,
    growth: by,
  })),
})
