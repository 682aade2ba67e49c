import { initialState, type State } from './state.ts'

/** What the command line hands over: the roots to read and how to show them. */
export interface InterfaceOptions {
  readonly root: readonly string[]
  readonly sample: boolean
  readonly measure: boolean
  readonly color: boolean
  readonly ascii: boolean
  /** As text that is read from top to bottom, instead of a screen. */
  readonly plain: boolean
  readonly bytes: boolean
  readonly binary: boolean
  /** A sentence to show at the start; empty for none. */
  readonly notice: string
  readonly version: string
  /** False where ids are wanted in full. */
  readonly trunc: boolean
  /** Begins with the guided tour. */
  readonly tour: boolean
}

/** What is left of the UI once the user has quit. */
export interface Ending {
  /** 1 where nothing could be read. */
  readonly exitCode: number
  /** The views that the user wants printed. */
  readonly kept: readonly string[]
}

/** The state before anything is read. */
export function startState(options: InterfaceOptions, size: { columns: number; rows: number }): State {
  return initialState({
    ...size,
    look: { color: options.color, ascii: options.ascii, plain: options.plain },
    units: options.bytes ? 'bytes' : options.binary ? 'binary' : 'decimal',
    measure: options.measure,
    truncate: options.trunc,
    roots: options.sample ? ['the bundled sample'] : options.root,
    notice: options.notice,
    tour: options.tour,
  })
}
