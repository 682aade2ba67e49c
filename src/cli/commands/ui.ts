import { asciiOnly, escapeLines } from '../../report/escape.ts'
import { paintText } from '../../report/styled-text.ts'
import { findHostRoots } from '../../scan/find-roots.ts'
import { canRead } from '../../scan/read-roots.ts'
import { EXIT } from '../exit.ts'
import { warnIncomplete } from '../findings.ts'
import type { CommonOptions } from '../options.ts'
import { print } from '../output.ts'
import { openSession } from '../session.ts'
import { VERSION } from '../version.ts'
import { df } from './df.ts'
import { tour } from './tour.ts'

/**
 * Opens the terminal UI; as text on a dumb one; prints the `df` summary where there is none. Without a root of its own to
 * read it opens the bundled sample and says so.
 */
export async function openInterface(options: CommonOptions): Promise<number> {
  const { chosen, notice } = options.sample ? { chosen: options, notice: '' } : chooseRoot(options)
  const isTerminal = process.stdout.isTTY && process.stdin.isTTY
  const plain = options.plain || (isTerminal && process.env['TERM'] === 'dumb')
  if (!(isTerminal || plain) || options.format !== 'table') {
    if (notice !== '') process.stderr.write(`${notice}\n`)
    const session = await openSession(chosen, { measure: true })
    print(df(session, chosen, { verbose: false }))
    warnIncomplete(session)
    return session.complete ? EXIT.complete : EXIT.incomplete
  }
  return runScreen({ ...chosen, plain }, { notice, tour: false })
}

/** Goes through the bundled sample stop by stop, as text on a dumb terminal; prints the stops one after the other where there is none. */
export async function openTour(options: CommonOptions): Promise<number> {
  const sample = { ...options, sample: true }
  const isDumb = process.stdout.isTTY && process.stdin.isTTY && !isScreen()
  const plain = options.plain || isDumb
  if (plain || isScreen()) return runScreen({ ...sample, plain }, { notice: '', tour: true })
  const session = await openSession(sample, { measure: true })
  print(paintText(tour(session, { ...sample, format: 'table' }), { color: false, ascii: options.ascii }))
  return EXIT.complete
}

const isScreen = (): boolean => process.stdout.isTTY && process.stdin.isTTY && process.env['TERM'] !== 'dumb'

async function runScreen(chosen: CommonOptions, how: { notice: string; tour: boolean }): Promise<number> {
  // Ink, React and yoga are loaded here and nowhere else: a plain command never needs them.
  const { runInterface } = await import('../../tui/main.tsx')
  const { exitCode, kept } = await runInterface({ ...chosen, ...how, version: VERSION })
  const text = escapeLines(kept.join('\n\n'))
  print(chosen.ascii ? asciiOnly(text) : text)
  return exitCode
}

function chooseRoot(options: CommonOptions): { chosen: CommonOptions; notice: string } {
  if (options.root.length > 0) return { chosen: options, notice: '' }
  const found = findHostRoots()
  const readable = found.filter(canRead)
  if (readable.length > 0) return { chosen: { ...options, root: readable }, notice: '' }
  const why =
    found.length === 0
      ? 'This host has no data root'
      : `${found.join(', ')} holds nothing that this user can read (as root there may be more)`
  return { chosen: { ...options, sample: true }, notice: `${why}; this is the bundled sample.` }
}
