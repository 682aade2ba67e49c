import type { Effect, Event } from './events.ts'
import type { State } from './state.ts'
import { updateAll } from './update.ts'

/** Holds the state, and tells who draws it when there is a new one. */
export interface Store {
  readonly state: State
  /** Applies all events of one moment; they are shown together. */
  dispatch(events: readonly Event[]): void
  subscribe(listener: () => void): () => void
}

export function createStore(initial: State, onEffect: (effect: Effect) => void): Store {
  let state = initial
  const listeners = new Set<() => void>()
  return {
    get state() {
      return state
    },
    dispatch(events) {
      const { state: next, effects } = updateAll(state, events)
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
