import { runCommand } from '../commands.ts'
import { only, type Update } from '../events.ts'
import type { CommandId } from '../key-table.ts'
import { LIST_COLUMNS, startsDescending } from '../lists/columns.ts'
import { moveTo } from '../lists/move.ts'
import { openTargetAt } from '../pages/open-page.ts'
import { dataOf, rearranged, textOf } from '../pages/page-data.ts'
import { withFilter } from '../pages/type-filter.ts'
import { openPalette, resultsOf, searched, withText } from '../palette/palette.ts'
import { contextOf, currentPage, type State, VIEWS, withPage } from '../state.ts'

export const PLAIN_HELP = `A number opens that line; b goes back to where reading was. Views: ${VIEWS.join(', ')}.
m or an empty line reads on; p reads the page again from its start.
/WORDS filters a list (size>1G, age>30d, unused and so on), / alone takes the filter away.
s sorts by the next column, s COLUMN by that one, S turns the order round. u changes units, a shows steps of builds.
:NAME opens what has that name, id or path. x tells how the thing of this page is put together, x 3 that of line 3.
mark 3 marks line 3 to be removed, mark what the page is about, U takes all marks away; nothing is removed here.
f findings, w what frees space and what removing the marked does, r reads everything again, q quits.
In the tour n goes to the next stop, N to the one before, T back to it. The keys that copy, export and print are on the screen only.`

const COMMANDS: Readonly<Record<string, CommandId>> = {
  b: 'back',
  back: 'back',
  s: 'sort',
  sort: 'sort',
  S: 'reverse',
  u: 'units',
  a: 'toggle-all',
  f: 'findings',
  findings: 'findings',
  w: 'ways',
  x: 'explain',
  mark: 'mark',
  U: 'clear-marks',
  T: 'tour-back',
  r: 'rescan',
  q: 'quit',
  quit: 'quit',
  exit: 'quit',
}

/** What a typed line does, in the same state that the keys change; a line that means nothing is told so. */
export function plainCommand(before: State, typed: string): Update {
  const line = typed.trim()
  if (line === 'n' || line === 'N') return toStop(before, line)
  // Whatever else is done leaves the stop; T comes back to it.
  const state =
    before.tour === null || before.tour.isFree
      ? before
      : { ...before, tour: { ...before.tour, isFree: true } }
  const view = VIEWS.map((name): string => name).indexOf(line.toLowerCase())
  if (view >= 0) return runCommand(state, 'view', String(view + 1))
  if (line.startsWith('/')) return only(filtered(state, line.slice(1).trim()))
  if (/^\d+$/.test(line)) return opened(state, Number(line))
  const [, column] = /^s(?:ort)? +(\S.*)$/.exec(line) ?? []
  if (column !== undefined) return only(sortedBy(state, column.toLowerCase()))
  if (line.startsWith(':')) return only(found(state, line.slice(1)))
  const [, verb, number] = /^(x|mark) +(\d+)$/.exec(line) ?? []
  if (verb !== undefined) return onLine(state, COMMANDS[verb] ?? 'explain', Number(number))
  const command = COMMANDS[line]
  if ((line === 'x' || line === 'mark') && currentPage(state).kind === 'list')
    return only({ ...state, message: `In a list it takes the number of a line: ${line} 3.` })
  if (command !== undefined) return runCommand(state, command, line)
  return only({ ...state, message: `${line} means nothing here. A question mark tells what does.` })
}

function toStop(state: State, line: 'n' | 'N'): Update {
  if (state.tour === null)
    return only({ ...state, message: 'No tour is under way: layerscope tour --plain begins one.' })
  return runCommand(state, line === 'n' ? 'tour-next' : 'tour-previous', line)
}

/** Opens the best of what a name, an id or a path finds. */
function found(state: State, text: string): State {
  const { report } = state
  if (report === null || text.trim() === '')
    return { ...state, message: 'A name, an id or a path follows the colon.' }
  const palette = searched(withText(openPalette(contextOf(state), report), text), () => false)
  const entries = resultsOf(palette).flatMap((result) => (result.kind === 'entry' ? [result.entry] : []))
  const [best] = entries
  if (best === undefined) return { ...state, message: 'Nothing here has that name, id or path.' }
  const message =
    entries.length === 1 || palette.search.best[0]?.length === 1
      ? ''
      : `This is the best of ${palette.search.count} that were found; more of the name finds another.`
  return { ...openTargetAt(state, best.target, best.item), message }
}

/** A command about the thing of one line. */
function onLine(state: State, command: CommandId, choice: number): Update {
  const page = currentPage(state)
  if (page.kind === 'list') {
    const data = dataOf(state, page)
    if (data === null || choice < 1 || choice > page.order.length) return noLine(state, choice)
    return runCommand(withPage(state, moveTo(page, data, choice - 1)), command, '')
  }
  const item = textOf(state, page).items[choice - 1]
  return item === undefined
    ? noLine(state, choice)
    : runCommand(withPage(state, { ...page, item: item.key }), command, '')
}

const noLine = (state: State, choice: number): Update =>
  only({ ...state, message: `Nothing has the number ${choice} here.` })

function filtered(state: State, filter: string): State {
  const page = currentPage(state)
  if (page.kind !== 'list')
    return { ...state, message: 'Only lists have filters: images, layers, and so on.' }
  return withFilter(state, page, filter)
}

function opened(state: State, choice: number): Update {
  const page = currentPage(state)
  const nothing = noLine(state, choice)
  if (page.kind === 'list') {
    const data = dataOf(state, page)
    if (data === null || choice < 1 || choice > page.order.length) return nothing
    return runCommand(withPage(state, moveTo(page, data, choice - 1)), 'open', 'enter')
  }
  const item = textOf(state, page).items[choice - 1]
  if (item === undefined || item.target === null) return nothing
  return runCommand(withPage(state, { ...page, item: item.key }), 'open', 'enter')
}

function sortedBy(state: State, name: string): State {
  const page = currentPage(state)
  if (page.kind !== 'list') return { ...state, message: 'Only lists are sorted: images, layers, and so on.' }
  const columns = LIST_COLUMNS[page.view].filter(({ key }) => key !== 'bar' && key !== 'tree')
  const column = columns.find(({ key, title }) => key === name || title.toLowerCase() === name)
  if (column === undefined)
    return {
      ...state,
      message: `There is no column ${name}; there are ${columns.map(({ key }) => key).join(', ')}.`,
    }
  const sort = { key: column.key, descending: startsDescending(page.view, column.key) }
  return withPage(state, rearranged(state, { ...page, sort }))
}
