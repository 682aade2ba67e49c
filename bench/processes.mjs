import { spawnSync } from 'node:child_process'
import { existsSync, readFileSync } from 'node:fs'
import { delimiter, join } from 'node:path'
import { fileURLToPath } from 'node:url'

export const PROGRAM = fileURLToPath(new URL('../bin/layerscope.js', import.meta.url))
const PEAK_HOOK = new URL('peak-memory.mjs', import.meta.url).href
const GNU_TIME = '/usr/bin/time'

/** The command line of the program under test. */
export const layerscope = (...args) => [process.execPath, PROGRAM, ...args]

/** The shortest program that this Node can run. */
export const emptyNode = [process.execPath, '-e', '0']

/** Seconds from start to end of a command; what it prints is thrown away. Throws where it fails. */
export function secondsOf(command) {
  const start = process.hrtime.bigint()
  run(command)
  return Number(process.hrtime.bigint() - start) / 1e9
}

/** Seconds that a command kept a processor busy, for itself and for the kernel. */
export function processorSecondsOf(command, scratchFile) {
  run(['bash', '-c', `TIMEFORMAT='%U %S'; { time "$@" >/dev/null 2>&1; } 2>"$0"`, scratchFile, ...command])
  const [user = 0, system = 0] = readFileSync(scratchFile, 'utf8').trim().split(' ').map(Number)
  return user + system
}

/** What a command prints on stdout. */
export const outputOf = (command) => run(command, { stdio: ['ignore', 'pipe', 'ignore'] }).stdout

/** The largest resident set of a command that runs Node, in bytes. */
export function peakBytesOf(command, scratchFile) {
  if (existsSync(GNU_TIME)) {
    run([GNU_TIME, '-f', '%M', '-o', scratchFile, ...command])
    // Where the command exits with a code, a line that says so comes first.
    return Number(readFileSync(scratchFile, 'utf8').trim().split('\n').at(-1)) * 1024
  }
  const [node, ...args] = command
  run([node, '--import', PEAK_HOOK, ...args], { env: { ...process.env, LAYERSCOPE_BENCH_PEAK: scratchFile } })
  return Number(readFileSync(scratchFile, 'utf8'))
}

/** The first of some programs that is installed, else null. */
export function findProgram(...names) {
  for (const name of names)
    for (const directory of (process.env['PATH'] ?? '').split(delimiter))
      if (directory !== '' && existsSync(join(directory, name))) return join(directory, name)
  return null
}

function run([program, ...args], options = {}) {
  const result = spawnSync(program, args, { stdio: 'ignore', maxBuffer: 2 ** 31, ...options })
  // 2 is a complete answer about an incomplete root.
  if (result.error !== undefined || (result.status !== 0 && result.status !== 2))
    throw new Error(
      `${[program, ...args].join(' ').slice(0, 300)} failed: ${result.error?.message ?? `exit ${result.status ?? result.signal}`}`,
    )
  return result
}
