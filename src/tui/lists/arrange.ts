import { parseFilter } from '../../report/filter.ts'
import { comparedColumn, flagNamed, SelectionError, termTest } from '../../report/select.ts'
import type { Display } from '../../report/table.ts'
import type { ListPage } from '../state.ts'
import { FOREST, type ListData } from './list-data.ts'

/**
 * Puts the rows of a page into order: sorted, filtered, without what is folded. Keeps the selected row selected. While
 * the filter is typed, what may still become one that can be used leaves all rows.
 */
export function arrange(page: ListPage, data: ListData, display: Display, isTyping: boolean): ListPage {
  return filtered(page, data, display, data.sorted(sortIn(page, data)), isTyping)
}

/** The same when the filter was typed on: what more words leave is among what was left before. */
export function arrangeNarrower(page: ListPage, data: ListData, display: Display, before: string): ListPage {
  const isNarrower =
    page.filter.startsWith(before) && isOnlyWords(before, data) && isOnlyWords(page.filter, data)
  return isNarrower ? filtered(page, data, display, page.order, true) : arrange(page, data, display, true)
}

/** Whether more letters can only leave fewer rows: so it is with words that are looked for. */
function isOnlyWords(filter: string, data: ListData): boolean {
  const terms = parseFilter(filter)
  return (
    terms.length > 0 &&
    terms.every(
      (term) => term.kind === 'word' && !term.isNegated && flagNamed(data.table, term) === undefined,
    )
  )
}

/**
 * The order that is really used. A filter shows single layers: between them the tree would have holes.
 * And before anything is measured the recorded sizes stand for those on disk.
 */
export function sortIn(page: ListPage, data: ListData): ListPage['sort'] {
  const isTreeBroken = page.sort.key === FOREST && !isForest(page, data)
  const sort = isTreeBroken ? { key: 'disk', descending: true } : page.sort
  return isOfDisk(sort.key) && !isMeasured(data) ? { ...sort, key: 'size' } : sort
}

/** Whether a column holds bytes on disk, of which nothing is known before they are measured. */
export const isOfDisk = (key: string): boolean => key === 'disk' || key === 'total'

/** Of a container the disk bytes of its log may be all that is known. */
export const isMeasured = (data: ListData): boolean => data.largest('disk') > 0 || data.largest('logs') > 0

/** The columns that the filter of a page compares. */
export const comparedColumns = ({ filter, problem }: ListPage, { table }: ListData): string[] =>
  problem !== null
    ? []
    : parseFilter(filter).flatMap((term) =>
        term.kind === 'comparison' ? [comparedColumn(table, term.key).key] : [],
      )

function filtered(
  page: ListPage,
  data: ListData,
  display: Display,
  rows: readonly number[],
  isTyping: boolean,
): ListPage {
  let order: readonly number[] = isForest(page, data) ? unfolded(data, page.folded) : rows
  let problem: string | null = null
  for (const term of parseFilter(page.filter)) {
    try {
      // `size>` is on its way to become `size>1G`, where there are sizes.
      if (term.kind === 'comparison' && term.wanted === '') {
        comparedColumn(data.table, term.key)
        continue
      }
      const passes = termTest(data.table, rows, term, display, data.searchText)
      order = order.filter(passes)
    } catch (error) {
      if (!(error instanceof SelectionError)) throw error
      if (isTyping && error.isBeginning) continue
      // All rows would look as if they had passed.
      problem ??= error.message
      order = []
    }
  }
  return reselected({ ...page, arrangedFor: data, order, problem }, data)
}

export const isForest = (page: ListPage, data: ListData): boolean =>
  data.tree !== null && page.sort.key === FOREST && page.filter.trim() === ''

/** The rows of the forest that no folded row hides. */
function unfolded(data: ListData, folded: ReadonlySet<string>): number[] {
  const rows: number[] = []
  for (let row = 0; row < data.count; row++) {
    rows.push(row)
    if (folded.size > 0 && folded.has(data.key(row))) row += data.tree?.(row).below ?? 0
  }
  return rows
}

/** Finds the selected row again; where it is gone the cursor stays where it was. */
function reselected(page: ListPage, data: ListData): ListPage {
  const row = page.selected === null ? null : data.find(page.selected)
  const found = row === null ? -1 : page.order.indexOf(row)
  const stays = page.selected === null ? 0 : page.cursor
  const cursor = Math.max(0, Math.min(found >= 0 ? found : stays, page.order.length - 1))
  return { ...page, cursor }
}
