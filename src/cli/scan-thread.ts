import { Worker } from 'node:worker_threads'
import { Claims } from '../model/claims.ts'
import { Tallies } from '../model/tallies.ts'
import { RootError } from '../scan/root-error.ts'
import type { Scan } from '../scan/scan.ts'
import type { ScanProgress } from '../scan/scan-events.ts'
import type { ScanAnswer, ScanTask } from '../scan/scan-worker.ts'

const CTRL_C_EXIT = 130

/**
 * Scans in a thread, so that Ctrl-C is heard meanwhile: the first keeps what was read until then, a second one ends the
 * program. Throws what the scan throws.
 */
export function scanInThread(
  task: Omit<ScanTask, 'stop'>,
  onProgress: (progress: ScanProgress) => void,
): Promise<Scan> {
  const stop = new SharedArrayBuffer(4)
  const worker = new Worker(new URL('./scan-worker.js', import.meta.url), {
    workerData: { ...task, stop } satisfies ScanTask,
  })
  const interrupt = (): void => {
    if (Atomics.exchange(new Int32Array(stop), 0, 1) !== 0) process.exit(CTRL_C_EXIT)
  }
  process.on('SIGINT', interrupt)
  return new Promise<Scan>((resolve, reject) => {
    worker.on('message', (answer: ScanAnswer) => {
      if (answer.kind === 'progress') onProgress(answer.progress)
      else if (answer.kind === 'done') resolve(received(answer.scan))
      else reject(new RootError(answer.message, answer.hint))
    })
    worker.on('error', reject)
  }).finally(() => {
    process.off('SIGINT', interrupt)
    void worker.terminate()
  })
}

/** A scan as it came out of its thread: claims and tallies have lost their functions on the way. */
const received = (scan: Scan): Scan => ({
  ...scan,
  surveys: scan.surveys.map(({ claims, measurement, ...survey }) => ({
    ...survey,
    claims: new Claims(claims.columns),
    measurement:
      measurement === null ? null : { ...measurement, tallies: new Tallies(measurement.tallies.columns) },
  })),
})
