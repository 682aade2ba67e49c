import { Worker } from 'node:worker_threads'
import type { Question } from './questions.ts'
import { type PostedMessage, ReportAssembly, type ScanMessage, type ScanRequest } from './scan-messages.ts'

/** A scan that runs beside the program, and then answers what is asked about what it found. */
export interface ScanThread {
  /** Asks it to stop and to give what it has. */
  stop(): void
  /** Asks something of what it found; the answer comes when the scan is done. */
  ask(question: Question): void
  /** Ends it at once, whatever it is at; nothing comes from it any more. */
  end(): void
}

/** Starts a scan; what it finds comes as messages, and after `done` the answers to what it is asked. */
export function startScan(
  request: Omit<ScanRequest, 'stop'>,
  onMessage: (message: ScanMessage) => void,
): ScanThread {
  const stop = new SharedArrayBuffer(4)
  const workerData: ScanRequest = { ...request, stop }
  const worker = new Worker(new URL('./worker.js', import.meta.url), { workerData })
  let isEnded = false
  const tell = (message: ScanMessage): void => {
    if (!isEnded) onMessage(message)
  }
  const assembly = new ReportAssembly()
  worker.on('message', (posted: PostedMessage) => {
    const message = assembly.take(posted)
    if (message !== null) tell(message)
  })
  worker.on('error', (error) =>
    tell({
      kind: 'failed',
      message: `The scan failed in a way that nobody foresaw: ${error instanceof Error ? error.message : String(error)}.`,
      hint: 'Please report it, with what layerscope report says of the same root.',
    }),
  )
  return {
    stop: () => {
      Atomics.store(new Int32Array(stop), 0, 1)
    },
    ask: (question) => worker.postMessage(question),
    end: () => {
      isEnded = true
      void worker.terminate()
    },
  }
}
