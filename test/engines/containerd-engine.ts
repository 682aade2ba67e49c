import { type ChildProcess, execFileSync } from 'node:child_process'
import { mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { mountBtrfs } from './btrfs.ts'
import { Enclosure, pause, whyNoEnclosure } from './enclosure.ts'

const CONTAINERD = '/usr/bin/containerd'
const CTR = '/usr/bin/ctr'

/** What holds the snapshots of a root: directories of any file system, or subvolumes of a root that is btrfs. */
export type Snapshots = 'directories' | 'subvolumes'

const SNAPSHOTTERS: Readonly<Record<Snapshots, readonly string[]>> = {
  directories: ['overlayfs', 'native'],
  subvolumes: ['btrfs'],
}

/** Why no containerd can be started here, in a word; null where it can. */
export function whyNoContainerd(snapshots: Snapshots = 'directories'): string | null {
  const mkfs = snapshots === 'subvolumes' ? ['/usr/sbin/mkfs.btrfs'] : []
  const reason = whyNoEnclosure([CONTAINERD, CTR, '/usr/bin/busybox', ...mkfs])
  if (reason !== null) return reason
  const version = execFileSync(CONTAINERD, ['--version'], { encoding: 'utf8' })
  return version.includes(' 1.6.') ? null : 'needs containerd 1.6 (Debian 12: containerd)'
}

/** When nothing is collected but as the engine starts, or is asked to, then what was just made stays unheld. */
export type Collecting = 'collects when asked' | 'collects by itself'

const PLUGINS = `version = 2
disabled_plugins = ["io.containerd.grpc.v1.cri", "io.containerd.snapshotter.v1.aufs", "io.containerd.snapshotter.v1.zfs", "io.containerd.snapshotter.v1.devmapper"]
`

const WHEN_ASKED = `[plugins."io.containerd.gc.v1.scheduler"]
  deletion_threshold = 0
  mutation_threshold = 1000000
  startup_delay = "1ms"
`

/** A containerd 1.6 with a root of its own. */
export class ContainerdEngine {
  readonly enclosure: Enclosure
  readonly home: string
  readonly root: string
  readonly snapshotters: readonly string[]
  #process: ChildProcess | null = null

  private constructor(enclosure: Enclosure, snapshots: Snapshots, collecting: Collecting) {
    this.snapshotters = SNAPSHOTTERS[snapshots]
    this.enclosure = enclosure
    this.home = enclosure.home
    this.root = join(this.home, 'root')
    mkdirSync(this.root)
    const config = collecting === 'collects when asked' ? PLUGINS + WHEN_ASKED : PLUGINS
    writeFileSync(join(this.home, 'config.toml'), config)
  }

  /** An engine on an empty root; it does not run yet. */
  static async create(
    snapshots: Snapshots,
    collecting: Collecting = 'collects when asked',
  ): Promise<ContainerdEngine> {
    const engine = new ContainerdEngine(await Enclosure.open(), snapshots, collecting)
    if (snapshots === 'subvolumes') mountBtrfs(engine.enclosure, engine.root)
    return engine
  }

  get #socket(): string {
    return join(this.home, 'socket')
  }

  async start(): Promise<void> {
    this.#process = this.enclosure.start(
      [
        ...[CONTAINERD, '--config', join(this.home, 'config.toml'), '--root', this.root],
        ...['--state', join(this.home, 'state'), '--address', this.#socket, '--log-level', 'warn'],
      ],
      'log',
    )
    for (let attempt = 0; attempt < 300; attempt++) {
      if (this.ctr(['version']).status === 0) return
      if (this.#process.exitCode !== null) break
      await pause(100)
    }
    throw new Error(`containerd did not start: ${readFileSync(join(this.home, 'log'), 'utf8').slice(-2000)}`)
  }

  async stop(): Promise<void> {
    const running = this.#process
    this.#process = null
    if (running === null || running.exitCode !== null) return
    const ended = new Promise((resolve) => running.once('exit', resolve))
    const [pid = ''] = this.enclosure.must(['pgrep', '-x', 'containerd']).split('\n')
    this.enclosure.must(['kill', '-TERM', pid])
    await ended
    rmSync(this.#socket, { force: true })
  }

  ctr(args: readonly string[]): { status: number | null; stdout: string; stderr: string } {
    return this.enclosure.run([CTR, ...args], { environment: { CONTAINERD_ADDRESS: this.#socket } })
  }

  /** The same, where anything but success is a failure of the test. */
  must(args: readonly string[]): string {
    const { status, stdout, stderr } = this.ctr(args)
    if (status !== 0) throw new Error(`ctr ${args.join(' ')}: ${stderr}${stdout}`)
    return stdout
  }

  /** The rows of a table that ctr prints, split at white space, without the heading. */
  rows(args: readonly string[]): string[][] {
    return this.must(args)
      .trim()
      .split('\n')
      .slice(1)
      .map((line) => line.trim().split(/\s+/))
  }

  dispose(): Promise<void> {
    return this.enclosure.dispose()
  }
}
