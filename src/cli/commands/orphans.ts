import { escapeText } from '../../report/escape.ts'
import { orphanTable } from '../../report/tables/orphans.ts'
import { formatBytes } from '../../report/units.ts'
import { unjudgedByReason } from '../../report/unjudged.ts'
import { padStart } from '../../report/width.ts'
import { type CommonOptions, displayOf } from '../options.ts'
import { renderList } from '../render.ts'
import type { Session } from '../session.ts'

/** `orphans`: what nobody owns and what work that did not end left behind, with the places searched. */
export function orphans({ report, nowMs }: Session, options: CommonOptions): string {
  const table = orphanTable(report)
  if (options.format !== 'table') return renderList(table, report.orphans, options, nowMs)
  const display = displayOf(options, nowMs)
  const lines: string[] = []
  if (report.orphans.length === 0) lines.push('Nothing here is without an owner.')
  else {
    const disk = report.orphans.every(({ size }) => size.disk !== null)
      ? report.orphans.reduce((sum, { size }) => sum + (size.disk ?? 0), 0)
      : null
    lines.push(
      renderList(table, report.orphans, options, nowMs),
      '',
      `${report.orphans.length} in all, ${formatBytes(disk, display.units)} on disk.`,
      ...advice(
        report.orphans.filter(({ kind, certainty }) => kind === 'orphan' && certainty === 'proven').length,
      ),
    )
  }
  if (report.unjudged.length > 0)
    lines.push(
      '',
      'Not judged, because what could own them cannot be read:',
      ...unjudgedByReason(report.unjudged).flatMap(({ because, places }) => [
        `  ${escapeText(because)}`,
        ...places.map(
          ({ path, size }) =>
            `    ${padStart(formatBytes(size.disk, display.units), 9)}  ${escapeText(path)}`,
        ),
      ]),
    )
  return lines.join('\n')
}

const advice = (proven: number): string[] => [
  'proven: at rest and everything read, no record names it. likely: an engine runs, it is young, or podman may have its record in /run; a second reading found no owner either.',
  ...(proven > 0
    ? [
        'layerscope why PATH shows the places searched. Stop the engine before you remove a directory by hand.',
      ]
    : []),
]
