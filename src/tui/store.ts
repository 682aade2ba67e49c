import type { Effect, Event } from './events.ts'
import { displayOf, type State } from './state.ts'
import { updateAll } from './update.ts'

/** Holds the state, and tells who draws it when there is a new one. */
export interface Store {
  readonly state: State
  /** Applies all events of one moment; they are shown together. */
  dispatch(events: readonly Event[]): void
  subscribe(listener: () => void): () => void
}

export function createStore(
  initial: State,
  onEffect: (effect: Effect) => void,
  now: () => number = Date.now,
): Store {
  let state = initial
  const listeners = new Set<() => void>()
  return {
    get state() {
      return state
    },
    dispatch(events) {
      const { state: next, effects } = updateAll(state, withClock(state, events, now()))
      const isNew = next !== state
      state = next
      if (isNew) for (const listener of listeners) listener()
      for (const effect of effects) onEffect(effect)
    },
    subscribe(listener) {
      listeners.add(listener)
      return () => listeners.delete(listener)
    },
  }
}

const AGES_AFTER_MS = 60_000

/** Ages move on with a key, which draws something anyway: a screen that nobody touches writes nothing. */
function withClock(state: State, events: readonly Event[], nowMs: number): readonly Event[] {
  if (state.report === null || !events.some(({ kind }) => kind === 'input')) return events
  const shownMs = displayOf(state, state.report).nowMs
  return nowMs - shownMs < AGES_AFTER_MS ? events : [{ kind: 'clock', nowMs }, ...events]
}
