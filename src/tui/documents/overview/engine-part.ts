import { countText, reclaimableShare } from '../../../report/df.ts'
import type { ReportEngineRow, ReportEngineView } from '../../../report/schema.ts'
import { padEnd, padStart } from '../../../report/width.ts'
import type { ListViewId } from '../../state.ts'
import { span } from '../../text/line.ts'
import type { PageContext } from '../context.ts'
import type { PageWriter } from '../document.ts'
import { NARROW, ofRoot } from './roots-part.ts'

const NAME = 17
/** Where the root stands behind a summary of one line. */
const ROOT_AT = 58
const NARROW_NAME = 13

const ROWS: readonly (readonly [
  name: string,
  key: 'images' | 'containers' | 'volumes' | 'buildCache',
  view: ListViewId,
])[] = [
  ['Images', 'images', 'images'],
  ['Containers', 'containers', 'containers'],
  ['Local Volumes', 'volumes', 'volumes'],
  ['Build Cache', 'buildCache', 'cache'],
]

/** Podman has no build cache to list. */
const rowsOf = ({ engine }: ReportEngineView): typeof ROWS =>
  ROWS.filter(([, key]) => engine === 'docker' || key !== 'buildCache')

/** The lines of the engines' summaries: at least one for each, or one where there is none. */
export const engineLines = ({ report: { engineViews } }: PageContext): number =>
  Math.max(1, engineViews.length)

/** What their tables take beyond that, with a gap below each. */
export const tableLines = ({ report: { engineViews } }: PageContext): number =>
  engineViews.reduce((lines, view) => lines + rowsOf(view).length + 1, 0)

/** What each engine says itself, as its own table or summed up in a line that leads to the tables. */
export function writeEngineViews(out: PageWriter, page: PageContext, hasTables: boolean): void {
  const { engineViews } = page.report
  if (engineViews.length === 0) {
    out.add(span("The engine's own summary", 'strong'), span(`  ${noViewText(page)}`))
  }
  for (const [index, view] of engineViews.entries()) {
    if (hasTables && index > 0) out.blank()
    if (hasTables) writeEngineTable(out, page, view)
    else writeEngineLine(out, page, view)
  }
}

const noViewText = ({ report: { roots } }: PageContext): string =>
  roots.some(({ kind }) => kind === 'containerd')
    ? 'containerd has no command for it'
    : 'none: no image store of this root is in use'

function writeEngineLine(out: PageWriter, page: PageContext, view: ReportEngineView): void {
  const rows = rowsOf(view).map(([, key]) => view[key])
  const sum = (key: 'size' | 'reclaimable'): string =>
    page.bytes(rows.reduce((bytes, row) => bytes + (row[key] ?? 0), 0))
  const isWhole = rows.every(({ size, reclaimable }) => size !== null && reclaimable !== null)
  const isNarrow = out.width < NARROW
  const says = isNarrow
    ? `  ${sum('size')}, can go ${sum('reclaimable')}`
    : `  ${sum('size')} ${isWhole ? 'in all' : 'known so far'}, ${sum('reclaimable')} reclaimable`
  out.item(`engine ${view.root}`, { kind: 'engine-views' }, () =>
    out.add(
      span(isNarrow ? view.command.replace(' system', '') : view.command, 'strong'),
      span(says),
      span(ofRoot(page, view.root, out.width - ROOT_AT), 'faint'),
    ),
  )
}

const COLUMNS = ['total', 'active', 'size', 'reclaimable'] as const

export function writeEngineTable(out: PageWriter, page: PageContext, view: ReportEngineView): void {
  const widths =
    page.display.units === 'bytes'
      ? [6, 7, 14, 21]
      : out.width < NARROW
        ? [0, 0, 9, 14]
        : out.width < 72
          ? [6, 7, 10, 16]
          : [8, 8, 11, 18]
  const name = out.width < NARROW ? NARROW_NAME : NAME
  const named = (cells: readonly string[]): string =>
    cells.map((cell, index) => `  ${COLUMNS[index]} ${cell}`).join('')
  const figures = (cells: readonly string[]): string =>
    cells.map((cell, index) => (widths[index] === 0 ? '' : padStart(cell, widths[index] ?? 0))).join('')
  out.add(
    span(padEnd(out.width < NARROW ? view.command.replace(' system', '') : view.command, name + 2), 'strong'),
    span(page.look.plain ? '' : figures(COLUMNS), 'faint'),
    span(
      ofRoot(page, view.root, out.width - name - 2 - widths.reduce((sum, width) => sum + width, 0)),
      'faint',
    ),
  )
  const hasShares = out.width >= NARROW
  for (const [title, key, target] of rowsOf(view))
    out.item(`engine ${view.root} ${key}`, { kind: 'list', view: target }, () =>
      out.add(
        span(
          `  ${padEnd(title, name)}${(page.look.plain ? named : figures)(cellsOf(view, view[key], page, hasShares && key !== 'buildCache'))}`,
        ),
      ),
    )
}

function cellsOf(
  view: ReportEngineView,
  row: ReportEngineRow,
  page: PageContext,
  hasShare: boolean,
): string[] {
  const part = hasShare ? reclaimableShare(view, row) : ''
  return [
    countText(row.total),
    countText(row.active),
    page.bytes(row.size),
    page.bytes(row.reclaimable) + part,
  ]
}

/** The tables alone, on a page of their own. */
export function writeEnginePage(out: PageWriter, page: PageContext): void {
  out.sentence(
    "What the engines' own commands would print. They count file lengths, know nothing of logs and records, and may count what images and the build cache share twice; where the space is tells the disk.",
  )
  for (const view of page.report.engineViews) {
    out.blank()
    writeEngineTable(out, page, view)
  }
}
