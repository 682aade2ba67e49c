import { reclaimableShare } from '../../report/df.ts'
import { hiddenStoresSentence } from '../../report/hidden-stores.ts'
import type { ReportEngineRow, ReportEngineView, ReportRoot, ReportStore } from '../../report/schema.ts'
import { percent } from '../../report/units.ts'
import { padEnd, padStart } from '../../report/width.ts'
import type { RootWays } from '../questions.ts'
import type { ListViewId } from '../state.ts'
import { barText, gauge, type Span, type Style, span } from '../text/line.ts'
import { answerTo } from './answered.ts'
import { categoryText } from './categories.ts'
import { ALL_CATEGORIES } from './category-page.ts'
import { counted, type PageContext } from './context.ts'
import type { PageWriter, Target } from './document.ts'
import { type LargeThing, largestThings } from './largest.ts'
import { SEVERITY_STYLES } from './parts.ts'

/** What the first page says of sizes that are not known yet, and whether they are exact. */
export interface MeasureNote {
  /** A sentence where the ledger is not there (yet). */
  readonly pending: string
  readonly exact: boolean
}

const NAME = 17
/** On fewer columns than that the less important figures are left out. */
const NARROW = 56
const NARROW_NAME = 13
const FEWEST_CATEGORIES = 3
const FEWEST_THINGS = 3
const MOST_THINGS = 20

/** The first page, fitted to the screen: how full, what holds it, what docker says, what is wrong, what is largest. */
export function writeOverview(out: PageWriter, page: PageContext, note: MeasureNote): void {
  writeRoots(out, page)
  const { measured } = page.report.ledger
  const categories = measured ? sumByCategory(page) : []
  const things = largestThings(page.report, MOST_THINGS)
  const ways = answerTo(out, page, { kind: 'ways' }) ?? []
  const share = divideRoom(
    page.height -
      out.text.lines.length -
      FIXED_LINES -
      engineLines(page) -
      (hasOrphans(page) ? 1 : 0) -
      (ways.length > 0 ? 1 : 0),
    measured ? categories.length : PENDING_LINES,
    things.length,
    GAPS + Math.max(0, page.report.engineViews.length - 1),
  )
  const gap = (): void => {
    if (share.hasGaps) out.blank()
  }
  gap()
  writeLedger(out, page, categories, share.categories, note)
  gap()
  writeEngineViews(out, page, share.hasGaps)
  gap()
  writeFindingCounts(out, page)
  writeOrphanCount(out, page)
  writeWaysLine(out, page, ways)
  if (share.isRoomy) out.blank()
  writeLargest(out, page, things.slice(0, share.things))
}

/** Two headings and the findings. */
const FIXED_LINES = 3
const PENDING_LINES = 2
const GAPS = 3
const ROOMY = 12

const hasOrphans = ({ report }: PageContext): boolean => report.orphans.length + report.unjudged.length > 0

/** How many lines the two lists of any length get, and where the parts are set apart. */
function divideRoom(lines: number, categories: number, things: number, gaps: number) {
  const hasGaps = lines - gaps >= FEWEST_CATEGORIES + FEWEST_THINGS
  const isRoomy = lines - gaps - 1 >= ROOMY
  const rest = lines - (hasGaps ? gaps : 0) - (isRoomy ? 1 : 0)
  const room = Math.max(FEWEST_CATEGORIES + FEWEST_THINGS, rest)
  const forThings = room - Math.min(categories, Math.ceil(room * 0.6))
  const shownThings = Math.min(things, Math.max(FEWEST_THINGS, forThings))
  return { categories: room - shownThings, things: shownThings, hasGaps, isRoomy }
}

function writeRoots(out: PageWriter, page: PageContext): void {
  for (const root of page.report.roots) {
    const stores = page.report.stores.filter(
      (store) => store.root === root.path || store.usedBy === root.path,
    )
    out.add(span(root.path, 'strong'), span('  '), ...storeSpans(stores))
    if (root.filesystem !== null) out.add(...fillSpans(root.filesystem, page, out.width))
  }
  const hidden = hiddenStoresSentence(page.report, page.bytes)
  if (hidden !== null) out.sentence(hidden, 'warning')
}

function storeSpans(stores: readonly ReportStore[]): Span[] {
  if (stores.length === 0) return [span('no image store', 'faint')]
  return stores.flatMap(({ layout, driver, active }, index) => [
    span(`${index > 0 ? ', ' : ''}${layout}/${driver}`),
    ...(active === false ? [span(' (hidden)', 'warning')] : []),
  ])
}

