import { filterItems, SelectionError } from '../../report/select.ts'
import type { Display } from '../../report/table.ts'
import type { ListPage } from '../state.ts'
import { FOREST, type ListData } from './list-data.ts'

const EXPRESSION = /^([A-Za-z-]+)(!=|>=|<=|=|>|<)(.*)$/

/** A filter as typed, taken apart: words that must occur anywhere, and comparisons of one column. */
interface Filter {
  readonly words: readonly string[]
  readonly expressions: readonly string[]
}

function parseFilter(text: string, data: ListData): Filter {
  const keys = new Set(data.table.columns.map(({ key }) => key))
  const words: string[] = []
  const expressions: string[] = []
  for (const part of text.split(/\s+/)) {
    if (part === '') continue
    const [, key = '', , value = ''] = EXPRESSION.exec(part) ?? []
    if (!keys.has(key.toLowerCase())) words.push(part.toLowerCase())
    // `size>` is on its way to become `size>1G`.
    else if (value !== '') expressions.push(part)
  }
  return { words, expressions }
}

/** Puts the rows of a page into order: sorted, filtered, without what is folded. Keeps the selected row selected. */
export function arrange(page: ListPage, data: ListData, display: Display): ListPage {
  return filtered(page, data, display, data.sorted(sortIn(page, data)))
}

/** The same after the filter was typed on: what more words leave is among what was left before. */
export function arrangeNarrower(page: ListPage, data: ListData, display: Display, before: string): ListPage {
  const isNarrower = page.filter.startsWith(before) && before.trim() !== '' && !/[=<>]/.test(page.filter)
  return isNarrower ? filtered(page, data, display, page.order) : arrange(page, data, display)
}

/**
 * The order that is really used. A filter shows single layers: between them the tree would have holes.
 * And before anything is measured the recorded sizes stand for those on disk.
 */
export function sortIn(page: ListPage, data: ListData): ListPage['sort'] {
  const isTreeBroken = page.sort.key === FOREST && !isForest(page, data)
  const sort = isTreeBroken ? { key: 'disk', descending: true } : page.sort
  return sort.key === 'disk' && !isMeasured(data) ? { ...sort, key: 'size' } : sort
}

export const isMeasured = (data: ListData): boolean => data.largest('disk') > 0

function filtered(page: ListPage, data: ListData, display: Display, rows: readonly number[]): ListPage {
  const { words, expressions } = parseFilter(page.filter, data)
  let order: readonly number[] = isForest(page, data) ? unfolded(data, page.folded) : rows
  let problem: string | null = null
  if (words.length > 0)
    order = order.filter((row) => {
      const text = data.searchText(row)
      return words.every((word) => text.includes(word))
    })
  try {
    if (expressions.length > 0) order = filterItems(data.table, order, expressions, display)
  } catch (error) {
    if (!(error instanceof SelectionError)) throw error
    problem = error.message
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
