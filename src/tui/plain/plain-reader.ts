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
  if (command === 'p') return { ...readOn({ state, read: 0 }), effects: [] }
  const update = plainCommand({ ...state, message: '' }, line)
  const next = settledState(update)
  return { reading: { state: next.state, read: 0 }, effects: next.effects, says: '' }
}

/** The next part of the page on screen. */
export function readOn({ state, read }: Reading): { reading: Reading; says: string } {
  const { title, lines } = pageLines(state)
  const part = lines.slice(read, read + READ_AT_ONCE)
  const end = read + part.length
  const rest = lines.length - end
  const says = [
    ...(state.message === '' ? [] : [state.message]),
    ...(read === 0 ? [`${title}.`] : []),
    ...(part.length === 0 ? ['This is the end of the page.'] : part.map(lineText)),
    ...(rest > 0 ? [`${rest} more ${rest === 1 ? 'line' : 'lines'}: m reads on.`] : []),
  ]
  return { reading: { state: { ...state, message: '' }, read: end }, says: says.join('\n') }
}

const lineText = ({ text, choice }: PlainLine): string => (choice === null ? text : `${choice}. ${text}`)

export const PROMPT = 'Number, b back, / filter, s sort, ? help, q quit: '

/** Whether something that was asked for has not come yet. */
export const isWaiting = ({ state }: Reading): boolean =>
  [...state.replies.values()].some((reply) => reply === null)
