import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { type IPty, spawn } from '@lydell/node-pty'
import { createTerminal, type Piece } from '../screen/terminal.ts'

export const PROGRAM = fileURLToPath(new URL('../../../bin/layerscope.js', import.meta.url))
const PATIENCE_MS = 20_000

/** The built program in a pseudo-terminal. */
export interface Program {
  readonly pty: IPty
  /** What the terminal shows. */
  screen(): string
  /** The same with its looks. */
  pieces(): Piece[][]
  /** Everything that was written to the terminal. */
  readonly output: string
  readonly isAlternate: boolean
  /** Waits until the screen says something; fails with the screen where it never does. */
  sees(wanted: string | RegExp): Promise<string>
  /** Waits until the screen no longer says something. */
  seesNo(unwanted: string | RegExp): Promise<string>
  press(keys: string): void
  resize(columns: number, rows: number): void
  /** The terminal goes away, as when a connection is lost. */
  hangUp(): void
  readonly ended: Promise<{ exitCode: number; signal?: number }>
}

export interface ProgramOptions {
  readonly columns?: number
  readonly rows?: number
  readonly environment?: Readonly<Record<string, string>>
  /** A program and its options that run this one. */
  readonly under?: readonly string[]
}

/** Starts `layerscope` with arguments in a clean environment. */
export function run(args: readonly string[], options: ProgramOptions = {}): Program {
  const { columns = 80, rows = 24, environment = {}, under = [] } = options
  const home = mkdtempSync(join(tmpdir(), 'layerscope-home-'))
  const [file = process.execPath, ...words] = [...under, process.execPath, PROGRAM, ...args]
  const pty = spawn(file, words, {
    cols: columns,
    rows,
    env: {
      PATH: process.env['PATH'] ?? '',
      HOME: home,
      LANG: 'C.UTF-8',
      TERM: 'xterm-256color',
      ...environment,
    },
  })
  let terminal = createTerminal({ columns, rows }, 'modern')
  let output = ''
  let shown = Promise.resolve()
  const waiting = new Set<() => void>()
  pty.onData((data) => {
    output += data
    shown = terminal.show(data).then(() => {
      for (const check of waiting) check()
    })
  })
  const ended = new Promise<{ exitCode: number; signal?: number }>((resolve) => {
    pty.onExit((event) => {
      rmSync(home, { recursive: true, force: true })
      // The last bytes are on the screen before anybody looks.
      shown.then(() => resolve(event))
    })
  })
  const screen = (): string =>
    terminal
      .text()
      .map((row) => row.trimEnd())
      .join('\n')
  /** A terminal that knows of synchronised updates shows no half of a frame, so nobody waits for what it holds. */
  const isAmidFrame = (): boolean => output.lastIndexOf('\x1b[?2026h') > output.lastIndexOf('\x1b[?2026l')
  const until = (holds: (text: string) => boolean, what: string): Promise<string> =>
    new Promise((resolve, reject) => {
      const timer = setTimeout(() => {
        waiting.delete(check)
        reject(new Error(`The screen never ${what}:\n${screen()}`))
      }, PATIENCE_MS)
      const check = (): void => {
        if (isAmidFrame()) return
        const text = screen()
        if (!holds(text)) return
        clearTimeout(timer)
        waiting.delete(check)
        resolve(text)
      }
      waiting.add(check)
      check()
    })
  const says = (text: string, wanted: string | RegExp): boolean =>
    typeof wanted === 'string' ? text.includes(wanted) : wanted.test(text)
  return {
    pty,
    screen,
    pieces: () => terminal.pieces(),
    get output() {
      return output
    },
    get isAlternate() {
      return terminal.isAlternate
    },
    sees: (wanted) => until((text) => says(text, wanted), `said ${wanted}`),
    seesNo: (unwanted) => until((text) => !says(text, unwanted), `stopped saying ${unwanted}`),
    press: (keys) => pty.write(keys),
    resize(width, height) {
      // The program paints everything anew at the new size.
      terminal = createTerminal({ columns: width, rows: height }, 'modern')
      pty.resize(width, height)
    },
    hangUp: () => hangUp(pty),
    ended,
  }
}

/** Closes our end of the pseudo-terminal, which the public interface of the library has no call for. */
function hangUp(pty: IPty): void {
  if (!('destroy' in pty) || typeof pty.destroy !== 'function') throw new Error('this pty cannot be closed')
  pty.destroy()
}
