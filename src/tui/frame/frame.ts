import { fillLines } from '../../report/fill.ts'
import { columnsOf } from '../../report/width.ts'
import { wrapText } from '../../report/wrap.ts'
import { selectedItem } from '../documents/move.ts'
import { notReadText } from '../documents/overview/stopped-part.ts'
import { pageText, subjectTitle } from '../documents/page-text.ts'
import type { ListData } from '../lists/list-data.ts'
import { selectedRow } from '../lists/move.ts'
import { totalText } from '../lists/total-text.ts'
import { type ObjectRef, refKey } from '../objects.ts'
import { dataOf, textOf } from '../pages/page-data.ts'
import { paletteLines } from '../palette/draw-palette.ts'
import type { Palette } from '../palette/palette.ts'
import { outcomeOf } from '../questions.ts'
import {
  currentPage,
  type DocumentPage,
  hasTitles,
  hasTotal,
  isScanning,
  type ListPage,
  PANE_FROM_COLUMNS,
  pageHeight,
  SMALLEST,
  type State,
} from '../state.ts'
import { EMPTY_LINE, type Line, line, paintLine, span } from '../text/line.ts'
import { glyphsOf } from '../text/look.ts'
import { tourLines } from '../tour/box.ts'
import { footerLine } from './footer.ts'
import { emptyListLines, listPainter } from './list-rows.ts'
import { pathLine } from './path-line.ts'
import { messageAbove, scanText, statusLine } from './status-line.ts'
import { tabsLine, trailLine } from './tabs.ts'

/** The whole screen for a state: one text per row, each exactly as wide as the screen. */
export function drawFrame(state: State): string[] {
  const { columns, rows, look } = state
  if (columns < SMALLEST.columns || rows < SMALLEST.rows) return drawTooSmall(state)
  const painted = (spans: Line): string => paintLine(spans, columns, look)
  const body = drawBody(state)
  const room = rows - 3
  while (body.length < room) body.push(painted(EMPTY_LINE))
  const tour = drawTour(state)
  const words = messageAbove(state, columns - 4).slice(0, Math.max(0, room - 1))
  return [
    painted([span(' '), ...tabsLine(state, columns - 2)]),
    ...body.slice(0, room - words.length - tour.length),
    ...tour,
    ...words.map((part) => painted([span(' '), span(part, 'strong')])),
    painted([span(' '), ...statusLine(state, columns - 2)]),
    painted([span(' '), ...footerLine(state, columns - 2)]),
  ].slice(0, rows)
}

/** The box of the tour: its title in a rule, its text below. */
function drawTour(state: State): string[] {
  const { columns, look } = state
  const [title, ...text] = tourLines(state)
  if (title === undefined) return []
  const rule = (look.ascii ? '-' : '─').repeat(Math.max(0, columns - columnsOf(title) - 3))
  return [
    paintLine([span(` ${title} `, 'active'), span(rule, 'faint')], columns, look),
    ...text.map((part) => paintLine([span('  '), span(part)], columns, look)),
  ]
}

function drawBody(state: State): string[] {
  const { columns, look, scan } = state
  if (state.palette !== null) return drawPalette(state, state.palette)
  if (scan.phase === 'failed') return drawSentences(state, failureLines(state))
  const page = currentPage(state)
  if (page.kind === 'document') return drawDocument(state, page)
  if (state.report === null) {
    const waiting = scanText(state) || 'Nothing was read.'
    return [
      paintLine(EMPTY_LINE, columns, look),
      ...drawSentences(state, [line(waiting), ...fileSystemLines(state)]),
    ]
  }
  return drawList(state, page)
}

/** How full the disks are, which is known before anything is read. */
const fileSystemLines = ({ fileSystems, units }: State): Line[] =>
  fileSystems.flatMap(({ path, fileSystem }) => [
    EMPTY_LINE,
    ...(fileSystems.length > 1 ? [line(path)] : []),
    ...fillLines(fileSystem, units).map((text) => line(text)),
  ])

