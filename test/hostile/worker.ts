/*
 * One run of everything that the program can say of a root, in a process of its own: its parent kills it where it hangs,
 * and the kernel ends it where it takes too much memory. Every call to the file system is watched.
 */
import { readFileSync } from 'node:fs'
import { df } from '../../src/cli/commands/df.ts'
import { files } from '../../src/cli/commands/files.ts'
import { free } from '../../src/cli/commands/free.ts'
import { history } from '../../src/cli/commands/history.ts'
import { inspect } from '../../src/cli/commands/inspect.ts'
import { cache, containers, images, layers, volumes } from '../../src/cli/commands/lists.ts'
import { orphans } from '../../src/cli/commands/orphans.ts'
import { tree } from '../../src/cli/commands/tree.ts'
import { verify } from '../../src/cli/commands/verify.ts'
import { whatif } from '../../src/cli/commands/whatif.ts'
import { why } from '../../src/cli/commands/why.ts'
import { UserError } from '../../src/cli/exit.ts'
import type { CommonOptions } from '../../src/cli/options.ts'
import { type Session, sessionOf } from '../../src/cli/session.ts'
import { escapeLines } from '../../src/report/escape.ts'
import { jsonPieces } from '../../src/report/json-pieces.ts'
import type { Report } from '../../src/report/schema.ts'
import { RootError } from '../../src/scan/root-error.ts'
import { scan } from '../../src/scan/scan.ts'
import { watchFileSystem, watchRoot } from './watched-fs.ts'

/** What the parent asks for. */
export interface Task {
  readonly root: string
  /** Paths of which `why` is asked. */
  readonly paths: readonly string[]
}

/** What comes back of a run that ended. */
export interface Outcome {
  /** Null where the root was refused as a whole, in a sentence. */
  readonly report: Report | null
  readonly refusal: string | null
  readonly opened: readonly string[]
  readonly seen: readonly string[]
  readonly violations: readonly string[]
  /** What was thrown that no command foresees. */
  readonly crash: string | null
  readonly peakBytes: number
}

function run({ root, paths }: Task): Outcome {
  const watch = watchRoot(root)
  let report: Report | null = null
  let refusal: string | null = null
  let crash: string | null = null
  try {
    report = everything(root, paths)
  } catch (error) {
    if (error instanceof RootError) refusal = error.message
    else crash = error instanceof Error ? (error.stack ?? error.message) : String(error)
  }
  const [opened, seen] = [[...watch.opened], [...watch.seen]]
  return { report, refusal, opened, seen, violations: watch.violations, crash, peakBytes: peakBytes() }
}

function everything(root: string, paths: readonly string[]): Report {
  const session = sessionOf(scan([root], { measure: true, verify: 'deep' }), false)
  const { report } = session
  for (const format of ['table', 'json'] as const) {
    const options = { ...OPTIONS, format }
    for (const command of COMMANDS) show(() => command(session, options))
    for (const path of paths) show(() => why(session, options, `${root}/${path}`))
  }
  for (const piece of jsonPieces(session.parts()))
    if (piece.length === 0) throw new Error('an empty piece of JSON')
  return report
}

const OPTIONS: Omit<CommonOptions, 'format'> = {
  root: [],
  measure: true,
  bytes: true,
  binary: false,
  trunc: false,
  filter: [],
  color: false,
  ascii: false,
  sample: false,
  plain: false,
}

const first = (items: readonly { readonly id: string }[]): string => items[0]?.id ?? 'none'

const COMMANDS: readonly ((session: Session, options: CommonOptions) => string)[] = [
  (session, options) => df(session, options, { verbose: true }),
  (session, options) => images(session, options, { all: true }),
  layers,
  containers,
  volumes,
  cache,
  orphans,
  verify,
  (session, options) => tree(session, options),
  (session, options) => history(session, options, first(session.report.images)),
  (session, options) => inspect(session, options, first(session.report.containers)),
  (session, options) => why(session, options, first(session.report.layers)),
  (session, options) => files(session, options, first(session.report.images), { limit: null, depth: null }),
  (session, options) =>
    files(session, options, first(session.report.containers), { limit: null, depth: null }),
  (session, options) => whatif(session, options, 'docker system prune -a --volumes -f'.split(' '), {}).text,
  (session, options) => free(session, options, '1GB', { volumes: true }),
]

/** Renders a command as it would leave the program; a request that cannot be served says so. */
function show(command: () => string): void {
  try {
    escapeLines(command())
  } catch (error) {
    if (!(error instanceof UserError)) throw error
  }
}

function peakBytes(): number {
  const line = /^VmHWM:\s+(\d+) kB$/m.exec(statusOfProcess())
  return line === null ? process.resourceUsage().maxRSS * 1024 : Number(line[1]) * 1024
}

const readNow = readFileSync
const statusOfProcess = (): string => {
  try {
    return readNow('/proc/self/status', 'utf8')
  } catch {
    return ''
  }
}

process.on('message', (task: Task) => {
  process.send?.(run(task))
})
watchFileSystem()
// Nobody works on these roots: the pause before the records are read a second time would be spent on nothing.
const { wait } = Atomics
Atomics.wait = ((cells: Int32Array, index: number, value: number, patienceMs?: number) =>
  wait(cells, index, value, Math.min(patienceMs ?? 1, 1))) as typeof wait
process.send?.('ready')
