import { existsSync } from 'node:fs'
import { fileURLToPath } from 'node:url'
import { MessageChannel, type MessagePort, receiveMessageOnPort, Worker } from 'node:worker_threads'
import type { DirectorySumsData } from './directory-sums.ts'
import { BEGUN, CELL, CELLS_BYTES, ENDED, Partner } from './partner.ts'
import type { MeasureProblem, Walk } from './walk.ts'

/** What the second thread of a walk is given. */
export interface HelperTask {
  readonly location: string
  readonly mounts: ReadonlySet<string> | null
  /** True where it begins with the whole tree, false where it waits to be given a part. */
  readonly takesAll: boolean
}

export interface HelperData {
  readonly task: HelperTask
  readonly shared: SharedArrayBuffer
  readonly port: MessagePort
}

/** What it gives back. */
export interface HelperResult {
  readonly sums: DirectorySumsData
  readonly problems: readonly MeasureProblem[]
}

/** The second thread of a walk, as the first one sees it. */
export class WalkHelper {
  readonly #cells = new Int32Array(new SharedArrayBuffer(CELLS_BYTES))
  readonly #port: MessagePort
  readonly #worker: Worker

  /** Null where the program runs from its sources, which have no bundle for a thread. */
  static start(task: HelperTask): WalkHelper | null {
    if (!import.meta.url.endsWith('.js')) return null
    const file = fileURLToPath(new URL('./walk-worker.js', import.meta.url))
    return existsSync(file) ? new WalkHelper(file, task) : null
  }

  private constructor(file: string, task: HelperTask) {
    const { port1, port2 } = new MessageChannel()
    this.#port = port1
    const data: HelperData = { task, shared: this.#cells.buffer as SharedArrayBuffer, port: port2 }
    this.#worker = new Worker(file, { workerData: data, transferList: [port2] })
    // Its cells say what became of it; an error event would only be heard after the walk.
    this.#worker.on('error', () => {})
    this.#worker.unref()
  }

  /** True where it has not begun yet, and now never will. */
  callOff(): boolean {
    return Atomics.compareExchange(this.#cells, CELL.begun, BEGUN.not, BEGUN.calledOff) === BEGUN.not
  }

  get inodes(): number {
    return Atomics.load(this.#cells, CELL.inodes)
  }

  /** Walks together with it to the end, and adds what it found. False where it failed: its part is then missing. */
  finish(walk: Walk, onWait: () => boolean): boolean {
    const stopIfAsked = (): void => {
      if (!onWait()) walk.stopped = true
      if (walk.stopped) this.stop()
    }
    new Partner(this.#cells, this.#port, 'main').walk(walk, stopIfAsked)
    if (walk.stopped) this.stop()
    if (Atomics.load(this.#cells, CELL.begun) === BEGUN.calledOff) return true
    while (Atomics.wait(this.#cells, CELL.ended, ENDED.not, 100) === 'timed-out') stopIfAsked()
    if (Atomics.load(this.#cells, CELL.ended) === ENDED.badly) return false
    const result = receiveMessageOnPort(this.#port)?.message as HelperResult | undefined
    if (result === undefined) return false
    walk.sums.append(result.sums)
    walk.problems.push(...result.problems)
    return true
  }

  stop(): void {
    Atomics.store(this.#cells, CELL.stop, 1)
  }

  /** Ends the thread. */
  end(): void {
    this.stop()
    this.callOff()
    this.#port.close()
    void this.#worker.terminate()
  }
}
