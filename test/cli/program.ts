import { execFileSync, type SpawnSyncReturns, spawnSync } from 'node:child_process'
import { cpSync, existsSync, mkdtempSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'

const project = fileURLToPath(new URL('../../', import.meta.url))

export const PROGRAM = join(project, 'bin/layerscope.js')

/** Builds the program where that was not done yet. */
export function ensureBuilt(): void {
  if (!existsSync(join(project, 'dist/cli.js')))
    execFileSync('npm', ['run', '--silent', 'build'], { cwd: project, stdio: 'inherit' })
}

/** What a run of the program gave. */
export interface Run {
  readonly code: number | null
  readonly out: string
  readonly err: string
}

interface RunOptions {
  readonly user?: number
  readonly program?: string
  readonly environment?: Readonly<Record<string, string>>
  /** A descriptor that takes the place of the pipe. */
  readonly stdout?: number
}

/** Runs the built program on a command line, without a terminal, in a UTF-8 locale. */
export function layerscope(args: readonly string[], options: RunOptions = {}): Run {
  const { user, program = PROGRAM, environment = {}, stdout = 'pipe' } = options
  const result: SpawnSyncReturns<string> = spawnSync(process.execPath, [program, ...args], {
    encoding: 'utf8',
    maxBuffer: 64 * 1024 * 1024,
    stdio: ['ignore', stdout, 'pipe'],
    env: { PATH: process.env['PATH'], HOME: '/nonexistent', LANG: 'C.UTF-8', ...environment },
    cwd: tmpdir(),
    ...(user === undefined ? {} : { uid: user, gid: user }),
  })
  if (result.error !== undefined) throw result.error
  return { code: result.status, out: result.stdout, err: result.stderr }
}

/** A copy of the program that every user may read, wherever the project itself lies. */
export function publicProgram(): string {
  const directory = mkdtempSync(join(tmpdir(), 'layerscope-program-'))
  for (const part of ['bin', 'dist', 'package.json'])
    cpSync(join(project, part), join(directory, part), { recursive: true })
  execFileSync('chmod', ['-R', 'a+rX', directory])
  return join(directory, 'bin/layerscope.js')
}

/** Every entry below a root with all that a write would change, but for the times of last access. */
export const fingerprint = (root: string): string =>
  execFileSync('find', [root, '-printf', '%p %y %m %U %G %s %i %n %T@ %C@ %l\\n'], {
    encoding: 'latin1',
    maxBuffer: 256 * 1024 * 1024,
  })
    .split('\n')
    .sort()
    .join('\n')
