import { readFileSync } from 'node:fs'

/** The mount points of this process's mount namespace, absolute; null where the kernel does not say. */
export function mountPoints(): Set<string> | null {
  try {
    return parseMountInfo(readFileSync('/proc/self/mountinfo', 'utf8'))
  } catch {
    return null
  }
}

/** A mount: the directory of its file system that shows, and where. */
export interface Mount {
  readonly parent: string
  /** The numbers of the device, as `8:1`. */
  readonly device: string
  readonly directory: string
  readonly point: string
  /** The kind of file system, as `overlay`. */
  readonly type: string
  /** Those of the file system, with commas between them. */
  readonly options: string
}

/** The mounts of a listing such as `/proc/self/mountinfo`, by their ids (proc_pid_mountinfo(5)). */
export function parseMounts(content: string): Map<string, Mount> {
  const mounts = new Map<string, Mount>()
  for (const line of content.split('\n')) {
    const [id, parent, device, directory, point, ...more] = line.split(' ')
    if (id === undefined || parent === undefined || device === undefined) continue
    if (directory === undefined || point === undefined) continue
    // A hyphen ends the optional fields.
    const [type = '', , options = ''] = more.slice(more.indexOf('-') + 1)
    mounts.set(id, {
      parent,
      device,
      directory: decode(directory),
      point: decode(point),
      type,
      options: decode(options),
    })
  }
  return mounts
}

/**
 * The mount points that a listing of mounts names. A directory that is bound onto itself shows what lies there anyway and
 * counts as none: engines do that to their own, as podman to the directory of its layers.
 */
export function parseMountInfo(content: string): Set<string> {
  const mounts = parseMounts(content)
  const points = new Set<string>()
  for (const mount of mounts.values())
    if (!isBoundOntoItself(mount, mounts.get(mount.parent))) points.add(mount.point)
  return points
}

/** The device, in decimal, of the file system that holds a path, as the mounts say; null where they do not. */
export function deviceHolding(content: string, path: string): string | null {
  let found: { device: string; length: number } | null = null
  for (const line of content.split('\n')) {
    const [, , device, , point] = line.split(' ')
    if (device === undefined || point === undefined) continue
    const at = decode(point)
    const holds = at === '/' || path === at || path.startsWith(`${at}/`)
    // Of several on one point the last one shows.
    if (holds && at.length >= (found?.length ?? 0)) found = { device, length: at.length }
  }
  return found?.device ?? null
}

function isBoundOntoItself(mount: Mount, below: Mount | undefined): boolean {
  if (below === undefined || below.device !== mount.device) return false
  const covered = below.point === '/' ? mount.point : mount.point.slice(below.point.length)
  return mount.directory === (below.directory === '/' ? covered : below.directory + covered)
}

/** Blanks and the like stand there in octal. */
const decode = (text: string): string =>
  text.replace(/\\([0-7]{3})/g, (_, octal: string) => String.fromCharCode(Number.parseInt(octal, 8)))
