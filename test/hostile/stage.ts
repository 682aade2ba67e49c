import { type ChildProcess, execFileSync, fork } from 'node:child_process'
import { chmodSync, existsSync, mkdirSync, mkdtempSync, renameSync } from 'node:fs'
import { createServer } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { build } from 'esbuild'
import { type FixtureName, fixtureRoot, isRoot } from '../support/fixtures.ts'
import { removeTree } from '../support/restore-fixtures.ts'
import { NOBODY } from '../tree/scratch.ts'
import { gzipBomb, type Supplies } from './damages.ts'
import type { Outcome, Task } from './worker.ts'

/** A run that takes longer than this hangs. Gigabytes are never read, so that the size of a file does not matter. */
const PATIENCE_MS = 60_000

/**
 * Removes what was touched, with names that no text can hold below it, and copies back what was there before: every name
 * of a file with several, so that they are names of one file again.
 */
const MEND = `set -e; work=$1; pristine=$2; shift 2
cd "$pristine"; tops=("$@"); were=(); declare -A linked=()
for path; do if [ -e "$path" ] || [ -L "$path" ]; then were+=("$path"); fi; done
if [ "\${#were[@]}" != 0 ]; then
  while read -r inode; do linked[$inode]=1; done < <(find "\${were[@]/#/./}" -type f -links +1 -printf '%i\\n')
fi
if [ "\${#linked[@]}" != 0 ]; then
  while IFS=$'\\t' read -r -d '' inode path; do
    [ -n "\${linked[$inode]:-}" ] || continue
    for top in "\${tops[@]}"; do case "$path" in "$top"|"$top"/*) continue 2 ;; esac; done
    tops+=("$path"); were+=("$path")
  done < <(find . -type f -links +1 -printf '%i\\t%P\\0')
fi
cd "$work"; rm -rf -- "\${tops[@]}"
cd "$pristine"
[ "\${#were[@]}" = 0 ] || cp -a --parents -- "\${were[@]}" "$work"`

/** A run that did not end by itself. */
export class Lost extends Error {}

/** Working copies of the fixtures that are damaged and mended again, and the processes that read them. */
export class Stage {
  readonly directory: string
  readonly supplies: Supplies
  readonly #program: string
  readonly #workers = new Map<boolean, ChildProcess>()
  readonly #pristine = new Map<FixtureName, readonly string[]>()

  private constructor(directory: string, program: string, supplies: Supplies) {
    this.directory = directory
    this.#program = program
    this.supplies = supplies
  }

  static async open(): Promise<Stage> {
    const directory = mkdtempSync(join(tmpdir(), 'layerscope-hostile-'))
    chmodSync(directory, 0o755)
    const program = join(directory, 'worker.mjs')
    await build({
      entryPoints: [fileURLToPath(new URL('worker.ts', import.meta.url))],
      outfile: program,
      bundle: true,
      platform: 'node',
      target: 'node20',
      format: 'esm',
      logLevel: 'warning',
      define: { __VERSION__: '"test"' },
      banner: { js: "import{createRequire}from'node:module';const require=createRequire(import.meta.url);" },
    })
    return new Stage(directory, program, await makeSupplies(join(directory, 'supplies')))
  }

  /** The working copy of a fixture. Everyone may read it, so that an ordinary user's run finds what root's finds. */
  root(name: FixtureName): string {
    const root = join(this.directory, 'work', name)
    if (!this.#pristine.has(name)) {
      for (const part of ['pristine', 'work']) {
        mkdirSync(join(this.directory, part), { recursive: true })
        execFileSync('cp', ['-a', fixtureRoot(name), join(this.directory, part, name)])
        // Devices are left as they are; who owns a file is no part of a report.
        if (isRoot) execFileSync('chmod', ['-R', 'a+rX', join(this.directory, part, name)])
      }
      this.#pristine.set(name, pathsBelow(root))
    }
    return root
  }

