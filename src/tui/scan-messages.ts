import type { ScanEvent } from './events.ts'
import type { Reply } from './questions.ts'

/** What the scan thread is started with. */
export interface ScanRequest {
  readonly roots: readonly string[]
  readonly sample: boolean
  readonly measure: boolean
  readonly version: string
  /** One 32-bit integer: anything but 0 asks the scan to stop. */
  readonly stop: SharedArrayBuffer
}

/** What it tells, one message after the other: the scan up to `done` or `failed`, then what it was asked. */
export type ScanMessage = ScanEvent | Reply
