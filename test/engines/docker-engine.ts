import type { ChildProcess } from 'node:child_process'
import { execFileSync } from 'node:child_process'
import { existsSync, mkdirSync, readFileSync, rmSync, statSync } from 'node:fs'
import { request } from 'node:http'
import { join } from 'node:path'
import { mountBtrfs } from './btrfs.ts'
import { Enclosure, pause, whyNoEnclosure } from './enclosure.ts'

const DOCKERD = '/usr/sbin/dockerd'
const DOCKER = '/usr/bin/docker'

/** The storage drivers of docker 20.10 that a host can have without more than a file. */
export type DockerDriver = 'overlay2' | 'vfs' | 'btrfs' | 'fuse-overlayfs' | 'overlay'

const NEEDED: Partial<Record<DockerDriver, readonly string[]>> = {
  btrfs: ['/usr/sbin/mkfs.btrfs'],
  'fuse-overlayfs': ['/usr/bin/fuse-overlayfs'],
}

/** Why no engine can be started here, in a word; null where one can. */
export function whyNoDocker(driver: DockerDriver = 'overlay2'): string | null {
  const reason = whyNoEnclosure([DOCKERD, DOCKER, '/usr/bin/busybox', ...(NEEDED[driver] ?? [])])
  if (reason !== null) return reason
  const versions = [DOCKERD, DOCKER].map((path) => execFileSync(path, ['--version'], { encoding: 'utf8' }))
  return versions.every((version) => version.includes('version 20.10.'))
    ? null
    : 'needs docker 20.10 (Debian 12: docker.io)'
}

/** What one run of docker's command line gave. */
export interface Answer {
  readonly status: number
  readonly stdout: string
  readonly stderr: string
}

/** A docker 20.10 engine on a data root of its own. */
export class DockerEngine {
  readonly enclosure: Enclosure
  readonly driver: DockerDriver
  readonly home: string
  readonly root: string
  #process: ChildProcess | null = null

  private constructor(enclosure: Enclosure, driver: DockerDriver) {
    this.enclosure = enclosure
    this.driver = driver
    this.home = enclosure.home
    this.root = join(this.home, 'root')
    mkdirSync(this.root)
  }

  /** An engine on an empty root; it does not run yet. */
  static async create(driver: DockerDriver = 'overlay2'): Promise<DockerEngine> {
    const engine = new DockerEngine(await Enclosure.open(), driver)
    if (driver === 'btrfs') mountBtrfs(engine.enclosure, engine.root)
    return engine
  }

  async start(): Promise<void> {
    const at = (name: string): string => join(this.home, name)
    this.#process = this.enclosure.start(
      [
        ...[DOCKERD, '--data-root', this.root, '--exec-root', at('exec'), '--pidfile', at('pid')],
        ...['-H', `unix://${at('socket')}`, '--storage-driver', this.driver, '--bridge=none'],
        ...['--iptables=false', '--ip-masq=false', '--userland-proxy=false'],
        ...['--shutdown-timeout', '2', '--log-level', 'warn'],
      ],
      'log',
    )
    for (let attempt = 0; attempt < 300; attempt++) {
      if (await this.get('/_ping').then(Boolean, () => false)) return
      if (this.#process.exitCode !== null) break
      await pause(100)
    }
    throw new Error(`the engine did not start: ${readFileSync(at('log'), 'utf8').slice(-2000)}`)
  }

  /** Stops cleanly, as a service manager would. */
  async stop(): Promise<void> {
    const running = this.#process
    if (running === null) return
    this.#process = null
    const pid = join(this.home, 'pid')
    if (running.exitCode === null && running.signalCode === null && existsSync(pid)) {
      const ended = new Promise((resolve) => running.once('exit', resolve))
      this.enclosure.run(['kill', '-TERM', readFileSync(pid, 'utf8').trim()])
      await ended
    }
    rmSync(join(this.home, 'socket'), { force: true })
  }

  async dispose(): Promise<void> {
    await this.stop()
    await this.enclosure.dispose()
  }

  docker(args: readonly string[], options: { input?: Buffer; buildkit?: boolean } = {}): Answer {
    const { input, buildkit = false } = options
    const environment = {
      DOCKER_HOST: `unix://${join(this.home, 'socket')}`,
      DOCKER_BUILDKIT: buildkit ? '1' : '0',
      BUILDKIT_PROGRESS: 'plain',
    }
    const { status, stdout, stderr } = this.enclosure.run([DOCKER, ...args], {
      environment,
      ...(input === undefined ? {} : { input }),
    })
    return { status: status ?? -1, stdout, stderr }
  }

  /** The same, where anything but success is a failure of the test. */
  must(args: readonly string[], options: { input?: Buffer; buildkit?: boolean } = {}): string {
    const { status, stdout, stderr } = this.docker(args, options)
    if (status !== 0) throw new Error(`docker ${args.join(' ')}: ${stderr}${stdout}`)
    return stdout
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