function fillSpans(
  fileSystem: NonNullable<ReportRoot['filesystem']>,
  page: PageContext,
  width: number,
): Span[] {
  const { totalBytes, freeBytes } = fileSystem
  const used = totalBytes - freeBytes
  const share = totalBytes === 0 ? 0 : used / totalBytes
  const style: Style = share >= 0.95 ? 'error' : share >= 0.85 ? 'warning' : 'bar'
  const isNarrow = width < NARROW
  return [
    span(isNarrow ? '' : 'file system ', 'faint'),
    span(gauge(used, totalBytes, width >= 76 ? 24 : isNarrow ? 8 : 12, page.look), style),
    span(` ${percent(used, totalBytes)} full`, share >= 0.85 ? 'strong' : 'plain'),
    span(`, ${page.bytes(freeBytes)} ${isNarrow ? '' : `of ${page.bytes(totalBytes)} `}free`),
  ]
}

interface CategorySum {
  readonly category: string
  readonly disk: number
}

/** The categories of all roots together, largest first. */
function sumByCategory({ report }: PageContext): CategorySum[] {
  const sums = new Map<string, number>()
  for (const { category, disk } of report.ledger.entries) sums.set(category, (sums.get(category) ?? 0) + disk)
  return [...sums].map(([category, disk]) => ({ category, disk })).sort((a, b) => b.disk - a.disk)
}

function writeLedger(
  out: PageWriter,
  page: PageContext,
  categories: readonly CategorySum[],
  shown: number,
  note: MeasureNote,
): void {
  const { total, measured } = page.report.ledger
  if (!measured) {
    out.add(span('Where the space is', 'strong'))
    out.sentence(note.pending, 'plain', 2)
    return
  }
  const about = `${page.bytes(total.disk)} on disk in ${counted(total.files, 'inode')}${note.exact ? '' : ', estimated from an archive'}`
  out.add(span('Where the space is', 'strong'), span(`  ${about}`, 'faint'))
  const isCut = categories.length > shown
  const listed = isCut ? categories.slice(0, shown - 1) : categories
  const largest = categories[0]?.disk ?? 0
  const row = (name: string, disk: number): Span[] => [
    span(
      `  ${padEnd(name, NAME)}${page.bytesColumn(disk)}${padStart(percent(disk, total.disk), 5)}${page.look.plain ? ' of all on disk' : '  '}`,
    ),
    span(barText(disk, largest, Math.max(1, Math.min(40, out.width - NAME - 18)), page.look), 'bar'),
  ]
  for (const { category, disk } of listed) {
    const { name, list } = categoryText(category)
    const target: Target = list ?? { kind: 'category', category }
    out.item(`category ${category}`, target, () => out.add(...row(name, disk)))
  }
  if (!isCut) return
  const rest = categories.slice(shown - 1)
  out.item('categories', { kind: 'category', category: ALL_CATEGORIES }, () =>
    out.add(
      ...row(
        `${rest.length} smaller`,
        rest.reduce((sum, { disk }) => sum + disk, 0),
      ),
    ),
  )
}

const ENGINE_ROWS: readonly (readonly [
  name: string,
  key: 'images' | 'containers' | 'volumes' | 'buildCache',
  view: ListViewId,
])[] = [
  ['Images', 'images', 'images'],
  ['Containers', 'containers', 'containers'],
  ['Local Volumes', 'volumes', 'volumes'],
  ['Build Cache', 'buildCache', 'cache'],
]

/** One part for each engine that has a summary of a root. */
function writeEngineViews(out: PageWriter, page: PageContext, hasGaps: boolean): void {
  const { engineViews } = page.report
  if (engineViews.length === 0) {
    out.add(span("The engine's own summary", 'strong'))
    out.sentence(noViewText(page), 'plain', 2)
  }
  for (const [index, view] of engineViews.entries()) {
    if (hasGaps && index > 0) out.blank()
    writeEngineView(out, page, view)
  }
}

const noViewText = ({ report: { roots } }: PageContext): string =>
  roots.some(({ kind }) => kind === 'containerd')
    ? 'containerd has no command for it.'
    : 'Nothing: no image store of this root is in use.'

const ENGINE_COLUMNS = ['total', 'active', 'size', 'reclaimable'] as const

