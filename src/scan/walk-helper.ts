import { SecondThread } from '../tree/second-thread.ts'
import type { DirectorySumsData } from './directory-sums.ts'
import { CELL, Partner, WALK_CELLS } from './partner.ts'
import type { MeasureProblem, Walk } from './walk.ts'

/** What the second thread of a walk is given. */
export interface HelperTask {
  readonly location: string
  readonly mounts: ReadonlySet<string> | null
  /** True where it begins with the whole tree, false where it waits to be given a part. */
  readonly takesAll: boolean
}

/** What it gives back. */
export interface HelperResult {
  readonly sums: DirectorySumsData
  readonly problems: readonly MeasureProblem[]
}

type Thread = SecondThread<HelperTask, HelperResult>

/** The second thread of a walk, as the first one sees it. */
export class WalkHelper {
  readonly #thread: Thread

  /** Null where there can be none. */
  static start(task: HelperTask): WalkHelper | null {
    const thread: Thread | null = SecondThread.start('./walk-worker.js', task, WALK_CELLS)
    return thread === null ? null : new WalkHelper(thread)
  }

  private constructor(thread: Thread) {
    this.#thread = thread
  }

  /** True where it has not begun yet, and now never will. */
  callOff(): boolean {
    return this.#thread.callOff()
  }

  get inodes(): number {
    return Atomics.load(this.#thread.cells, CELL.inodes)
  }

  /** Walks together with it to the end, and adds what it found. False where it failed: its part is then missing. */
  finish(walk: Walk, onWait: () => boolean): boolean {
    const stopIfAsked = (): void => {
      if (!onWait()) walk.stopped = true
      if (walk.stopped) this.#stop()
    }
    new Partner(this.#thread, 'main').walk(walk, stopIfAsked)
    if (walk.stopped) this.#stop()
    if (this.#thread.wasCalledOff) return true
    const result = this.#thread.result(stopIfAsked)
    if (result === null) return false
    walk.sums.append(result.sums)
    walk.problems.push(...result.problems)
    return true
  }

  /** Ends the thread, whether it is through or not. */
  end(): void {
    this.#stop()
    this.#thread.end()
  }

  #stop(): void {
    Atomics.store(this.#thread.cells, CELL.stop, 1)
  }
}
