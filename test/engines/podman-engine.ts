import { execFileSync } from 'node:child_process'
import { mkdirSync } from 'node:fs'
import { join } from 'node:path'
import { mountBtrfs } from './btrfs.ts'
import { Enclosure, whyNoEnclosure } from './enclosure.ts'

const PODMAN = '/usr/bin/podman'

/** Where podman keeps its layers: a driver, and what mounts it. */
export type PodmanDriver = 'overlay' | 'vfs' | 'btrfs' | 'overlay with fuse-overlayfs'

/** Why podman cannot be run here, in a word; null where it can. */
export function whyNoPodman(driver: PodmanDriver): string | null {
  const needed =
    driver === 'btrfs' ? ['/usr/sbin/mkfs.btrfs'] : driver.includes('fuse') ? ['/usr/bin/fuse-overlayfs'] : []
  const reason = whyNoEnclosure([PODMAN, '/usr/bin/busybox', ...needed])
  if (reason !== null) return reason
  const version = execFileSync(PODMAN, ['--version'], { encoding: 'utf8' })
  return version.includes('version 4.3.') ? null : 'needs podman 4.3 (Debian 12: podman)'
}

/** A podman 4.3 with a store of its own. It has no daemon: each call is the engine. */
export class PodmanEngine {
  readonly enclosure: Enclosure
  readonly home: string
  readonly root: string
  /** What every call begins with. */
  readonly words: readonly string[]

  private constructor(enclosure: Enclosure, driver: PodmanDriver) {
    this.enclosure = enclosure
    this.home = enclosure.home
    this.root = join(this.home, 'root')
    mkdirSync(this.root)
    const mounting = driver.includes('fuse')
      ? ['--storage-opt', 'overlay.mount_program=/usr/bin/fuse-overlayfs']
      : []
    this.words = [
      PODMAN,
      ...[
        '--root',
        this.root,
        '--runroot',
        '/run/containers',
        '--storage-driver',
        driver.split(' ')[0] ?? '',
      ],
      ...[...mounting, '--cgroup-manager', 'cgroupfs', '--events-backend', 'file'],
    ]
  }

  /** A podman on an empty store. */
  static async create(driver: PodmanDriver): Promise<PodmanEngine> {
    const enclosure = await Enclosure.open()
    const engine = new PodmanEngine(enclosure, driver)
    if (driver === 'btrfs') mountBtrfs(enclosure, engine.root)
    return engine
  }

  podman(args: readonly string[], input?: Buffer): { status: number | null; stdout: string; stderr: string } {
    return this.enclosure.run([...this.words, ...args], input === undefined ? {} : { input })
  }

  /** The same, where anything but success is a failure of the test. */
  must(args: readonly string[], input?: Buffer): string {
    const { status, stdout, stderr } = this.podman(args, input)
    if (status !== 0) throw new Error(`podman ${args.join(' ')}: ${stderr}${stdout}`)
    return stdout
  }

  json(...args: string[]): unknown {
    return JSON.parse(this.must([...args, '--format', 'json']) || '[]')
  }

  /** Lets everything end, and takes away what podman keeps mounted over the store. */
  stop(): void {
    this.podman(['unpause', '-a'])
    this.podman(['stop', '-a', '-t', '0'])
    this.enclosure.run([
      'sh',
      '-c',
      `grep -o ' ${this.root}/[^ ]*' /proc/self/mounts | sort -r | xargs -r umount -l`,
    ])
  }

  dispose(): Promise<void> {
    return this.enclosure.dispose()
  }
}
