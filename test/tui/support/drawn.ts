import type { Report } from '../../../src/report/schema.ts'
import { mountApp } from '../../../src/tui/app.tsx'
import { createScreen } from '../../../src/tui/screen/screen.ts'
import { initialState, type Settings } from '../../../src/tui/state.ts'
import { createStore } from '../../../src/tui/store.ts'
import { FakeOutput } from '../screen/fake-output.ts'
import { createTerminal, type TestTerminal } from '../screen/terminal.ts'

/** The UI as it runs, but for the scan and the keyboard: state → Ink → our screen → a terminal. */
export interface Drawn {
  press(...keys: string[]): Promise<void>
  resize(columns: number, rows: number): Promise<void>
  /** The rows of the terminal without blanks at their ends. */
  text(): string[]
  cells(): string[]
  /** The title and the modes of the terminal. */
  modes(): ReturnType<TestTerminal['modes']>
  /** Bytes written to the terminal since the last call. */
  takeBytes(): number
  close(): void
}

/** Opens a report in a terminal of the given size. */
export async function draw(report: Report, settings: Partial<Settings> = {}): Promise<Drawn> {
  const { columns = 80, rows = 24 } = settings
  const output = new FakeOutput(columns, rows)
  const screen = createScreen({
    output,
    columns,
    rows,
    frameIntervalMs: 0,
    writeNow: () => {},
    onOutputClosed: () => {},
  })
  let terminal = createTerminal({ columns, rows }, 'modern')
  const store = createStore(
    initialState({
      columns,
      rows,
      look: { color: true, ascii: false },
      units: 'decimal',
      measure: true,
      roots: ['/data'],
      notice: '',
      tour: false,
      ...settings,
    }),
    () => {},
  )
  screen.enter()
  const unmount = mountApp(store, screen.stdout)
  let bytes = 0
  const settle = async (): Promise<void> => {
    // React draws in a task of its own; what it wrote is painted by then.
    await new Promise((resolve) => setTimeout(resolve, 5))
    screen.flush()
    const written = output.take()
    bytes += Buffer.byteLength(written)
    await terminal.show(written)
  }
  store.dispatch([{ kind: 'scan', scan: { kind: 'done', report, exact: true, wasStopped: false } }])
  await settle()
  bytes = 0
  return {
    async press(...keys) {
      store.dispatch(keys.map((key) => ({ kind: 'input', input: { kind: 'key', key } })))
      await settle()
    },
    async resize(width, height) {
      terminal.dispose()
      // After a resize everything is painted anew, so that a fresh terminal shows the same.
      terminal = createTerminal({ columns: width, rows: height }, 'modern')
      output.resize(width, height)
      store.dispatch([{ kind: 'resized', columns: width, rows: height }])
      await settle()
    },
    text: () => terminal.text().map((row) => row.trimEnd()),
    cells: () => terminal.cells(),
    modes: () => terminal.modes(),
    takeBytes() {
      const taken = bytes
      bytes = 0
      return taken
    },
    close() {
      unmount()
      screen.dispose()
      terminal.dispose()
    },
  }
}
