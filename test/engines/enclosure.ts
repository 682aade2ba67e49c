import { type ChildProcess, execFileSync, type SpawnSyncReturns, spawn, spawnSync } from 'node:child_process'
import { accessSync, constants, mkdtempSync, openSync, realpathSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { PROGRAM } from '../cli/program.ts'

/** Why nothing can be enclosed here, in a word; null where it can. */
export function whyNoEnclosure(needed: readonly string[]): string | null {
  if (process.platform !== 'linux' || process.getuid?.() !== 0) return 'needs root on Linux'
  for (const path of ['/usr/bin/unshare', '/usr/bin/nsenter', '/usr/bin/pgrep', ...needed])
    try {
      accessSync(path, constants.X_OK)
    } catch {
      return `needs ${path}`
    }
  const probe = spawnSync('unshare', [
    '-n',
    '-m',
    '-p',
    '-f',
    '--mount-proc',
    'mount',
    '-t',
    'tmpfs',
    'none',
    '/run',
  ])
  return probe.status === 0 ? null : 'needs namespaces'
}

/**
 * The first process of the enclosure. It ends when its standard input does, that is when the test's process is gone for
 * whatever reason, and takes everything inside with it. As an engine may write to its own directory alone, the host's
 * file system is bound read-only over itself where that is possible.
 */
const FIRST_PROCESS = `
mount --bind "$1" "$1"
mount -t tmpfs tmpfs /run
for path in /etc/docker /etc/containers /var/lib/containers /var/lib/cni; do [ -d "$path" ] && mount -t tmpfs tmpfs "$path"; done
[ -d /etc/containers ] && echo '{"default":[{"type":"insecureAcceptAnything"}]}' >/etc/containers/policy.json
mkdir "$1/tmp" && mount --bind "$1/tmp" /var/tmp
umount -l /sys/fs/cgroup/unified 2>/dev/null
ip link set lo up
hostname engine
mount -o remount,bind,ro / || echo 'the host stays writable' >&2
echo ready
while read -r _; do :; done
`

export interface RunOptions {
  readonly input?: Buffer
  readonly environment?: Readonly<Record<string, string>>
}

/** A directory, and namespaces for network, mounts, processes and the host's name in which an engine can live in it. */
export class Enclosure {
  readonly home: string
  readonly #first: ChildProcess
  #inside: string | null = null

  private constructor() {
    this.home = realpathSync(mkdtempSync(join(tmpdir(), 'layerscope-engine-')))
    this.#first = spawn(
      'unshare',
      [
        ...['-n', '-m', '-p', '-u', '-f', '--mount-proc', '--kill-child', '--propagation', 'private'],
        ...['bash', '-c', FIRST_PROCESS, 'bash', this.home],
      ],
      { stdio: ['pipe', 'pipe', 'ignore'] },
    )
  }

  static async open(): Promise<Enclosure> {
    const enclosure = new Enclosure()
    await new Promise<void>((resolve, reject) => {
      enclosure.#first.stdout?.once('data', () => resolve())
      enclosure.#first.once('exit', () => reject(new Error('no namespaces could be made')))
    })
    enclosure.#inside = execFileSync('pgrep', ['-P', String(enclosure.#first.pid)], {
      encoding: 'utf8',
    }).trim()
    return enclosure
  }

  #enter(words: readonly string[]): string[] {
    if (this.#inside === null) throw new Error('the enclosure is closed')
    return ['-t', this.#inside, '-n', '-m', '-p', '-u', '--', ...words]
  }

  #environment(more: Readonly<Record<string, string>> = {}): NodeJS.ProcessEnv {
    return {
      PATH: '/usr/sbin:/usr/bin:/sbin:/bin',
      HOME: this.home,
      TMPDIR: this.home,
      TZ: 'UTC',
      LANG: 'C.UTF-8',
      ...more,
    }
  }

  /** Runs a program inside to its end. */
  run(words: readonly string[], { input, environment }: RunOptions = {}): SpawnSyncReturns<string> {
    return spawnSync('nsenter', this.#enter(words), {
      encoding: 'utf8',
      env: this.#environment(environment),
      cwd: '/',
      timeout: 120_000,
      maxBuffer: 256 * 1024 * 1024,
      ...(input === undefined ? {} : { input }),
    })
  }

  /** The same, where anything but success is a failure of the test. */
  must(words: readonly string[], options: RunOptions = {}): string {
    const { status, stdout, stderr, error } = this.run(words, options)
    if (status !== 0) throw new Error(`${words.join(' ')}: ${error?.message ?? ''} ${stderr}${stdout}`)
    return stdout
  }

  /** Starts a program inside that stays. */
  start(words: readonly string[], log: string): ChildProcess {
    const file = openSync(join(this.home, log), 'a')
    return spawn('nsenter', this.#enter(words), {
      env: this.#environment(),
      cwd: '/',
      stdio: ['ignore', file, file],
    })
  }

  /** Our own program, as it runs on a host where the engine lives. */
  layerscope(words: readonly string[]): SpawnSyncReturns<string> {
    return this.run([process.execPath, PROGRAM, ...words])
  }

  /**
   * What `du` counts of a directory on its own file system: bytes, and inodes. Every subvolume of btrfs looks like a file
   * system of its own to `du -x`, so that it is asked without.
   */
  usage(directory: string): { disk: number; files: number } {
    const isBtrfs = this.must(['stat', '-f', '-c', '%T', directory]).trim() === 'btrfs'
    const excluded = isBtrfs ? [] : this.#mountsBelow(directory).map((point) => `--exclude=${point}`)
    const du = (...options: string[]): number =>
      Number.parseInt(this.must(['du', isBtrfs ? '-s' : '-sx', ...excluded, ...options, directory]), 10)
    return { disk: du('-B1'), files: du('--inodes') }
  }

  /**
   * `du -x` would follow a bind of the same file system, as of a volume that is a directory elsewhere. What an engine
   * binds over itself, as podman does with its driver's directory, stays.
   */
  #mountsBelow(directory: string): string[] {
    return this.must(['cat', '/proc/self/mountinfo'])
      .split('\n')
      .map((line) => line.split(' '))
      .filter(([, , , from, point]) => point?.startsWith(`${directory}/`) && !from?.startsWith(directory))
      .flatMap(([, , , , point]) => point ?? [])
  }

  /** Ends everything that runs inside and removes the directory. */
  async dispose(): Promise<void> {
    if (this.#inside === null) return
    this.run(['chattr', '-R', '-f', '-i', this.home])
    this.#inside = null
    const ended = new Promise((resolve) => this.#first.once('exit', resolve))
    this.#first.kill('SIGKILL')
    await ended
    execFileSync('rm', ['-rf', '--one-file-system', this.home])
  }
}

export const pause = (ms: number): Promise<void> => new Promise((resolve) => setTimeout(resolve, ms))
