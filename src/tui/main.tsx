import { bytesOfName } from '../formats/byte-name.ts'
import type { Effect } from './events.ts'
import { writeReport } from './export/write-report.ts'
import { handOver } from './first-line.ts'
import { drawFrame } from './frame/frame.ts'
import { type Ending, type InterfaceOptions, startState } from './options.ts'
import { runPlain } from './plain/run-plain.ts'
import { prepareWhileIdle } from './prepare.ts'
import { type ScanThread, startScan } from './scan-thread.ts'
import { readKeys } from './screen/keys.ts'
import { installRestore } from './screen/restore.ts'
import { createScreen } from './screen/screen.ts'
import { createStore } from './store.ts'

const DEFAULT_SIZE = { columns: 80, rows: 24 }

/** Runs the terminal UI until the user quits. */
export async function runInterface(options: InterfaceOptions): Promise<Ending> {
  if (options.plain) return runPlain(options)
  const { stdout, stdin } = process
  const screen = createScreen({
    output: stdout,
    columns: stdout.columns || DEFAULT_SIZE.columns,
    rows: stdout.rows || DEFAULT_SIZE.rows,
    handOver,
    // A terminal that is gone cannot be set back as Node does it at an exit: it aborts instead. So its loss ends the
    // program as any other does.
    onOutputClosed: () => (stdout.isTTY ? restore.hangUp() : process.exit(0)),
  })
  const restore = installRestore({ screen, stdin })
  let scan: ScanThread | null = null
  let quit = (): void => {}
  const hasQuit = new Promise<void>((resolve) => {
    quit = resolve
  })

  const rescan = (): void => {
    scan?.end()
    const { root: roots, sample, measure, version } = options
    scan = startScan({ roots, sample, measure, version }, (message) =>
      store.dispatch([message.kind === 'answer' ? message : { kind: 'scan', scan: message }]),
    )
  }
  const onEffect = (effect: Effect): void => {
    switch (effect.kind) {
      case 'quit':
        quit()
        break
      case 'scan':
        rescan()
        break
      case 'stop-scan':
        scan?.stop()
        break
      case 'ask':
        scan?.ask(effect.question)
        break
      case 'copy':
        stdout.write(copySequence(effect.text))
        break
      case 'export':
        void writeReport(effect.report, effect.path, effect.overwrite).then((outcome) =>
          store.dispatch([{ kind: 'exported', outcome }]),
        )
        break
      case 'suspend':
        restore.suspend()
        break
      case 'redraw':
        screen.repaint()
    }
  }
  const store = createStore(startState(options, screen.size), onEffect)

  // The first frames need neither the scan nor Ink, which take longer to load than it takes to paint.
  const paint = (): boolean => screen.stdout.write(drawFrame(store.state).join('\n'))
  const stopPainting = store.subscribe(paint)
  paint()
  screen.enter()
  screen.flush()
  rescan()
  const stopReading = readKeys(
    stdin,
    (inputs) =>
      store.dispatch(inputs.map((input) => (input.kind === 'not-esc' ? input : { kind: 'input', input }))),
    // The end of a terminal is a lost connection; that of anything else is the end of the keys.
    stdin.isTTY ? restore.hangUp : quit,
  )
  screen.stdout.on('resize', () => store.dispatch([{ kind: 'resized', ...screen.size }]))
  const { mountApp } = await import('./app.tsx')
  stopPainting()
  const unmount = mountApp(store, screen.stdout)
  const stopPreparing = prepareWhileIdle(store)
  await hasQuit

  stopReading()
  stopPreparing()
  scanOf(scan)?.end()
  screen.leave()
  unmount()
  restore.uninstall()
  screen.dispose()
  const { scan: ended, kept } = store.state
  return { exitCode: ended.phase === 'failed' ? 1 : 0, kept }
}

/** TypeScript does not see that a callback gave the variable its value. */
const scanOf = (scan: ScanThread | null): ScanThread | null => scan

/** OSC 52: the terminal puts the text on the clipboard, also through SSH, where it is allowed to. */
const copySequence = (text: string): string => `\x1b]52;c;${bytesOfName(text).toString('base64')}\x07`
