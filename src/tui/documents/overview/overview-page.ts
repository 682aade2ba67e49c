import { largeLogs } from '../../../report/large-logs.ts'
import { span } from '../../text/line.ts'
import { counted, type PageContext } from '../context.ts'
import type { PageWriter } from '../document.ts'
import { type LargeThing, largestThings } from '../largest.ts'
import { writeThing } from '../largest-page.ts'
import { SEVERITY_STYLES } from '../parts.ts'
import { engineLines, tableLines, writeEngineViews } from './engine-part.ts'
import { type MeasureNote, sumByCategory, writeLedger } from './ledger-part.ts'
import { divideRoom } from './room.ts'
import { writeRoots } from './roots-part.ts'
import { writeReadUntilThen } from './stopped-part.ts'
import { waysOf, wishedLines, writeLargeLogs, writeWays } from './ways-part.ts'

const MOST_THINGS = 20
const PENDING_LINES = 2
/** The titles of the ledger and of the largest things, and the findings. */
const FIXED_LINES = 3
const GAPS = 4

/** The first page, fitted to the screen: how full, what holds it, what can go, what the engine says, what is largest. */
export function writeOverview(out: PageWriter, page: PageContext, note: MeasureNote): void {
  writeRoots(out, page)
  if (!page.isReadWhole) {
    writeStopped(out, page)
    return
  }
  const { measured } = page.report.ledger
  const categories = measured ? sumByCategory(page) : []
  const things = largestThings(page.report)
  const ways = waysOf(out, page)
  const logs = largeLogs(page.report)
  const fixed =
    out.text.lines.length +
    FIXED_LINES +
    engineLines(page) +
    (hasOrphans(page) ? 1 : 0) +
    (logs === null ? 0 : 1)
  const room = divideRoom(page.height - fixed, {
    categories: measured ? categories.length : PENDING_LINES,
    ways: wishedLines(ways),
    things: Math.min(things.length, MOST_THINGS),
    tables: tableLines(page),
    gaps: GAPS,
  })
  const gap = (): void => {
    if (room.hasGaps) out.blank()
  }
  gap()
  writeLedger(out, page, categories, room.categories, note)
  gap()
  writeWays(out, page, ways, room.ways)
  if (logs !== null) writeLargeLogs(out, page, logs)
  gap()
  writeEngineViews(out, page, room.hasTables)
  if (room.hasTables && page.report.engineViews.length > 0) gap()
  writeFindingCounts(out, page)
  writeOrphanCount(out, page)
  gap()
  writeLargest(out, page, things, room.things)
}

/** In the place of sums over records that were not all read: what is known until then. */
function writeStopped(out: PageWriter, page: PageContext): void {
  out.heading('Reading was stopped')
  out.sentence('before everything was read: of what is not here nothing is known. r reads again.', 'plain', 2)
  writeReadUntilThen(out, page)
  out.blank()
  writeFindingCounts(out, page)
  out.blank()
  writeLargest(out, page, largestThings(page.report), MOST_THINGS)
}

const hasOrphans = ({ report }: PageContext): boolean => report.orphans.length + report.unjudged.length > 0

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

/** The first of the largest things, under a heading that leads to all of them. */
function writeLargest(
  out: PageWriter,
  page: PageContext,
  things: readonly LargeThing[],
  shown: number,
): void {
  if (things.length === 0) return
  const note = things.length > shown ? `  ${shown} of ${things.length}` : ''
  out.item('largest', { kind: 'largest' }, () => out.add(span('Largest', 'strong'), span(note, 'faint')))
  for (const thing of things.slice(0, shown)) writeThing(out, page, thing)
}
