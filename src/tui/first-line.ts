import { writeSync } from 'node:fs'
import { isatty } from 'node:tty'
import { ENTER_SCREEN, LEAVE_SCREEN } from './screen/modes.ts'

// This is loaded before anything else of the program, so that something is on the screen while the rest is loaded:
// it imports nothing that takes time.

const SIGNALS = ['SIGINT', 'SIGTERM', 'SIGHUP'] as const
/** With these words alone it is certain that the UI comes, and that nothing is printed before it. */
const CERTAIN = /^(?:demo|--(?:ascii|bytes|binary|no-color|no-measure)|\/[ -~]*)$/

let give: ((isLeaving: boolean) => void) | null = null

/** Takes the terminal over and says what is going on, where the command line can only mean the UI. */
export function paintFirstLine(words: readonly string[]): void {
  const isCertain = words.every((word, index) => CERTAIN.test(word) || isRootOption(words, index))
  const isScreen = isatty(0) && isatty(1) && process.env['TERM'] !== 'dumb'
  if (!isCertain || !isScreen) return
  const what =
    words.find((word) => word.startsWith('/')) ?? (words.includes('demo') ? 'the bundled sample' : '')
  if (!tell(`${ENTER_SCREEN}\x1b[H layerscope  Reading ${what}`.trimEnd())) return
  const onExit = (): void => give?.(true)
  const bySignal = SIGNALS.map((signal) => [signal, () => endBy(signal)] as const)
  give = (isLeaving) => {
    give = null
    process.off('exit', onExit)
    for (const [signal, listener] of bySignal) process.off(signal, listener)
    if (isLeaving) tell(LEAVE_SCREEN)
  }
  process.on('exit', onExit)
  for (const [signal, listener] of bySignal) process.on(signal, listener)
}

/** Hands the terminal to the screen of the UI; true where it is taken over already. */
export function handOver(): boolean {
  const isTaken = give !== null
  give?.(false)
  return isTaken
}

const isRootOption = (words: readonly string[], index: number): boolean =>
  words[index] === '--root' && words[index + 1]?.startsWith('/') === true

function endBy(signal: NodeJS.Signals): void {
  give?.(true)
  process.kill(process.pid, signal)
}

function tell(bytes: string): boolean {
  // A terminal that takes nothing now is not waited for.
  try {
    writeSync(1, bytes)
    return true
  } catch {
    return false
  }
}
