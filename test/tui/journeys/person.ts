import { onTestFinished } from 'vitest'
import { copyOfFixture, type FixtureName } from '../../support/fixtures.ts'
import { type Program, type ProgramOptions, run } from '../support/program.ts'

export const ESC = '\x1b'
/** The first page once everything is measured, at any size. */
export const MEASURED = /Where the space is {2}\S+ on disk/

/** What people have: a terminal as it opens, a phone or a split screen, and a large monitor. */
export const SIZES = [
  { columns: 80, rows: 24 },
  { columns: 40, rows: 12 },
  { columns: 200, rows: 50 },
] as const
/** The same without the smallest, for pages of which it shows too little at once. */
export const LARGER = SIZES.filter(({ columns }) => columns >= 80)

/** The program at work for as long as the test runs. */
export function start(args: readonly string[], options: ProgramOptions = {}): Program {
  const ui = run(args, options)
  onTestFinished(() => ui.pty.kill('SIGKILL'))
  return ui
}

/** A copy of a fixture that is gone after the test. */
export function copy(name: FixtureName): string {
  const { root, dispose } = copyOfFixture(name)
  onTestFinished(dispose)
  return root
}

/** How the terminal is told to put a text on the clipboard. */
export const clipboard = (text: string): string => `${ESC}]52;c;${Buffer.from(text).toString('base64')}\x07`
