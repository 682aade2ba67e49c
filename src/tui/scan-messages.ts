import type { ScanEvent } from './events.ts'

/** What the scan thread is started with. */
export interface ScanRequest {
  readonly roots: readonly string[]
  readonly sample: boolean
  readonly measure: boolean
  readonly version: string
  /** One 32-bit integer: anything but 0 asks the scan to stop. */
  readonly stop: SharedArrayBuffer
}

/** What it answers, one message after the other; `done` or `failed` is the last. */
export type ScanMessage = ScanEvent
