import { receiveMessageOnPort } from 'node:worker_threads'
import { callOff, FIRST_FREE_CELL, type Link } from '../tree/second-thread.ts'
import type { Handed, Walk } from './walk.ts'

/** The cells that both threads of a walk see. */
export const CELL = { turn: FIRST_FREE_CELL, stop: FIRST_FREE_CELL + 1, inodes: FIRST_FREE_CELL + 2 } as const
export const WALK_CELLS = 3

/** Who waits for work. */
const TURN = { nobody: 0, main: 1, helper: 2, over: 3 } as const

/**
 * One of two threads that walk a tree together. Whoever runs out of directories is given half of those that the other
 * has left, as soon as that one has some; the walk is over when both have none.
 */
export class Partner {
  readonly #link: Link
  readonly #own: number
  readonly #other: number

  constructor(link: Link, side: 'main' | 'helper') {
    this.#link = link
    this.#own = TURN[side]
    this.#other = side === 'main' ? TURN.helper : TURN.main
  }

  /** Walks until neither has anything left. `onWait` is called ten times a second while this one has nothing to do. */
  walk(walk: Walk, onWait: () => void = () => {}): void {
    const { cells } = this.#link
    // A look at a cell takes some nanoseconds, a directory as many microseconds.
    const handIfAsked = (): void => {
      if (Atomics.load(cells, CELL.turn) === this.#other) this.#hand(walk)
    }
    do {
      while (walk.step(handIfAsked)) handIfAsked()
    } while (this.#takes(walk, onWait))
  }

  #hand(walk: Walk): void {
    const handed = walk.hand()
    if (handed.length === 0) return
    this.#link.port.postMessage(handed)
    Atomics.store(this.#link.cells, CELL.turn, TURN.nobody)
    Atomics.notify(this.#link.cells, CELL.turn)
  }

  /** Waits for directories; false where the walk is over. */
  #takes(walk: Walk, onWait: () => void): boolean {
    const { cells, port } = this.#link
    // A thread that has not begun holds nothing.
    if (callOff(cells)) return false
    if (Atomics.compareExchange(cells, CELL.turn, TURN.nobody, this.#own) !== TURN.nobody) {
      this.end()
      return false
    }
    while (Atomics.wait(cells, CELL.turn, this.#own, 100) === 'timed-out') onWait()
    if (Atomics.load(cells, CELL.turn) === TURN.over) return false
    walk.take((receiveMessageOnPort(port)?.message ?? []) as readonly Handed[])
    return true
  }

  /** Lets nobody wait any more. */
  end(): void {
    Atomics.store(this.#link.cells, CELL.turn, TURN.over)
    Atomics.notify(this.#link.cells, CELL.turn)
  }
}
