import { type Effect, only, type Update } from '../events.ts'
import type { State } from '../state.ts'
import { settledState } from '../update.ts'
import { type PlainLine, pageLines } from './page-lines.ts'
import { PLAIN_HELP, plainCommand } from './plain-command.ts'

/** So many lines are read at once; `m` reads on. */
const READ_AT_ONCE = 25

/** Where one is in the text mode: the same state as that of the screen, and how far its page was read. */
export interface Reading {
  readonly state: State
  readonly read: number
  /** Where the part that was read last begins. */
  readonly from?: number
  /** The same of each page that one came through, for the way back. */
  readonly way?: readonly number[]
  /** What is said next: the page with its title, or the title alone. */
  readonly next?: 'page' | 'title' | undefined
}

/** What a typed line does, and whether the page is to be read: from its start, or on from where reading stopped. */
export function afterLine(
  reading: Reading,
  line: string,
): { reading: Reading; effects: readonly Effect[]; says: string } {
  const { state } = reading
  const command = line.trim()
  const nothing: Update = only(state)
  if (command === '?' || command === 'h' || command === 'help')
    return { reading, effects: nothing.effects, says: PLAIN_HELP }
  if (command === '' || command === 'm') return { ...readOn(reading), effects: [] }
  if (command === 'p') return { ...readOn({ ...reading, read: 0, next: 'page' }), effects: [] }
  const update = plainCommand({ ...state, message: '' }, line)
  const next = settledState(update)
  return { reading: { ...placed(reading, next.state), state: next.state }, effects: next.effects, says: '' }
}

/** Where reading goes on after a command: where it was on a page that one comes back to, else at the start. */
function placed({ state, read, from = 0, way = [] }: Reading, next: State): Omit<Reading, 'state'> {
  const deeper = next.opened.length - state.opened.length
  if (next.marks !== state.marks && deeper === 0) return { read, from, way, next: 'title' }
  if (next.view !== state.view || next.tour !== state.tour) return { read: 0, next: 'page' }
  if (deeper > 0) return { read: 0, way: [...way, from], next: 'page' }
  if (deeper < 0) {
    const start = way[next.opened.length] ?? 0
    return { read: start, way: way.slice(0, next.opened.length), next: 'page' }
  }
  return { read: 0, way, next: 'page' }
}

/** The next part of the page on screen. */
export function readOn(reading: Reading): { reading: Reading; says: string } {
  const { state, read, next } = reading
  const { title, lines } = pageLines(state)
  if (next === 'title')
    return { reading: { ...reading, state: quiet(state), next: undefined }, says: said(state, `${title}.`) }
  const part = lines.slice(read, read + READ_AT_ONCE)
  const end = read + part.length
  const rest = lines.length - end
  const says = [
    ...(read === 0 ? [`${title}.`] : next === 'page' ? [`${title}, from line ${read + 1} on.`] : []),
    ...(part.length === 0 ? ['This is the end of the page.'] : part.map(lineText)),
    ...(rest > 0 ? [`${rest} more ${rest === 1 ? 'line' : 'lines'}: m reads on.`] : []),
  ]
  return {
    reading: { ...reading, state: quiet(state), read: end, from: read, next: undefined },
    says: said(state, says.join('\n')),
  }
}

const quiet = (state: State): State => ({ ...state, message: '' })

/** What the last command has to say comes first. */
const said = ({ message }: State, text: string): string => (message === '' ? text : `${message}\n${text}`)

const lineText = ({ text, choice }: PlainLine): string => (choice === null ? text : `${choice}. ${text}`)

export const PROMPT = 'Number, b back, / filter, s sort, ? help, q quit: '

/** Whether something that was asked for has not come yet. */
export const isWaiting = ({ state }: Reading): boolean =>
  [...state.replies.values()].some((reply) => reply === null)
