import type { FileSystem } from '../model/model.ts'
import type { Report } from '../report/schema.ts'
import type { ScanProgress } from '../scan/scan-events.ts'
import type { ExportOutcome } from './export/prompt.ts'
import type { Question, Reply } from './questions.ts'
import type { KeyEvent } from './screen/keys.ts'
import type { State } from './state.ts'

/** A root, and the file system that holds it. */
export interface RootFileSystem {
  readonly path: string
  readonly fileSystem: FileSystem
}

/** What a scan tells while it runs and when it is done. */
export type ScanEvent =
  | ({
      readonly kind: 'progress'
      readonly filesPerSecond: number
    } & ScanProgress)
  /** How full the file systems are that hold the roots: known at once, however long the reading takes. */
  | { readonly kind: 'file-systems'; readonly fileSystems: readonly RootFileSystem[] }
  /** The recorded facts; sizes on disk are still to come. */
  | { readonly kind: 'recorded'; readonly report: Report }
  | { readonly kind: 'done'; readonly report: Report; readonly exact: boolean; readonly wasStopped: boolean }
  /** Reading was stopped: what this report does not have is not known. */
  | { readonly kind: 'stopped-reading'; readonly report: Report }
  | { readonly kind: 'failed'; readonly message: string; readonly hint: string | null }

/** All that can change the state. */
export type Event =
  | { readonly kind: 'input'; readonly input: KeyEvent }
  /** The Esc before was the beginning of another key. */
  | { readonly kind: 'not-esc' }
  | { readonly kind: 'resized'; readonly columns: number; readonly rows: number }
  | { readonly kind: 'scan'; readonly scan: ScanEvent }
  | { readonly kind: 'exported'; readonly outcome: ExportOutcome }
  /** It is later than the ages on screen say. */
  | { readonly kind: 'clock'; readonly nowMs: number }
  /** Nobody typed for a moment: a search that is not done goes on. */
  | { readonly kind: 'idle' }
  | Reply

/** What the program is to do beside showing the new state. */
export type Effect =
  | { readonly kind: 'quit' }
  | { readonly kind: 'scan' }
  | { readonly kind: 'stop-scan' }
  /** Sends a question to the scan thread; its answer comes as an event. */
  | { readonly kind: 'ask'; readonly question: Question }
  | { readonly kind: 'copy'; readonly text: string }
  | {
      readonly kind: 'export'
      readonly report: Report
      readonly path: string
      readonly overwrite: boolean
    }
  | { readonly kind: 'suspend' }
  | { readonly kind: 'redraw' }

export interface Update {
  readonly state: State
  readonly effects: readonly Effect[]
}

export const only = (state: State, ...effects: Effect[]): Update => ({ state, effects })
