import { EventEmitter } from 'node:events'
import type { Report } from '../../src/report/schema.ts'
import { mountApp } from '../../src/tui/app.tsx'
import { prepareWhileIdle } from '../../src/tui/prepare.ts'
import { createScreen } from '../../src/tui/screen/screen.ts'
import { initialState } from '../../src/tui/state.ts'
import { createStore } from '../../src/tui/store.ts'

const SIZE = { columns: 80, rows: 24 }
/** A frame is drawn within a few turns of the event loop, or there is none. */
const MOST_TURNS = 50
/** Work that is done while nobody types ends by then. */
const QUIET_TURNS = 100

/** A terminal that counts what it is sent. */
class Sink extends EventEmitter {
  bytes = 0

  write(bytes: string): boolean {
    this.bytes += Buffer.byteLength(bytes)
    return true
  }
}

/** What a key took: CPU of the whole process until its frame was written, and the bytes of the frame. */
export interface Cost {
  readonly cpuMs: number
  readonly bytes: number
}

/** The terminal UI as it runs, but for the scan and the terminal: state, Ink, our screen. */
export interface Interface {
  press(key: string): Promise<Cost>
  /** Everything is prepared that is prepared while nobody types. */
  rest(): Promise<void>
  close(): void
}

export async function openInterface(report: Report): Promise<Interface> {
  const output = new Sink()
  const screen = createScreen({
    output,
    ...SIZE,
    frameIntervalMs: 0,
    writeNow: () => {},
    onOutputClosed: () => {},
  })
  let frames = 0
  const write = screen.stdout.write.bind(screen.stdout)
  screen.stdout.write = (...args) => {
    frames++
    return write(...args)
  }
  const state = initialState({
    ...SIZE,
    look: { color: true, ascii: false },
    units: 'decimal',
    measure: true,
    roots: [],
    notice: '',
    tour: false,
  })
  const store = createStore(state, () => {})
  screen.enter()
  const unmount = mountApp(store, screen.stdout)
  const stopPreparing = prepareWhileIdle(store)
  const turn = (): Promise<void> => new Promise((resolve) => setImmediate(resolve))
  const dispatched = async (events: Parameters<typeof store.dispatch>[0]): Promise<Cost> => {
    const bytesBefore = output.bytes
    const framesBefore = frames
    const before = process.cpuUsage()
    store.dispatch(events)
    for (let turns = 0; frames === framesBefore && turns < MOST_TURNS; turns++) await turn()
    screen.flush()
    const { user, system } = process.cpuUsage(before)
    return { cpuMs: (user + system) / 1000, bytes: output.bytes - bytesBefore }
  }
  await dispatched([{ kind: 'scan', scan: { kind: 'done', report, exact: true, wasStopped: false } }])
  return {
    press: (key) => dispatched([{ kind: 'input', input: { kind: 'key', key } }]),
    async rest() {
      for (let quiet = 0; quiet < QUIET_TURNS; quiet++) {
        const before = process.cpuUsage()
        await turn()
        const { user, system } = process.cpuUsage(before)
        if (user + system > 1000) quiet = 0
      }
    },
    close() {
      stopPreparing()
      unmount()
      screen.dispose()
    },
  }
}
