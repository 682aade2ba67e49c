import type { Report } from '../../../src/report/schema.ts'
import type { Effect, ScanEvent } from '../../../src/tui/events.ts'
import { drawFrame } from '../../../src/tui/frame/frame.ts'
import type { Question, Reply } from '../../../src/tui/questions.ts'
import type { KeyEvent } from '../../../src/tui/screen/keys.ts'
import { initialState, type Settings, type State } from '../../../src/tui/state.ts'
import { updateAll } from '../../../src/tui/update.ts'

/** A user at the keyboard, without a terminal: keys go in, the rows of the screen come out. */
export interface Journey {
  readonly state: State
  /** What the program was told to do, but for questions. */
  readonly effects: readonly Effect[]
  /** What the scan thread was asked. */
  readonly questions: readonly Question[]
  /** Names of keys, each a press of its own; all of them are one read. */
  press(...keys: string[]): Journey
  /** Letters, one key each. */
  type(text: string): Journey
  paste(text: string): Journey
  resize(columns: number, rows: number): Journey
  scan(event: ScanEvent): Journey
  /** The scan thread answers. */
  answer(reply: Reply): Journey
  /** The same without what was done and asked before. */
  readonly forgetful: Journey
  /** The screen without styles, blanks at the ends left out. */
  readonly rows: readonly string[]
  readonly screen: string
  /** The row under the selection mark, without it. */
  readonly selected: string
}

const SETTINGS: Settings = {
  columns: 80,
  rows: 24,
  look: { color: true, ascii: false },
  units: 'decimal',
  measure: true,
  roots: ['/data'],
  notice: '',
  tour: false,
}

/** Starts before anything is read. */
export function start(settings: Partial<Settings> = {}): Journey {
  return journey(initialState({ ...SETTINGS, ...settings }), [])
}

/** Starts with everything read and measured. */
export const open = (report: Report, settings: Partial<Settings> = {}): Journey =>
  start(settings).scan({ kind: 'done', report, exact: true, wasStopped: false })

const STYLES = /\x1b\[[\d;]*m/g

function journey(state: State, effects: readonly Effect[]): Journey {
  const after = (events: Parameters<typeof updateAll>[1]): Journey => {
    const next = updateAll(state, events)
    return journey(next.state, [...effects, ...next.effects])
  }
  const input = (inputs: readonly KeyEvent[]): Journey =>
    after(inputs.map((each) => ({ kind: 'input', input: each })))
  const rows = (): string[] => drawFrame(state).map((row) => row.replace(STYLES, '').trimEnd())
  return {
    state,
    effects: effects.filter(({ kind }) => kind !== 'ask'),
    questions: effects.flatMap((effect) => (effect.kind === 'ask' ? [effect.question] : [])),
    press: (...keys) => input(keys.map((key) => ({ kind: 'key', key }))),
    type: (text) => input([...text].map((key) => ({ kind: 'key', key: key === ' ' ? 'space' : key }))),
    paste: (text) => input([{ kind: 'paste', text }]),
    resize: (columns, rowCount) => after([{ kind: 'resized', columns, rows: rowCount }]),
    scan: (event) => after([{ kind: 'scan', scan: event }]),
    answer: (reply) => after([reply]),
    get forgetful() {
      return journey(state, [])
    },
    get rows() {
      return rows()
    },
    get screen() {
      return rows().join('\n')
    },
    get selected() {
      const mark = state.look.ascii ? '>' : '▸'
      return (
        rows()
          .find((row) => row.startsWith(mark))
          ?.slice(2) ?? ''
      )
    },
  }
}