function writeEngineView(out: PageWriter, page: PageContext, view: ReportEngineView): void {
  const ofRoot = page.report.roots.length > 1 ? `  of ${view.root}` : ''
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
    cells.map((cell, index) => `  ${ENGINE_COLUMNS[index]} ${cell}`).join('')
  const figures = (cells: readonly string[]): string =>
    cells.map((cell, index) => (widths[index] === 0 ? '' : padStart(cell, widths[index] ?? 0))).join('')
  out.add(
    span(padEnd(out.width < NARROW ? view.command.replace(' system', '') : view.command, name + 2), 'strong'),
    span(page.look.plain ? '' : figures(ENGINE_COLUMNS), 'faint'),
    span(ofRoot, 'faint'),
  )
  const hasShares = out.width >= NARROW
  for (const [title, key, target] of rowsOf(view))
    out.item(`engine ${view.root} ${key}`, { kind: 'list', view: target }, () =>
      out.add(
        span(
          `  ${padEnd(title, name)}${(page.look.plain ? named : figures)(engineCells(view, view[key], page, hasShares && key !== 'buildCache'))}`,
        ),
      ),
    )
}

/** Podman has no build cache to list. */
const rowsOf = ({ engine }: ReportEngineView): typeof ENGINE_ROWS =>
  ENGINE_ROWS.filter(([, key]) => engine === 'docker' || key !== 'buildCache')

function engineCells(
  view: ReportEngineView,
  row: ReportEngineRow,
  page: PageContext,
  hasShare: boolean,
): string[] {
  const share = hasShare ? reclaimableShare(view, row) : ''
  return [String(row.total), String(row.active), page.bytes(row.size), page.bytes(row.reclaimable) + share]
}

/** A title and its rows for each engine, or a title and a sentence. */
const engineLines = ({ report: { engineViews } }: PageContext): number =>
  engineViews.length === 0 ? 2 : engineViews.reduce((lines, view) => lines + 1 + rowsOf(view).length, 0)

function writeFindingCounts(out: PageWriter, page: PageContext): void {
  const { findings, complete } = page.report
  const counts = (['error', 'warning', 'info'] as const)
    .map((severity) => ({
      severity,
      count: findings.filter((finding) => finding.severity === severity).length,
    }))
    .filter(({ count }) => count > 0)
  out.item('findings', { kind: 'findings' }, () => {
    if (counts.length === 0) {
      out.add(span('Findings', 'strong'), span('  none: everything could be read and fits together', 'good'))
      return
    }
    const spans = counts.flatMap(({ severity, count }, index) => [
      span(index === 0 ? '  ' : ', '),
      span(
        severity === 'info' ? counted(count, 'note') : counted(count, severity),
        SEVERITY_STYLES[severity],
      ),
    ])
    out.add(
      span('Findings', 'strong'),
      ...spans,
      span(complete ? '' : '  the answer is incomplete', 'warning'),
    )
  })
}

/** What nobody owns, where there is anything: a line of its own, since it is what people look for. */
function writeOrphanCount(out: PageWriter, page: PageContext): void {
  const { orphans, unjudged } = page.report
  if (!hasOrphans(page)) return
  const disk = orphans.reduce((sum, { size }) => sum + (size.disk ?? 0), 0)
  out.item('orphans', { kind: 'category', category: 'orphans' }, () =>
    out.add(
      span('Without an owner', 'strong'),
      span(`  ${counted(orphans.length, 'place')}, ${page.bytes(disk)} on disk`, 'warning'),
      span(unjudged.length > 0 ? `, ${unjudged.length} more not judged` : ''),
    ),
  )
}

/** What frees space, the least drastic first, as far as it fits on the line; all of it is a page of its own. */
function writeWaysLine(out: PageWriter, page: PageContext, roots: readonly RootWays[]): void {
  if (roots.length === 0) return
  const ways = roots.flatMap(({ ways: each }) => each).filter(({ freedDisk }) => (freedDisk ?? 0) > 0)
  const shown = ways.map(
    ({ command, freedDisk }) => `${command.replace(/^docker /, '')} ${page.bytes(freedDisk)}`,
  )
  out.item('ways', { kind: 'ways' }, () =>
    out.add(
      span('What frees space', 'strong'),
      span(`  ${shown.length === 0 ? 'no prune frees anything' : shown.join(', ')}`),
    ),
  )
}

function writeLargest(out: PageWriter, page: PageContext, things: readonly LargeThing[]): void {
  if (things.length === 0) return
  out.add(span('Largest', 'strong'))
  for (const { key, target, what, name, bytes } of things)
    out.item(`largest ${key}`, target, () =>
      out.add(span(`  ${page.bytesColumn(bytes)}  `), span(padEnd(what, 13), 'faint'), span(name)),
    )
}
