import { share } from '../../../report/units.ts'
import { padEnd, padStart } from '../../../report/width.ts'
import { barText, type Span, span } from '../../text/line.ts'
import { categoryTarget, categoryText } from '../categories.ts'
import { ALL_CATEGORIES } from '../category-page.ts'
import { counted, type PageContext } from '../context.ts'
import type { PageWriter } from '../document.ts'
import { NARROW } from './roots-part.ts'

/** What the first page says of sizes that are not known yet, and whether they are exact. */
export interface MeasureNote {
  /** A sentence where the ledger is not there (yet). */
  readonly pending: string
  readonly exact: boolean
}

export interface CategorySum {
  readonly category: string
  readonly disk: number
}

const NAME = 17
/** Bars longer than that are no easier to compare. */
const LONGEST_BAR = 40

/** The categories of all roots together, largest first. */
export function sumByCategory({ report }: PageContext): CategorySum[] {
  const sums = new Map<string, number>()
  for (const { category, disk } of report.ledger.entries) sums.set(category, (sums.get(category) ?? 0) + disk)
  return [...sums].map(([category, disk]) => ({ category, disk })).sort((a, b) => b.disk - a.disk)
}

/** Where the space is: so many categories, the smaller ones together where there is no line for each. */
export function writeLedger(
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
  const inodes = out.width < NARROW ? '' : ` in ${counted(total.files, 'inode')}`
  const about = `${page.bytes(total.disk)} on disk${inodes}${note.exact ? '' : ', estimated from an archive'}`
  out.aside('ledger', { kind: 'category', category: ALL_CATEGORIES }, () =>
    out.add(span('Where the space is', 'strong'), span(`  ${about}`, 'faint')),
  )
  const isCut = categories.length > shown
  const listed = isCut ? categories.slice(0, shown - 1) : categories
  const largest = categories[0]?.disk ?? 0
  const row = (name: string, disk: number): Span[] => [
    span(
      `  ${padEnd(name, NAME)}${page.bytesColumn(disk)}${padStart(share(disk, total.disk), 5)}${page.look.plain ? ' of all on disk' : '  '}`,
    ),
    span(barText(disk, largest, Math.max(1, Math.min(LONGEST_BAR, out.width - NAME - 18)), page.look), 'bar'),
  ]
  for (const { category, disk } of listed) {
    out.item(`category ${category}`, categoryTarget(category), () =>
      out.add(...row(categoryText(category).name, disk)),
    )
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
