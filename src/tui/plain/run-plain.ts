import { createInterface } from 'node:readline'
import { asciiOnly, escapeLines } from '../../report/escape.ts'
import { whyUnwritten } from '../../report/unwritten.ts'
import type { Effect, Event } from '../events.ts'
import { type Ending, type InterfaceOptions, startState } from '../options.ts'
import { type ScanThread, startScan } from '../scan-thread.ts'
import { isScanning } from '../state.ts'
import { updateAll } from '../update.ts'
import { afterLine, isWaiting, PROMPT, type Reading, readOn } from './plain-reader.ts'

/** Wider and higher than any page, which the terminal or the screen reader breaks as it likes. */
const SIZE = { columns: 10_000, rows: 1000 }

/**
 * The UI as text that is read from top to bottom: no screen of its own, no cursor, nothing drawn. It asks for a line and
 * answers it, at a terminal or from a pipe, until it is told to quit or nothing comes any more.
 */
export async function runPlain(options: InterfaceOptions): Promise<Ending> {
  let reading: Reading = { state: startState({ ...options, plain: true }, SIZE), read: 0 }
  let scan: ScanThread | null = null
  let hasQuit = false
  let tell = (): void => {}
  const say = (text: string, end = '\n'): void => {
    const shown = escapeLines(text)
    process.stdout.write((options.ascii ? asciiOnly(shown) : shown) + end)
  }
  const dispatch = (event: Event): void => {
    const { state, effects } = updateAll(reading.state, [event])
    reading = { ...reading, state }
    for (const effect of effects) carryOut(effect)
    tell()
  }
  const rescan = (): void => {
    scan?.end()
    const { root: roots, sample, measure, version } = options
    scan = startScan({ roots, sample, measure, version }, (message) =>
      dispatch(message.kind === 'answer' ? message : { kind: 'scan', scan: message }),
    )
  }
  const carryOut = (effect: Effect): void => {
    if (effect.kind === 'quit') hasQuit = true
    else if (effect.kind === 'scan') rescan()
    else if (effect.kind === 'ask') scan?.ask(effect.question)
  }
  /** Until everything is read, and the page has what it asked for. */
  const whenReady = async (): Promise<void> => {
    while (isScanning(reading.state) || isWaiting(reading))
      await new Promise<void>((resolve) => {
        tell = resolve
      })
  }
  const answer = (): void => {
    const next = readOn(reading)
    reading = next.reading
    say(next.says)
  }
  process.stdout.on('error', (error) => {
    const reason = whyUnwritten(error)
    if (reason !== null) process.stderr.write(`layerscope: ${reason}\n`)
    process.exit(reason === null ? 0 : 1)
  })

  say(`layerscope, text mode. Reading ${reading.state.roots.join(', ')}; a large root takes a while.`)
  rescan()
  await whenReady()
  answer()
  say(PROMPT, '')
  for await (const line of createInterface({ input: process.stdin, terminal: false })) {
    // What comes from a pipe is not on the screen yet.
    if (!process.stdin.isTTY) say(line)
    const next = afterLine(reading, line)
    reading = next.reading
    for (const effect of next.effects) carryOut(effect)
    if (hasQuit) break
    await whenReady()
    if (next.says === '') answer()
    else say(next.says)
    say(PROMPT, '')
  }
  if (!hasQuit) say('')
  endOf(scan)
  // A terminal that is still listened to would keep the program from ending.
  process.stdin.destroy()
  return { exitCode: reading.state.scan.phase === 'failed' ? 1 : 0, kept: [] }
}

/** TypeScript does not see that a callback gave the variable its value. */
const endOf = (scan: ScanThread | null): void => scan?.end()
