import { Worker } from 'node:worker_threads'
import type { ScanEvent } from './events.ts'
import type { ScanMessage, ScanRequest } from './scan-messages.ts'

/** A scan that runs beside the program. */
export interface ScanThread {
  /** Asks it to stop and to give what it has. */
  stop(): void
  /** Ends it at once, whatever it is at; nothing comes from it any more. */
  end(): void
}

/** Starts a scan; what it finds comes as events, the last of which is `done` or `failed`. */
export function startScan(
  request: Omit<ScanRequest, 'stop'>,
  onEvent: (event: ScanEvent) => void,
): ScanThread {
  const stop = new SharedArrayBuffer(4)
  const workerData: ScanRequest = { ...request, stop }
  const worker = new Worker(new URL('./worker.js', import.meta.url), { workerData })
  let isEnded = false
  const tell = (event: ScanEvent): void => {
    if (!isEnded) onEvent(event)
  }
  worker.on('message', (message: ScanMessage) => tell(message))
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
    end: () => {
      isEnded = true
      void worker.terminate()
    },
  }
}
