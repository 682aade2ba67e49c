import type { Walked } from './book.ts'
import { LOCAL } from './reader.ts'
import { type MeasureEvents, Walk } from './walk.ts'
import { WalkHelper } from './walk-helper.ts'

// A second thread takes some 30 ms to start: it is worth it where there are directories for longer than that.
const DIRECTORIES_WORTH_A_HELPER = 400

/**
 * The walk of a root by two threads. The second one may begin alone, while the records are still read. The sums do not
 * depend on who walked what.
 */
export class RootWalk {
  readonly #location: string
  readonly #mounts: ReadonlySet<string> | null
  #helper: WalkHelper | null = null

  constructor(location: string, mounts: ReadonlySet<string> | null) {
    this.#location = location
    this.#mounts = mounts
  }

  /** Begins the walk in a second thread, while this one has something else to do. */
  beginAside(): void {
    this.#helper ??= this.#start(true)
  }

  /** Walks what is left. */
  finish(events: MeasureEvents): Walked {
    const walk = this.#walk(events)
    if (this.#helper?.callOff()) this.abandon()
    if (this.#helper === null) {
      walk.begin()
      while (walk.entered < DIRECTORIES_WORTH_A_HELPER && walk.step());
      if (walk.entered === DIRECTORIES_WORTH_A_HELPER) this.#helper ??= this.#start(false)
    }
    while (this.#helper === null && walk.step());
    const whole = this.#helper?.finish(walk, () => events.onProgress(this.#helper?.inodes ?? 0, 0)) ?? true
    this.abandon()
    return whole ? this.#walked(walk) : new RootWalk(this.#location, this.#mounts).#alone(events)
  }

  /** Ends the second thread, whether it is through or not. */
  abandon(): void {
    this.#helper?.end()
    this.#helper = null
  }

  #alone(events: MeasureEvents): Walked {
    const walk = this.#walk(events)
    walk.begin()
    while (walk.step());
    return this.#walked(walk)
  }

  #start(takesAll: boolean): WalkHelper | null {
    return WalkHelper.start({ location: this.#location, mounts: this.#mounts, takesAll })
  }

  #walk(events: MeasureEvents): Walk {
    return new Walk(LOCAL, this.#location, this.#mounts, {
      onProgress: (inodes, diskBytes) => events.onProgress(inodes + (this.#helper?.inodes ?? 0), diskBytes),
    })
  }

  #walked({ sums, problems, stopped }: Walk): Walked {
    return { reader: LOCAL, location: this.#location, sums, problems, stopped }
  }
}
