import { parentPort, workerData } from 'node:worker_threads'
import { RootError } from './root-error.ts'
import { openSample } from './sample.ts'
import { type Scan, scan, scanTrees } from './scan.ts'
import type { ScanOptions, ScanProgress } from './scan-events.ts'

/** What a scan in a thread of its own is asked for. */
export interface ScanTask {
  readonly roots: readonly string[]
  readonly sample: boolean
  readonly options: ScanOptions
  /** One 32-bit integer: anything but 0 asks the scan to stop and to give what it has. */
  readonly stop: SharedArrayBuffer
}

/** What it answers; `done` or `refused` comes last. */
export type ScanAnswer =
  | { readonly kind: 'progress'; readonly progress: ScanProgress }
  | { readonly kind: 'done'; readonly scan: Scan }
  | { readonly kind: 'refused'; readonly message: string; readonly hint: string | null }

const PROGRESS_EVERY_MS = 100

function answer({ roots, sample, options, stop }: ScanTask, post: (answer: ScanAnswer) => void): void {
  const stopped = new Int32Array(stop)
  let postedAtMs = 0
  const events = {
    onProgress(progress: ScanProgress) {
      const nowMs = performance.now()
      if (nowMs - postedAtMs >= PROGRESS_EVERY_MS) {
        postedAtMs = nowMs
        post({ kind: 'progress', progress })
      }
      return Atomics.load(stopped, 0) === 0
    },
    onModel: () => {},
  }
  try {
    const result = sample ? scanTrees(openSample(), options, events) : scan(roots, options, events)
    post({ kind: 'done', scan: result })
  } catch (error) {
    if (!(error instanceof RootError)) throw error
    post({ kind: 'refused', message: error.message, hint: error.hint })
  }
}

if (parentPort !== null) {
  const port = parentPort
  answer(workerData as ScanTask, (message) => port.postMessage(message))
}