  /** Every path of the healthy fixture, in byte order. */
  paths(name: FixtureName): readonly string[] {
    this.root(name)
    return this.#pristine.get(name) ?? []
  }

  /** Puts back what was touched. */
  mend(name: FixtureName, touched: readonly string[]): void {
    const pristine = join(this.directory, 'pristine', name)
    const tops = [...new Set(touched)].filter(
      (path) => !touched.some((other) => other !== path && path.startsWith(`${other}/`)),
    )
    if (tops.length === 0) return
    const root = this.root(name)
    if (!isRoot) execFileSync('chmod', ['-R', 'u+rwX', root])
    execFileSync('bash', ['-c', MEND, 'mend', root, pristine, ...tops])
  }

  /** Runs the program on a root, as root or as an ordinary user. Throws Lost where it does not end by itself. */
  run(task: Task, asOrdinary: boolean): Promise<Outcome> {
    return new Promise((resolve, reject) => {
      const worker = this.#worker(asOrdinary)
      const end = (settle: () => void): void => {
        clearTimeout(timer)
        worker.removeAllListeners('message')
        worker.removeAllListeners('exit')
        settle()
      }
      const lose = (why: string): void => {
        this.#workers.delete(asOrdinary)
        worker.kill('SIGKILL')
        end(() => reject(new Lost(why)))
      }
      const timer = setTimeout(() => lose(`it did not end within ${PATIENCE_MS} ms`), PATIENCE_MS)
      worker.on('message', (message: Outcome | 'ready') => {
        if (message !== 'ready') end(() => resolve(message))
      })
      worker.on('exit', (code, signal) => lose(`its process ended with ${signal ?? code}`))
      worker.send(task)
    })
  }

  /** Begins anew with a fresh process, so that its peak of memory is that of the runs to come. */
  dismiss(asOrdinary: boolean): void {
    this.#workers.get(asOrdinary)?.kill('SIGKILL')
    this.#workers.delete(asOrdinary)
  }

  close(): void {
    for (const worker of this.#workers.values()) worker.kill('SIGKILL')
    removeTree(this.directory)
  }

  #worker(asOrdinary: boolean): ChildProcess {
    const known = this.#workers.get(asOrdinary)
    if (known !== undefined) return known
    const ordinary = asOrdinary && isRoot ? { uid: NOBODY, gid: NOBODY } : {}
    const worker = fork(this.#program, [], {
      ...ordinary,
      execArgv: ['--max-old-space-size=512'],
      cwd: '/',
      serialization: 'advanced',
    })
    this.#workers.set(asOrdinary, worker)
    return worker
  }
}

async function makeSupplies(directory: string): Promise<Supplies> {
  mkdirSync(directory)
  const [fifo, socket] = [join(directory, 'fifo'), join(directory, 'socket')]
  execFileSync('mkfifo', [fifo])
  await makeSocket(join(directory, 's'), socket)
  const devices = isRoot
    ? ['null 1 3', 'tty 5 0', 'zero 1 5'].map((device) => makeDevice(directory, device))
    : []
  return { fifo, socket, devices: devices.filter((device) => existsSync(device)), bomb: gzipBomb() }
}

/** A socket goes when its server closes, unless it has another name by then. */
function makeSocket(path: string, kept: string): Promise<void> {
  return new Promise((resolve) => {
    const server = createServer().listen(path, () => {
      renameSync(path, kept)
      server.close(() => resolve())
    })
  })
}

/** Containers of a CI may forbid devices. */
function makeDevice(directory: string, device: string): string {
  const [name = '', major = '', minor = ''] = device.split(' ')
  try {
    execFileSync('mknod', [join(directory, name), 'c', major, minor], { stdio: 'ignore' })
  } catch {
    return join(directory, 'no-device')
  }
  return join(directory, name)
}

const pathsBelow = (root: string): string[] =>
  execFileSync('find', [root, '-mindepth', '1', '-printf', '%P\\0'], { encoding: 'utf8' })
    .split('\0')
    .filter((path) => path !== '' && !path.includes('\uFFFD'))
    .sort()
