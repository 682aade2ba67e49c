import type { Report } from '../report/schema.ts'
import { runCommand } from './commands.ts'
import { type Effect, type Event, only, type ScanEvent, type Update } from './events.ts'
import { typeExport, withExported } from './export/prompt.ts'
import { commandOf } from './keys.ts'
import { marksKept } from './marks/marks.ts'
import { askWhatIsNeeded, withReply } from './pages/ask.ts'
import { withPageSettled } from './pages/page-data.ts'
import { typeFilter } from './pages/type-filter.ts'
import { refreshed, searched } from './palette/palette.ts'
import { typePalette } from './palette/type-palette.ts'
import type { KeyEvent } from './screen/keys.ts'
import { contextOf, type OnScreen, type State } from './state.ts'
import { atStop } from './tour/go.ts'

/** The state after all events of one moment, which are shown together. */
export function updateAll(state: State, events: readonly Event[]): Update {
  let current = state
  const effects: Effect[] = []
  for (const event of events) {
    const next = update(current, event)
    current = next.state
    effects.push(...next.effects)
  }
  return { state: current, effects }
}

/** The only way in which the state changes. */
export function update(state: State, event: Event): Update {
  const { state: changed, effects } = change(state, event)
  return settledState({ state: withStop(state, changed), effects })
}

/** The page on screen brought up to date, and what it needs asked for. */
export function settledState({ state: next, effects }: Update): Update {
  const asked = askWhatIsNeeded(withPageSettled(withPaletteRefreshed(next)))
  return { state: asked.state, effects: [...effects, ...asked.effects] }
}

/** A stop of the tour shows the newest report there is, unless the user tries things. */
function withStop(before: State, state: State): State {
  const { tour, report } = state
  return tour === null || tour.isFree || report === before.report ? state : atStop(state, tour.stop)
}

function withPaletteRefreshed(state: State): State {
  const { palette, report } = state
  if (palette === null || palette.report === report) return state
  return { ...state, palette: refreshed(palette, contextOf({ ...state, palette: null }), report) }
}

function change(state: State, event: Event): Update {
  switch (event.kind) {
    case 'input': {
      const { state: next, effects } = onInput({ ...state, message: '' }, event.input)
      const isEsc = event.input.kind === 'key' && event.input.key === 'esc'
      return { state: { ...next, beforeEsc: isEsc ? onScreen(state) : null }, effects }
    }
    case 'not-esc':
      return only({ ...state, ...state.beforeEsc, beforeEsc: null })
    case 'resized':
      return only({ ...state, columns: event.columns, rows: event.rows })
    case 'scan':
      return only(onScan(state, event.scan))
    case 'exported':
      return only(withExported(state, event.outcome))
    case 'clock':
      return only({ ...state, nowMs: event.nowMs })
    case 'idle':
      return only(state.palette === null ? state : { ...state, palette: searched(state.palette) })
    case 'answer':
      return only(withReply(state, event))
  }
}

const onScreen = (state: State): OnScreen => {
  const { view, views, opened, typing, palette, exporting, kept, tour, message } = state
  return { view, views, opened, typing, palette, exporting, kept, tour, message }
}

function onInput(state: State, input: KeyEvent): Update {
  const context = contextOf(state)
  const command = input.kind === 'key' ? commandOf(context, input.key) : null
  if (input.kind === 'key' && command !== null) return runCommand(state, command, input.key)
  if (state.exporting !== null) return typeExport(state, state.exporting, input)
  if (state.palette !== null) return typePalette(state, state.palette, input)
  return only(context === 'filter' ? typeFilter(state, input) : state)
}

/** Answers about the report before say nothing about the new one. */
const withReport = (state: State, report: Report): State => ({
  ...state,
  ...marksKept(state, report),
  report,
  isReadWhole: true,
  replies: new Map(),
})

function onScan(state: State, event: ScanEvent): State {
  switch (event.kind) {
    case 'progress': {
      const { kind: _, ...progress } = event
      return { ...state, scan: { ...state.scan, ...progress } }
    }
    case 'file-systems':
      return { ...state, fileSystems: event.fileSystems }
    case 'recorded':
      // Measured figures of the scan before are better than none.
      if (state.report?.ledger.measured) return state
      return withReport(state, event.report)
    case 'done': {
      const { report, exact, wasStopped } = event
      const scan = {
        ...state.scan,
        phase: wasStopped ? 'stopped' : 'done',
        exact,
        isStopping: false,
      } as const
      if (wasStopped && state.report?.ledger.measured)
        return { ...state, scan, message: 'Stopped; what is shown is from before.' }
      const shown = withReport(state, report)
      const message = wasStopped ? 'Stopped; sizes are those that the engine recorded.' : shown.message
      return { ...shown, scan, message }
    }
    case 'stopped-reading': {
      const scan = { ...state.scan, phase: 'stopped', isStopping: false } as const
      if (state.report !== null && state.isReadWhole)
        return { ...state, scan, message: 'Stopped; what is shown is from before.' }
      return { ...withReport(state, event.report), scan, isReadWhole: false }
    }
    case 'failed':
      return {
        ...state,
        scan: {
          ...state.scan,
          phase: 'failed',
          isStopping: false,
          failure: { message: event.message, hint: event.hint },
        },
      }
  }
}
