import { escapeText } from '../../report/escape.ts'
import type { Cell } from '../../report/table.ts'
import type { Units } from '../../report/units.ts'
import { padEnd, padStart, truncate } from '../../report/width.ts'
import { wrapText } from '../../report/wrap.ts'
import { comparedColumns, isForest, isMeasured, sortIn } from '../lists/arrange.ts'
import { drawBranches } from '../lists/branches.ts'
import type { ListColumn } from '../lists/columns.ts'
import { COLUMN_GAP, fitColumns, listColumns } from '../lists/fit-columns.ts'
import type { ListData } from '../lists/list-data.ts'
import { EMPTY_LISTS, ROW_NAMES } from '../lists/sources.ts'
import type { ListPage, Sort } from '../state.ts'
import { barText, fitLine, type Line, line, type Style, span } from '../text/line.ts'
import { glyphsOf, type Look } from '../text/look.ts'

const GAP = ' '.repeat(COLUMN_GAP)

export interface ListPainter {
  readonly titles: Line
  row(place: number): Line
}

/** Draws the rows of a list at a width, each cell cut and filled to its column. */
export function listPainter(
  page: ListPage,
  data: ListData,
  width: number,
  look: Look,
  units: Units,
): ListPainter {
  const askedFor = [sortIn(page, data).key, ...comparedColumns(page, data)]
  const columns = fitColumns(listColumns(page, data), width, units === 'bytes', askedFor)
  const forest = isForest(page, data)
  const titles = columns.flatMap((column, index) => {
    const title = span(fitCell(titleOf(column, sortIn(page, data), look), column, look), 'faint')
    return index === 0 ? [title] : [span(GAP), title]
  })
  const cells = (row: number): Line =>
    columns.flatMap((column, index) => {
      const cell = cellOf(column, row, page, data, forest, look)
      return index === 0 ? cell : [span(GAP), ...cell]
    })
  return {
    titles,
    row: (place) => {
      const row = page.order[place]
      if (row === undefined) return []
      return data.isHeading(row) ? data.treeCell(row, page.folded.has(data.key(row)), look) : cells(row)
    },
  }
}

function titleOf(column: ListColumn, sort: Sort, look: Look): string {
  if (column.key !== sort.key) return column.title
  const { descending, ascending, ellipsis } = glyphsOf(look)
  return `${truncate(column.title, column.width - 2, ellipsis)} ${sort.descending ? descending : ascending}`
}

function cellOf(
  column: ListColumn,
  row: number,
  page: ListPage,
  data: ListData,
  forest: boolean,
  look: Look,
): Line {
  const isFolded = forest && page.folded.has(data.key(row))
  const cell = (key: string): Cell =>
    isFolded ? data.foldedCell(row, key) : data.cell(row, key, column.full === true)
  if (column.key === 'bar')
    return [span(padEnd(barOf(cell, page, data, column.width, look), column.width), 'bar')]
  if (column.key === 'tree') {
    const cell = data.treeCell(row, isFolded, look)
    // Out of the forest the tree lines lead nowhere.
    return fitLine(forest ? cell : cell.slice(1), column.width, look)
  }
  const { text } = cell(column.key)
  // The records of a kind stand on it as layers do on each other.
  const prefix =
    forest && page.view === 'cache' && column.importance === 0 ? data.tree?.(row).prefix : undefined
  const branches = drawBranches(prefix ?? '', look)
  return [span(fitCell(branches + escapeText(text), column, look))]
}

/** A bar of the bytes on disk, of a container all of them, or of the recorded ones while nothing is measured. */
function barOf(
  cellOf: (key: string) => Cell,
  page: ListPage,
  data: ListData,
  width: number,
  look: Look,
): string {
  const key = !isMeasured(data) ? 'size' : page.view === 'containers' ? 'total' : 'disk'
  const { value } = cellOf(key)
  const largest = data.largest(key, isForest(page, data) ? page.folded : undefined)
  return typeof value === 'number' ? barText(value, largest, width, look) : ''
}

function fitCell(text: string, column: ListColumn, look: Look): string {
  const cut = truncate(text, column.width, glyphsOf(look).ellipsis)
  return column.right === true ? padStart(cut, column.width) : padEnd(cut, column.width)
}

/** What stands in the place of rows where there are none. */
export function emptyListLines(page: ListPage, data: ListData, width: number): Line[] {
  const [one] = ROW_NAMES[page.view]
  if (data.count === 0) return sentences(EMPTY_LISTS[page.view], width)
  if (page.problem !== null) return sentences(`${page.problem} Esc clears the filter.`, width, 'warning')
  const keys = data.table.columns.map(({ key }) => key).join(', ')
  return [
    ...sentences(`No ${one} matches “${page.filter}”. Esc clears the filter.`, width),
    [],
    ...sentences(
      `Words are looked for everywhere, "two words" together, -word leaves out. Columns are compared as in size>1G, age>30d, label=stage=prod, unused: ${keys}.`,
      width,
      'faint',
    ),
  ]
}

const sentences = (text: string, width: number, style: Style = 'plain'): Line[] =>
  wrapText(text, width).map((part) => line(part, style))
