import { runCommand } from '../commands.ts'
import { only, type Update } from '../events.ts'
import type { CommandId } from '../keys.ts'
import { LIST_COLUMNS, startsDescending } from '../lists/columns.ts'
import { moveTo } from '../lists/move.ts'
import { dataOf, rearranged, textOf } from '../pages/page-data.ts'
import { withFilter } from '../pages/type-filter.ts'
import { currentPage, type State, VIEWS, withPage } from '../state.ts'

export const PLAIN_HELP = `A number opens that line; b goes back. Views: ${VIEWS.join(', ')}.
m or an empty line reads on; p reads the page again from its start.
/WORDS filters a list (size>1G, age>30d, unused and so on), / alone takes the filter away.
s sorts by the next column, s COLUMN by that one, S turns the order round. u changes units, a shows steps of builds.
f findings, w what frees space, r reads everything again, q quits.`

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
  r: 'rescan',
  q: 'quit',
  quit: 'quit',
  exit: 'quit',
}

/** What a typed line does, in the same state that the keys change; a line that means nothing is told so. */
export function plainCommand(state: State, typed: string): Update {
  const line = typed.trim()
  const view = VIEWS.map((name): string => name).indexOf(line.toLowerCase())
  if (view >= 0) return runCommand(state, 'view', String(view + 1))
  if (line.startsWith('/')) return only(filtered(state, line.slice(1).trim()))
  if (/^\d+$/.test(line)) return opened(state, Number(line))
  const [, column] = /^s(?:ort)? +(\S.*)$/.exec(line) ?? []
  if (column !== undefined) return only(sortedBy(state, column.toLowerCase()))
  const command = COMMANDS[line]
  if (command !== undefined) return runCommand(state, command, line)
  return only({ ...state, message: `${line} means nothing here. A question mark tells what does.` })
}

function filtered(state: State, filter: string): State {
  const page = currentPage(state)
  if (page.kind !== 'list')
    return { ...state, message: 'Only lists have filters: images, layers, and so on.' }
  return withFilter(state, page, filter)
}

function opened(state: State, choice: number): Update {
  const page = currentPage(state)
  const nothing = only({ ...state, message: `Nothing has the number ${choice} here.` })
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
