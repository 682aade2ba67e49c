import { type ChildProcess, execFileSync, spawn, spawnSync } from 'node:child_process'
import { accessSync, constants, mkdirSync, mkdtempSync, rmSync, statSync, writeFileSync } from 'node:fs'
import { request } from 'node:http'
import { tmpdir } from 'node:os'
import { join } from 'node:path'

const DOCKERD = '/usr/sbin/dockerd'
const DOCKER = '/usr/bin/docker'
const NEEDED = [DOCKERD, DOCKER, '/usr/bin/busybox', '/usr/bin/unshare']

/** Why no engine can be started here, in a word; null where one can. */
export function whyNoEngine(): string | null {
  if (process.platform !== 'linux' || process.getuid?.() !== 0) return 'needs root on Linux'
  for (const path of NEEDED)
    try {
      accessSync(path, constants.X_OK)
    } catch {
      return `needs ${path}`
    }
  const versions = [DOCKERD, DOCKER].map((path) => execFileSync(path, ['--version'], { encoding: 'utf8' }))
  if (!versions.every((version) => version.includes('version 20.10.')))
    return 'needs docker 20.10 (Debian 12: docker.io)'
  return spawnSync('unshare', ['-n', '-m', 'true']).status === 0 ? null : 'needs namespaces'
}

/** What one run of docker's command line gave. */
export interface Answer {
  readonly status: number
  readonly stdout: string
  readonly stderr: string
}

/** Namespaces of its own for network, mounts and processes: nothing of it is left when the first process ends. */
const INSIDE = `
set -e
mount -t tmpfs tmpfs /run
ip link set lo up
exec ${DOCKERD} --data-root "$1/root" --exec-root "$1/exec" --pidfile "$1/pid" -H "unix://$1/socket" \
  --storage-driver overlay2 --bridge=none --iptables=false --ip-masq=false --userland-proxy=false \
  --shutdown-timeout 2 --log-level warn
`

/** A docker 20.10 engine on a data root of its own. */
export class Engine {
  readonly home: string
  readonly root: string
  #process: ChildProcess | null = null

  constructor() {
    this.home = mkdtempSync(join(tmpdir(), 'layerscope-engine-'))
    this.root = join(this.home, 'root')
    mkdirSync(this.root)
  }

  async start(): Promise<void> {
    const log = join(this.home, 'log')
    writeFileSync(log, '', { flag: 'a' })
    this.#process = spawn(
      '/bin/sh',
      [
        '-c',
        `exec unshare -n -m -p -f --mount-proc --kill-child --propagation private /bin/sh -c '${INSIDE}' sh "$0" >>"$1" 2>&1`,
        this.home,
        log,
      ],
      { stdio: 'ignore', env: { PATH: process.env['PATH'], TZ: 'UTC', TMPDIR: this.home } },
    )
    for (let attempt = 0; attempt < 300; attempt++) {
      if (await this.get('/_ping').then(Boolean, () => false)) return
      if (this.#process.exitCode !== null) break
      await pause(100)
    }
    throw new Error(`the engine did not start; see ${log}`)
  }

  /** Stops cleanly, as a service manager would. */
  async stop(): Promise<void> {
    const running = this.#process
    if (running === null) return
    this.#process = null
    if (running.exitCode === null && running.signalCode === null) {
      const ended = new Promise((resolve) => running.once('exit', resolve))
      // The engine is the first process of its namespace; unshare only waits for it.
      const { stdout } = spawnSync('pgrep', ['-P', String(running.pid)], { encoding: 'utf8' })
      const engine = Number(stdout.trim())
      if (engine > 0) process.kill(engine, 'SIGTERM')
      else running.kill('SIGKILL')
      await ended
    }
    rmSync(join(this.home, 'socket'), { force: true })
  }

  async dispose(): Promise<void> {
    await this.stop()
    execFileSync('rm', ['-rf', this.home])
  }

  docker(args: readonly string[], options: { input?: Buffer; buildkit?: boolean } = {}): Answer {
    const { status, stdout, stderr } = spawnSync(DOCKER, args, {
      encoding: 'utf8',
      env: {
        PATH: process.env['PATH'],
        HOME: this.home,
        DOCKER_HOST: `unix://${join(this.home, 'socket')}`,
        DOCKER_BUILDKIT: options.buildkit === true ? '1' : '0',
        BUILDKIT_PROGRESS: 'plain',
      },
      timeout: 120_000,
      ...(options.input === undefined ? {} : { input: options.input }),
    })
    return { status: status ?? -1, stdout, stderr }
  }

  /** Asks the engine's API. */
  get(path: string): Promise<unknown> {
    return new Promise((resolve, reject) => {
      const asked = request({ socketPath: join(this.home, 'socket'), path: `/v1.41${path}` }, (response) => {
        const chunks: Buffer[] = []
        response.on('data', (chunk: Buffer) => chunks.push(chunk))
        response.on('end', () => {
          const text = Buffer.concat(chunks).toString('utf8')
          try {
            resolve(JSON.parse(text))
          } catch {
            resolve(text)
          }
        })
      })
      asked.on('error', reject)
      asked.end()
    })
  }

  /** What `du` counts, and how much of it is in the engine's own databases. */
  usage(): { total: number; databases: number } {
    const du = execFileSync('du', ['-sxB1', this.root], { encoding: 'utf8' })
    const found = execFileSync(
      'find',
      [this.root, '-xdev', '-name', '*.db', '-type', 'f', '-not', '-path', '*/diff/*'],
      {
        encoding: 'utf8',
      },
    )
    const databases = found.split('\n').filter(Boolean)
    const size = (path: string): number => (statSync(path, { throwIfNoEntry: false })?.blocks ?? 0) * 512
    return { total: Number.parseInt(du, 10), databases: databases.reduce((sum, path) => sum + size(path), 0) }
  }
}

export const pause = (ms: number): Promise<void> => new Promise((resolve) => setTimeout(resolve, ms))
