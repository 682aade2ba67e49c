import { escapeText } from '../../report/escape.ts'
import { engineSize, formatBytes } from '../../report/units.ts'
import { columnsOf } from '../../report/width.ts'
import { wrapText } from '../../report/wrap.ts'
import { categoryText } from '../documents/categories.ts'
import { isForest, sortIn } from '../lists/arrange.ts'
import { LIST_COLUMNS } from '../lists/columns.ts'
import { objectsUpTo } from '../lists/count-rows.ts'
import { ROW_NAMES } from '../lists/sources.ts'
import { marksText } from '../marks/marks-text.ts'
import { browsedOf, dataOf, textOf } from '../pages/page-data.ts'
import { currentPage, isScanning, type ListPage, pageHeight, type State } from '../state.ts'
import { fitLine, type Line, lineWidth, type Span, span } from '../text/line.ts'
import { glyphsOf } from '../text/look.ts'
import { trailLine } from './tabs.ts'

/** The line above the keys: the filter while it is typed, what was just done, how far the scan is, where one stands. */
export function statusLine(state: State, width: number): Line {
  // A message may need the whole line.
  const hasPosition = state.message === '' && state.exporting === null && state.palette === null
  const right = hasPosition ? positionText(state) : []
  const room = width - lineWidth(right) - 2
  return [...fitLine(leftText(state, room), Math.max(0, room), state.look), span('  '), ...right]
}

/** What of the message has to stand above the line, since nothing of it is ever cut. */
export function messageAbove(state: State, width: number): string[] {
  const parts = messageParts(state, width)
  return state.exporting === null ? parts.slice(0, -1) : parts
}

const messageParts = (state: State, width: number): string[] =>
  state.message === '' ? [] : wrapText(state.message, width)

function leftText(state: State, width: number): Line {
  if (state.exporting !== null)
    return typedLine(width < 60 ? 'Write to: ' : 'Write the report to: ', state.exporting.path, width, state)
  const page = currentPage(state)
  if (state.typing && page.kind === 'list') return typedLine('/', page.filter, width, state)
  if (state.message !== '') return [span(messageParts(state, width).at(-1) ?? '', 'strong')]
  const scan = scanText(state)
  const marks = marksText(state)
  const list = page.kind === 'list' ? listText(state, page) : []
  const parts = [scan === '' ? [] : [span(scan)], marks, list].filter((part) => part.length > 0)
  return parts.flatMap((part, index) => [...(index === 0 ? [] : [span('  ')]), ...part])
}

/** What is typed, with the cursor behind it; of what is too long its end is shown. */
function typedLine(before: string, typed: string, width: number, { look }: State): Line {
  const text = escapeText(typed)
  const room = Math.max(1, width - before.length - 1)
  const { ellipsis } = glyphsOf(look)
  // No more of a long text is measured than has room.
  let shown = [...text].slice(-room).join('')
  while (columnsOf(shown) > room - 1 && shown !== '') shown = [...shown].slice(1).join('')
  return [span(before, 'strong'), span(shown === text ? text : `${ellipsis}${shown}`), span(' ', 'active')]
}

/** What the scan is doing, in words; nothing once it is done. */
export function scanText(state: State): string {
  const { scan } = state
  if (!isScanning(state)) return state.isReadWhole ? '' : 'Reading was stopped: not all is here.'
  if (scan.isStopping) return 'Stopping…'
  const rate = scan.filesPerSecond > 0 ? `, ${scan.filesPerSecond}/s` : ''
  if (scan.phase === 'reading') return scan.files === 0 ? 'Reading…' : `Reading: ${scan.files} files${rate}`
  if (scan.phase === 'verifying') return `Verifying: ${scan.files} files${rate}`
  return `Measuring: ${scan.files} inodes, ${engineSize(scan.diskBytes, 3)}${rate}`
}

function listText(state: State, page: ListPage): Span[] {
  if (page.view === 'files') return directoryText(state, page)
  const data = dataOf(state, page)
  if (data === null) return []
  // A list that was opened from elsewhere has its titles where other pages have the way to them.
  const spans: Span[] = state.opened.length > 0 ? [...trailLine(state), span('  ')] : []
  if (page.filter !== '') spans.push(span('filter '), span(page.filter, 'strong'), span('  '))
  if (data.count === 0) return spans
  if (isForest(page, data)) spans.push(span(page.view === 'cache' ? 'by kind' : 'as a forest', 'faint'))
  else {
    const { key, descending: isDescending } = sortIn(page, data)
    const title = LIST_COLUMNS[page.view].find((column) => column.key === key)?.title ?? key
    const mark = isDescending ? glyphsOf(state.look).descending : glyphsOf(state.look).ascending
    spans.push(span(`by ${title.toLowerCase()} ${mark}`, 'faint'))
  }
  if (page.all) spans.push(span('  steps of builds too', 'faint'))
  return spans
}

/** How much of the directory is summed up. */
function directoryText(state: State, page: ListPage): Span[] {
  const browsed = browsedOf(state, page)
  if (browsed === null || page.place === null) return []
  const { diskBytes, inodes, isDone, walked, unreadable } = browsed
  const sum = `${isDone ? '' : `adding up: ${walked} inodes so far, `}${formatBytes(diskBytes, state.units)} in ${inodes} ${inodes === 1 ? 'inode' : 'inodes'}`
  return [
    ...(page.place.category === undefined
      ? []
      : [span(`${categoryText(page.place.category).name}  `, 'strong')]),
    span(sum, 'faint'),
    ...(unreadable > 0 ? [span(`, ${unreadable} not readable`, 'warning')] : []),
    ...(page.filter === '' ? [] : [span('  filter '), span(page.filter, 'strong')]),
  ]
}

function positionText(state: State): Line {
  const page = currentPage(state)
  if (state.report === null) return []
  if (page.kind === 'list') return listPosition(state, page)
  const { lines } = textOf(state, page)
  const height = pageHeight(state)
  if (lines.length <= height) return []
  const share = Math.round((page.top * 100) / (lines.length - height))
  return [span(share === 0 ? 'top' : share === 100 ? 'end' : `${share}%`, 'faint')]
}

function listPosition(state: State, page: ListPage): Line {
  const data = dataOf(state, page)
  if (data === null || data.count === 0) return []
  const [one, several] = ROW_NAMES[page.view]
  const upTo = objectsUpTo(page, data)
  const shown = upTo(page.order.length - 1)
  // A heading stands before the first of its objects.
  const at = Math.min(shown, (page.cursor === 0 ? 0 : upTo(page.cursor - 1)) + 1)
  const place = shown === 0 ? '' : `${at}/`
  const rows = page.view === 'images' ? ['name', 'names'] : [one, several]
  return [span(`${place}${shown} ${shown === 1 ? rows[0] : rows[1]}`, 'faint')]
}