function drawPalette(state: State, palette: Palette): string[] {
  const height = state.rows - 4
  const { prompt, rows } = paletteLines(state, palette, state.columns - 3, height)
  return [
    drawRow(state, prompt, state.columns, false, 'none'),
    ...rows.map(({ line: spans, isChosen }) =>
      drawRow(state, spans, state.columns, isChosen, isChosen ? 'selected' : 'none'),
    ),
  ]
}

const isMarked = ({ marks }: State, ref: ObjectRef | null): boolean =>
  marks.size > 0 && ref !== null && marks.has(refKey(ref))

function drawDocument(state: State, page: DocumentPage): string[] {
  const { columns, look } = state
  const height = pageHeight(state, page)
  const text = textOf(state, page)
  const selected = selectedItem(page, text, height)
  // On a page about one object most lines lead nowhere: those that do are marked.
  const leads = new Set(
    page.subject.kind === 'object' || page.subject.kind === 'explain'
      ? text.items.filter(({ target }) => target !== null).map(({ start }) => start)
      : [],
  )
  const marked = new Set(
    text.items
      .filter(({ target }) => target?.kind === 'object' && isMarked(state, target.ref))
      .map(({ start }) => start),
  )
  const rows = hasTitles(page) ? [paintLine([span(' '), ...trailLine(state)], columns, look)] : []
  if (state.report === null && page.subject.kind !== 'help')
    return [
      ...rows,
      ...drawSentences(state, [line(`Reading ${state.roots.join(', ')}`), ...fileSystemLines(state)]),
    ]
  for (let at = page.top; at < Math.min(text.lines.length, page.top + height); at++) {
    const isSelected = selected !== null && at >= selected.start && at < selected.end
    rows.push(
      drawRow(
        state,
        text.lines[at] ?? EMPTY_LINE,
        columns,
        isSelected,
        isSelected && at === Math.max(selected.start, page.top)
          ? 'selected'
          : leads.has(at)
            ? 'leads'
            : 'none',
        marked.has(at),
      ),
    )
  }
  return rows
}

type Sign = 'selected' | 'leads' | 'none'

/** One row with its sign: inverse where it is selected, and an arrow, which also shows where nothing is inverse. */
function drawRow(
  state: State,
  spans: Line,
  width: number,
  isSelected: boolean,
  sign: Sign,
  isMarked = false,
): string {
  const glyphs = glyphsOf(state.look)
  const shown =
    sign === 'selected' ? span(glyphs.selected) : sign === 'leads' ? span(glyphs.link, 'faint') : span(' ')
  const mark = isMarked ? span(glyphs.marked, 'strong') : span(' ')
  return paintLine([shown, mark, ...spans], width, state.look, isSelected)
}

function drawList(state: State, page: ListPage): string[] {
  const { columns, look, units } = state
  const data = dataOf(state, page)
  if (data === null) return page.view === 'files' ? drawUnknown(state, page) : []
  const height = pageHeight(state, page)
  const paneWidth = columns >= PANE_FROM_COLUMNS && page.view !== 'files' ? Math.floor(columns * 0.44) : 0
  const listWidth = columns - paneWidth
  const painter = listPainter(page, data, listWidth - 3, look, units)
  const titles = data.count === 0 ? EMPTY_LINE : painter.titles
  const path = page.place === null ? [] : [[span('  '), ...pathLine(state, page.place, listWidth - 4)]]
  const rows = [...path, [span('  '), ...titles]].map((spans) => paintLine(spans, listWidth, look))
  if (page.order.length === 0)
    rows.push(
      ...emptyLines(state, page, data, listWidth - 4).map((spans) =>
        drawRow(state, spans, listWidth, false, 'none'),
      ),
    )
  const refOf = (place: number): ObjectRef | null => {
    const row = page.order[place]
    return row === undefined ? null : data.ref(row)
  }
  const end = Math.min(page.order.length, page.top + height)
  for (let place = page.top; place < end; place++)
    rows.push(
      drawRow(
        state,
        painter.row(place),
        listWidth,
        place === page.cursor,
        place === page.cursor ? 'selected' : 'none',
        isMarked(state, refOf(place)),
      ),
    )
  const isSummedUp = hasTotal(state, page)
  if (isSummedUp) {
    while (rows.length <= height) rows.push(' '.repeat(listWidth))
    const total = totalText(page, data, listWidth - 3, units)
    rows.push(paintLine([span('  '), span(total, 'strong')], listWidth, look))
  }
  if (paneWidth === 0) return rows
  const pane = drawPane(state, page, paneWidth, height + (isSummedUp ? 1 : 0))
  return Array.from(
    { length: pane.length },
    (_, index) => (rows[index] ?? ' '.repeat(listWidth)) + (pane[index] ?? ''),
  )
}

