import { EventEmitter } from 'node:events'
import { isFrame, type Row, readFrame, type Size } from './cells.ts'
import { diff } from './diff.ts'
import { ENTER_SCREEN, LEAVE_SCREEN } from './modes.ts'
import { errorCode, writeAllSync } from './write-sync.ts'

const DEFAULT_FRAME_INTERVAL_MS = 1000 / 30

/** The real terminal stream; `process.stdout` is one. */
export interface ScreenOutput {
  readonly columns?: number | undefined
  readonly rows?: number | undefined
  /** Returns false while it has not passed on what it was given, and says 'drain' when it has. */
  write(bytes: string): boolean
  on(event: 'resize' | 'drain', listener: () => void): unknown
  on(event: 'error', listener: (error: Error) => void): unknown
  off(event: 'resize' | 'drain', listener: () => void): unknown
  off(event: 'error', listener: (error: Error) => void): unknown
}

export interface ScreenOptions extends Size {
  readonly output: ScreenOutput
  /** Tells, once, that somebody else took the terminal over already and now leaves it to the screen. */
  readonly handOver?: () => boolean
  /** Writes at once, for the moment in which the process ends or stops. To standard output if not given. */
  readonly writeNow?: (bytes: string) => void
  /** The least time between two updates of the terminal. */
  readonly frameIntervalMs?: number
  /** Called when nobody reads the output any more. */
  readonly onOutputClosed: () => void
}

/** A program's screen: takes whole frames, and writes to the terminal what changed between them. */
export interface Screen {
  /** What the renderer is given as its standard output; each write is a whole frame. Says 'resize'. */
  readonly stdout: ScreenStdout
  readonly size: Size
  /** True between `enter` and `leave`. */
  readonly isActive: boolean
  /** Takes the terminal over and paints the last frame, if there is one. */
  enter(): void
  /** Gives the terminal back before it returns. Frames that come later are kept for the next `enter`. */
  leave(): void
  /** Paints the newest frame now instead of at the next opportunity. */
  flush(): void
  /** Forgets what the terminal shows and paints everything anew. */
  repaint(): void
  /** Leaves and lets go of the terminal stream. */
  dispose(): void
}

/** The part of a terminal stream that a renderer needs. */
export class ScreenStdout extends EventEmitter {
  readonly isTTY = true
  readonly #size: () => Size
  readonly #onWrite: (text: string) => void

  constructor(size: () => Size, onWrite: (text: string) => void) {
    super()
    this.#size = size
    this.#onWrite = onWrite
    // Every component that follows the size adds a listener.
    this.setMaxListeners(0)
  }

  get columns(): number {
    return this.#size().columns
  }

  get rows(): number {
    return this.#size().rows
  }

  write(chunk: string | Uint8Array, ...rest: unknown[]): boolean {
    this.#onWrite(typeof chunk === 'string' ? chunk : Buffer.from(chunk).toString())
    const done = rest.at(-1)
    if (typeof done === 'function') queueMicrotask(() => done())
    return true
  }
}

/** A screen on a terminal of the given size, not taken over yet. */
export function createScreen(options: ScreenOptions): Screen {
  const { output, onOutputClosed, frameIntervalMs = DEFAULT_FRAME_INTERVAL_MS } = options
  const writeNow = options.writeNow ?? ((bytes: string) => writeAllSync(1, bytes))

  let size: Size = { columns: options.columns, rows: options.rows }
  let isActive = false
  /** The newest frame, and whether it is still to be painted. */
  let frame: string | null = null
  let isStale = false
  /** What the terminal shows; null while that is unknown. */
  let shown: Row[] | null = null
  let isBlocked = false
  let paintedAtMs = Number.NEGATIVE_INFINITY
  let cancelScheduled: (() => void) | null = null

  const stdout = new ScreenStdout(
    () => size,
    (text) => {
      if (!isFrame(text)) return
      frame = text
      isStale = true
      schedule()
    },
  )

  /** One update per turn of the event loop, and none before the last one is old enough and has left. */
  const schedule = (): void => {
    if (!isActive || !isStale || isBlocked || cancelScheduled !== null) return
    const waitMs = paintedAtMs + frameIntervalMs - performance.now()
    if (waitMs > 0) {
      const timer = setTimeout(flush, waitMs)
      cancelScheduled = () => clearTimeout(timer)
    } else {
      const immediate = setImmediate(flush)
      cancelScheduled = () => clearImmediate(immediate)
    }
  }

  const flush = (): void => {
    cancelScheduled?.()
    cancelScheduled = null
    if (!isActive || !isStale || frame === null) return
    isStale = false
    const rows = readFrame(frame, size, shown ?? [])
    const bytes = diff(shown, rows, size.columns)
    shown = rows
    if (bytes === '') return
    paintedAtMs = performance.now()
    isBlocked = !output.write(bytes)
  }

  const repaint = (): void => {
    shown = null
    isStale = frame !== null
    schedule()
  }

  const resizeTo = (columns: number | undefined, rows: number | undefined): void => {
    // A terminal that is going away reports a size of nothing.
    if (!columns || !rows) return
    const isNew = columns !== size.columns || rows !== size.rows
    size = { columns, rows }
    repaint()
    if (isNew) stdout.emit('resize')
  }

  const onResize = (): void => resizeTo(output.columns, output.rows)
  const onDrain = (): void => {
    isBlocked = false
    schedule()
  }
  const onError = (error: Error): void => {
    const code = errorCode(error)
    // EIO is how a terminal says that it was hung up.
    if (code !== 'EPIPE' && code !== 'EIO') throw error
    isActive = false
    onOutputClosed()
  }
  output.on('resize', onResize)
  output.on('drain', onDrain)
  output.on('error', onError)

  const enter = (): void => {
    isActive = true
    isBlocked = false
    if (options.handOver?.() !== true) output.write(ENTER_SCREEN)
    resizeTo(output.columns ?? size.columns, output.rows ?? size.rows)
  }

  const leave = (): void => {
    if (!isActive) return
    isActive = false
    cancelScheduled?.()
    cancelScheduled = null
    writeNow(LEAVE_SCREEN)
  }

  return {
    stdout,
    get size() {
      return size
    },
    get isActive() {
      return isActive
    },
    enter,
    leave,
    flush,
    repaint,
    dispose() {
      leave()
      output.off('resize', onResize)
      output.off('drain', onDrain)
      output.off('error', onError)
    },
  }
}
