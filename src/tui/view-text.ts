import { layOut } from '../report/table.ts'
import { pageText } from './documents/page-text.ts'
import { trailLine } from './frame/tabs.ts'
import { listColumns } from './lists/fit-columns.ts'
import { totalText } from './lists/total-text.ts'
import { dataOf } from './pages/page-data.ts'
import { currentPage, type ListPage, type State } from './state.ts'
import type { Line } from './text/line.ts'

/** Wider than any line, so that nothing is broken or cut. */
const NO_WIDTH = 100_000
/** Higher than any list that a page fits to the screen. */
const NO_HEIGHT = 1000

/** The view on screen as text, all of its rows and nothing cut; null where there is nothing to show yet. */
export function viewText(state: State): string | null {
  const page = currentPage(state)
  if (state.report === null) return null
  const trail = plain(trailLine(state))
  if (page.kind === 'list')
    return [`${trail}${page.filter === '' ? '' : `  filter ${page.filter}`}`, listText(state, page)].join(
      '\n',
    )
  const large = { ...state, rows: NO_HEIGHT }
  const { lines } = pageText(large, { ...page.subject }, NO_WIDTH)
  return [trail, '', ...lines.map(plain)].join('\n').trimEnd()
}

function listText(state: State, page: ListPage): string {
  const data = dataOf(state, page)
  if (data === null) return ''
  const columns = listColumns(page, data).filter(({ key }) => key !== 'bar')
  // Ids are as short as on screen, or most lines would be broken; who wants them in full says so.
  const rows = page.order.map((row) =>
    columns.map(({ key, full }) =>
      key === 'tree'
        ? plain(data.treeCell(row, page.folded.has(data.key(row)), state.look))
        : data.cell(row, key, !state.truncate || full === true).text,
    ),
  )
  const table = layOut(
    columns.map(({ title }) => title),
    rows,
    columns.map(({ right }) => right === true),
  )
  const total = totalText(page, data, NO_WIDTH, state.units)
  return total === '' ? table : `${table}\n${total}`
}

/** A line without its styles; what stands in it is escaped already. */
const plain = (line: Line): string =>
  line
    .map(({ text }) => text)
    .join('')
    .trimEnd()
