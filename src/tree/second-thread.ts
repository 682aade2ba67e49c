import { existsSync } from 'node:fs'
import { fileURLToPath } from 'node:url'
import {
  MessageChannel,
  type MessagePort,
  receiveMessageOnPort,
  Worker,
  workerData,
} from 'node:worker_threads'

/** Whether the thread has begun; who asks first decides. */
const BEGUN = { not: 0, yes: 1, calledOff: 2 } as const
const ENDED = { not: 0, well: 1, badly: 2 } as const
const CELL = { begun: 0, ended: 1 } as const

/** The first of the shared cells that the task may use as it likes. */
export const FIRST_FREE_CELL = 2

/** What both sides of a thread hold. */
export interface Link {
  readonly cells: Int32Array
  readonly port: MessagePort
}

interface ThreadData<Task> {
  readonly task: Task
  readonly shared: SharedArrayBuffer
  readonly port: MessagePort
}

/** One task in a thread of its own; the thread that asked for it goes on, and waits for the result when it needs it. */
export class SecondThread<Task, Result> implements Link {
  readonly cells: Int32Array
  readonly port: MessagePort
  readonly #worker: Worker

  /** `bundle` lies beside this one; null where the program runs from its sources, which have none. */
  static start<Task, Result>(bundle: string, task: Task, freeCells = 0): SecondThread<Task, Result> | null {
    if (!import.meta.url.endsWith('.js')) return null
    const file = fileURLToPath(new URL(bundle, import.meta.url))
    return existsSync(file) ? new SecondThread(file, task, freeCells) : null
  }

  private constructor(file: string, task: Task, freeCells: number) {
    const shared = new SharedArrayBuffer(4 * (FIRST_FREE_CELL + freeCells))
    const { port1, port2 } = new MessageChannel()
    this.cells = new Int32Array(shared)
    this.port = port1
    const data: ThreadData<Task> = { task, shared, port: port2 }
    this.#worker = new Worker(file, {
      workerData: data,
      transferList: [port2],
      // What a walk or a reader throws away is short-lived: more room for it saves no time and costs 30 MB.
      resourceLimits: { maxYoungGenerationSizeMb: 8 },
    })
    // Its cells say what became of it; an error event would only be heard when nobody waits any more.
    this.#worker.on('error', () => {})
    this.#worker.unref()
  }

  /** True where it has not begun yet, and now never will. */
  callOff(): boolean {
    return callOff(this.cells)
  }

  get wasCalledOff(): boolean {
    return Atomics.load(this.cells, CELL.begun) === BEGUN.calledOff
  }

  /** Whether the task has come to its end, or failed. */
  get isOver(): boolean {
    return Atomics.load(this.cells, CELL.ended) !== ENDED.not
  }

  /** What the task gave; null where it was called off or failed. `onWait` is called ten times a second until then. */
  result(onWait: () => void = () => {}): Result | null {
    if (this.callOff() || this.wasCalledOff) return null
    while (Atomics.wait(this.cells, CELL.ended, ENDED.not, 100) === 'timed-out') onWait()
    if (Atomics.load(this.cells, CELL.ended) === ENDED.badly) return null
    return (receiveMessageOnPort(this.port)?.message as Result | undefined) ?? null
  }

  end(): void {
    this.callOff()
    this.port.close()
    void this.#worker.terminate()
  }
}

/** Whether the thread has not begun, and now never will; asked by either side. */
export const callOff = (cells: Int32Array): boolean =>
  Atomics.compareExchange(cells, CELL.begun, BEGUN.not, BEGUN.calledOff) === BEGUN.not

/** The other side: does the task that this thread was started for. `buffersOf` names what need not be copied. */
export function doTask<Task, Result>(
  work: (task: Task, link: Link) => Result,
  buffersOf: (result: Result) => ArrayBuffer[] = () => [],
): void {
  const { task, shared, port } = workerData as ThreadData<Task>
  const cells = new Int32Array(shared)
  if (Atomics.compareExchange(cells, CELL.begun, BEGUN.not, BEGUN.yes) !== BEGUN.not) return
  try {
    const result = work(task, { cells, port })
    port.postMessage(result, buffersOf(result))
    Atomics.store(cells, CELL.ended, ENDED.well)
  } catch {
    Atomics.store(cells, CELL.ended, ENDED.badly)
  }
  Atomics.notify(cells, CELL.ended)
}
