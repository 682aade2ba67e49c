import { type Effect, only, type Update } from '../events.ts'
import type { KeyEvent } from '../screen/keys.ts'
import type { State } from '../state.ts'
import { editText } from '../text/edit-text.ts'

/** Where the report is to be written, while that is asked for. */
export interface ExportPrompt {
  readonly path: string
  /** The path that is there already: a second Enter on it overwrites it. */
  readonly existing: string | null
}

/** What became of writing the report. */
export type ExportOutcome =
  | { readonly kind: 'exists'; readonly path: string }
  | { readonly kind: 'written'; readonly path: string; readonly bytes: number }
  | { readonly kind: 'failed'; readonly message: string }

/** Asks where to write the report; there has to be one. */
export function openExport(state: State): State {
  const { report } = state
  if (report === null) return { ...state, message: 'There is no report yet: nothing was read so far.' }
  const path = `./layerscope-${report.generatedAt.slice(0, 10)}.json`
  return { ...state, exporting: { path, existing: null } }
}

/** What a key does while a path is asked for. */
export function typeExport(state: State, prompt: ExportPrompt, input: KeyEvent): Update {
  const key = input.kind === 'key' ? input.key : ''
  if (key === 'esc') return only({ ...state, exporting: null, message: 'Nothing was written.' })
  if (key === 'enter') return write(state, prompt)
  const path = editText(prompt.path, input)
  return only(path === null ? state : { ...state, exporting: { path, existing: null } })
}

function write(state: State, prompt: ExportPrompt): Update {
  const path = prompt.path.trim()
  if (state.report === null || path === '') return only(state)
  const overwrite = prompt.existing === prompt.path
  const effect: Effect = { kind: 'export', report: state.report, path, overwrite }
  return only({ ...state, message: 'Writing…' }, effect)
}

/** The state once it is known what became of the report. */
export function withExported(state: State, outcome: ExportOutcome): State {
  switch (outcome.kind) {
    case 'exists':
      return state.exporting === null
        ? state
        : {
            ...state,
            exporting: { ...state.exporting, existing: state.exporting.path },
            message: `${outcome.path} is there already. Enter again writes over it; nothing was written yet.`,
          }
    case 'written':
      return {
        ...state,
        exporting: null,
        message: `The report is in ${outcome.path}: ${outcome.bytes} bytes, readable for you alone.`,
      }
    case 'failed':
      return { ...state, message: outcome.message }
  }
}
