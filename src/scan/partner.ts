import { type MessagePort, receiveMessageOnPort } from 'node:worker_threads'
import type { Handed, Walk } from './walk.ts'

/** The cells that both threads see. */
export const CELL = { turn: 0, begun: 1, stop: 2, ended: 3, inodes: 4 } as const
export const CELLS_BYTES = 4 * 5

/** Whether the second thread has begun; who asks first decides. */
export const BEGUN = { not: 0, yes: 1, calledOff: 2 } as const
/** How the second thread ended. */
export const ENDED = { not: 0, well: 1, badly: 2 } as const

/** Who waits for work. */
const TURN = { nobody: 0, main: 1, helper: 2, over: 3 } as const
export type Side = 'main' | 'helper'

/**
 * One of two threads that walk a tree together. Whoever runs out of directories is given half of those that the other
 * has left, as soon as that one comes to the end of a directory; the walk is over when both have none.
 */
export class Partner {
  readonly cells: Int32Array
  readonly #port: MessagePort
  readonly #own: number
  readonly #other: number

  constructor(cells: Int32Array, port: MessagePort, side: Side) {
    this.cells = cells
    this.#port = port
    this.#own = TURN[side]
    this.#other = side === 'main' ? TURN.helper : TURN.main
  }

  /** Walks until neither has anything left. `onWait` is called ten times a second while this one has nothing to do. */
  walk(walk: Walk, onWait: () => void = () => {}): void {
    do {
      // A look at a cell takes some nanoseconds, a directory as many microseconds.
      while (walk.step()) if (Atomics.load(this.cells, CELL.turn) === this.#other) this.#hand(walk)
    } while (this.#takes(walk, onWait))
  }

  #hand(walk: Walk): void {
    const handed = walk.hand()
    if (handed.length === 0) return
    this.#port.postMessage(handed)
    Atomics.store(this.cells, CELL.turn, TURN.nobody)
    Atomics.notify(this.cells, CELL.turn)
  }

  /** Waits for directories; false where the walk is over. */
  #takes(walk: Walk, onWait: () => void): boolean {
    const { cells } = this
    // A thread that has not begun holds nothing.
    if (Atomics.compareExchange(cells, CELL.begun, BEGUN.not, BEGUN.calledOff) !== BEGUN.yes) return false
    const turn = Atomics.compareExchange(cells, CELL.turn, TURN.nobody, this.#own)
    if (turn !== TURN.nobody) {
      this.end()
      return false
    }
    while (Atomics.wait(cells, CELL.turn, this.#own, 100) === 'timed-out') onWait()
    if (Atomics.load(cells, CELL.turn) === TURN.over) return false
    walk.take((receiveMessageOnPort(this.#port)?.message ?? []) as readonly Handed[])
    return true
  }

  /** Lets nobody wait any more. */
  end(): void {
    Atomics.store(this.cells, CELL.turn, TURN.over)
    Atomics.notify(this.cells, CELL.turn)
  }
}
