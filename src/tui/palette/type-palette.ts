import { runCommand } from '../commands.ts'
import { only, type Update } from '../events.ts'
import { openTargetAt } from '../pages/open-page.ts'
import type { KeyEvent } from '../screen/keys.ts'
import type { State } from '../state.ts'
import { editText } from '../text/edit-text.ts'
import { type Palette, type Result, resultsOf, withText } from './palette.ts'

const STEPS: Readonly<Record<string, number>> = {
  down: 1,
  up: -1,
  'ctrl-n': 1,
  'ctrl-p': -1,
  tab: 1,
  'shift-tab': -1,
  pagedown: 10,
  pageup: -10,
}

/** What a key does while the palette is open. */
export function typePalette(state: State, palette: Palette, input: KeyEvent): Update {
  const key = input.kind === 'key' ? input.key : ''
  const step = STEPS[key]
  if (step !== undefined) return only({ ...state, palette: moved(palette, step) })
  if (key === 'esc' || (key === 'backspace' && palette.text === '')) return only({ ...state, palette: null })
  if (key === 'enter') return chosen(state, palette)
  const text = editText(palette.text, input)
  return only(text === null ? state : { ...state, palette: withText(palette, text) })
}

function moved(palette: Palette, step: number): Palette {
  const last = resultsOf(palette).length - 1
  return { ...palette, cursor: Math.max(0, Math.min(palette.cursor + step, last)) }
}

function chosen(state: State, palette: Palette): Update {
  const result: Result | undefined = resultsOf(palette)[palette.cursor]
  if (result === undefined) return only(state)
  const closed = { ...state, palette: null }
  if (result.kind === 'command') return runCommand(closed, result.binding.command, result.key)
  return only(openTargetAt(closed, result.entry.target, result.entry.item))
}