/** In the place of the rows of a list that has none. */
function emptyLines(state: State, page: ListPage, data: ListData, width: number): Line[] {
  if (data.count > 0 || state.isReadWhole || page.view === 'files') return emptyListLines(page, data, width)
  return wrapText(notReadText(page.view), width).map((part) => line(part, 'warning'))
}

/** In the place of a directory whose entries are not known: that they are looked up, or why there are none. */
function drawUnknown(state: State, { place }: ListPage): string[] {
  if (place === null) return []
  const outcome = outcomeOf(state.replies, { kind: 'directory', ...place })
  const text =
    outcome?.ok === false
      ? outcome.message
      : isScanning(state)
        ? 'Directories can be looked into when everything is read and measured.'
        : 'Being read…'
  const lines = wrapText(text, state.columns - 4).map((part) =>
    line(part, outcome?.ok === false ? 'warning' : 'faint'),
  )
  return [
    paintLine([span(' '), ...trailLine(state)], state.columns, state.look),
    ...drawSentences(state, lines),
  ]
}

/** Beside a list on a wide screen: what Enter would open, as far as it fits. */
function drawPane(state: State, page: ListPage, width: number, height: number): string[] {
  const { look } = state
  const edge = span(`${glyphsOf(look).paneEdge} `, 'faint')
  const row = selectedRow(page)
  const ref = row === null ? null : (dataOf(state, page)?.ref(row) ?? null)
  const subject = ref === null ? null : ({ kind: 'object', ref } as const)
  const lines = subject === null ? [] : pageText(state, subject, width - 3).lines
  const title = subject === null ? EMPTY_LINE : line(subjectTitle(subject, state.report), 'strong')
  return Array.from({ length: height + 1 }, (_, index) =>
    paintLine([edge, ...(index === 0 ? title : (lines[index - 1] ?? EMPTY_LINE))], width, look),
  )
}

function failureLines(state: State): Line[] {
  const { failure } = state.scan
  const width = Math.min(state.columns - 4, 100)
  const hint = failure?.hint ?? null
  return [
    ...wrapText(failure?.message ?? 'Something went wrong.', width).map((part) => line(part, 'error')),
    ...(hint === null ? [] : [EMPTY_LINE, ...wrapText(hint, width).map((part) => line(part))]),
    EMPTY_LINE,
    [span('r', 'strong'), span(' reads again   ', 'faint'), span('q', 'strong'), span(' quits', 'faint')],
  ]
}

function drawSentences(state: State, lines: readonly Line[]): string[] {
  return [EMPTY_LINE, ...lines].map((spans) => drawRow(state, spans, state.columns, false, 'none'))
}

function drawTooSmall({ columns, rows, look }: State): string[] {
  const sentence = `layerscope needs ${SMALLEST.columns}x${SMALLEST.rows} characters; this terminal has ${columns}x${rows}. Make it larger, or press q.`
  return wrapText(sentence, columns)
    .slice(0, rows)
    .map((part) => paintLine(line(part), columns, look))
}
