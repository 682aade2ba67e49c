import { escapeText } from '../../report/escape.ts'
import { notReadText } from '../documents/overview/stopped-part.ts'
import { trailLine } from '../frame/tabs.ts'
import { isForest, sortIn } from '../lists/arrange.ts'
import { LIST_COLUMNS } from '../lists/columns.ts'
import { listColumns } from '../lists/fit-columns.ts'
import type { ListData } from '../lists/list-data.ts'
import { EMPTY_LISTS, ROW_NAMES } from '../lists/sources.ts'
import { totalText } from '../lists/total-text.ts'
import { marksText } from '../marks/marks-text.ts'
import { dataOf, textOf } from '../pages/page-data.ts'
import { currentPage, type DocumentPage, type ListPage, type State } from '../state.ts'
import type { Line } from '../text/line.ts'
import { tourLines } from '../tour/box.ts'

/** A line of a page read aloud, with the number by which it is opened where it leads anywhere. */
export interface PlainLine {
  readonly text: string
  readonly choice: number | null
}

/** A page as lines that make sense one after the other: a title, then what stands on it, every figure with its name. */
export function pageLines(state: State): { title: string; lines: readonly PlainLine[] } {
  const page = currentPage(state)
  const trail = trailLine(state)
    .map(({ text, style }) => (style === 'faint' && text.trim().length === 1 ? ', ' : text))
    .join('')
  if (state.scan.phase === 'failed') {
    const { failure } = state.scan
    const words = [failure?.message ?? 'Something went wrong.', failure?.hint ?? ''].filter(
      (text) => text !== '',
    )
    return { title: 'Nothing could be read', lines: words.map((text) => said(escapeText(text))) }
  }
  const marks = marksText(state)
  const marked =
    marks.length === 0
      ? ''
      : `, ${marks
          .map(({ text }) => text)
          .join('')
          .replace(/^\S+ /, '')}`
  const stop = tourStop(state)
  if (page.kind === 'document')
    return { title: trail + marked, lines: [...stop, ...documentLines(state, page)] }
  const data = dataOf(state, page)
  if (data === null) return { title: trail, lines: [said('Nothing is read yet.')] }
  return {
    title: `${trail}${listTitle(page, data, state)}${marked}`,
    lines: [...stop, ...listLines(page, data, state)],
  }
}

/** What a stop of the tour tells, before the page that it is about. */
function tourStop(state: State): PlainLine[] {
  const { tour } = state
  if (tour === null || tour.isFree) return []
  const [title = '', ...text] = tourLines(state)
  return [said(`${title}.`), ...text.map((part) => said(part.trim())), said('n goes on to the next stop.')]
}

const said = (text: string): PlainLine => ({ text, choice: null })

function documentLines(state: State, page: DocumentPage): PlainLine[] {
  const { lines, items } = textOf(state, page)
  const numbers = new Map(
    items.flatMap(({ start, target }, index) => (target === null ? [] : [[start, index + 1] as const])),
  )
  return lines.flatMap((line, index): PlainLine[] => {
    const text = readable(line)
    return text === '' ? [] : [{ text, choice: numbers.get(index) ?? null }]
  })
}

/** Columns are only blanks to the ear: commas take their place. */
const readable = (line: Line): string =>
  line
    .map(({ text }) => text)
    .join('')
    .trim()
    .replace(/ {2,}/g, ', ')

function listTitle(page: ListPage, data: ListData, { units }: State): string {
  const { key, descending } = sortIn(page, data)
  const column = LIST_COLUMNS[page.view].find((each) => each.key === key)?.title ?? key
  const order = isForest(page, data)
    ? page.view === 'cache'
      ? 'by kind, each the largest first'
      : 'each layer after the one that it stands on'
    : `sorted by ${column}, ${descending ? 'from the largest or last' : 'from the smallest or first'}`
  const [one, several] = ROW_NAMES[page.view]
  const rows = page.order.filter((row) => !data.isHeading(row)).length
  const count = `${rows} ${rows === 1 ? one : several}`
  const filter = page.filter === '' ? '' : `, filter ${escapeText(page.filter)}`
  const total = totalText(page, data, Number.POSITIVE_INFINITY, units)
  return `: ${count}, ${order}${filter}${total === '' ? '' : `, in all ${total}`}`
}

function listLines(page: ListPage, data: ListData, state: State): PlainLine[] {
  if (data.count === 0)
    return [
      said(state.isReadWhole || page.view === 'files' ? EMPTY_LISTS[page.view] : notReadText(page.view)),
    ]
  if (page.problem !== null) return [said(escapeText(page.problem))]
  if (page.order.length === 0) return [said('Nothing matches the filter. A slash alone takes it away.')]
  return page.order.map((row, place) => ({ text: rowText(row, page, data, state), choice: place + 1 }))
}

function rowText(row: number, page: ListPage, data: ListData, state: State): string {
  const cells = listColumns(page, data).flatMap(({ key, title }): string[] => {
    if (key === 'bar') return []
    if (key === 'tree') return [`LAYER ${readable(data.treeCell(row, false, state.look).slice(1))}`]
    const { text } = data.cell(row, key, key !== 'id')
    return text === '' ? [] : [`${title} ${escapeText(text)}`]
  })
  if (data.isHeading(row)) return readable(data.treeCell(row, false, state.look))
  const parent = page.view === 'layers' ? [`STANDS ON ${data.cell(row, 'parent').text}`] : []
  // What a thing is called is heard first.
  const [name] = page.view === 'layers' ? cells.splice(-1) : []
  return [...(name === undefined ? [] : [name]), ...cells, ...parent].join(', ')
}
