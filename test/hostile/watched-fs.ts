import fs from 'node:fs'
import { syncBuiltinESMExports } from 'node:module'
import { dirname } from 'node:path'

/** What the file system calls of one run did. */
export interface Watch {
  /** Every path that was opened to read it, relative to the root. */
  readonly opened: Set<string>
  /** Every path that was looked at in any way, relative to the root. */
  readonly seen: Set<string>
  /** What no run may do, in words. */
  readonly violations: string[]
}

/** Files of the kernel that say what is mounted, locked and held open; nothing else outside a root is looked at. */
const KERNEL =
  /^\/proc(\/locks|\/self\/mountinfo|\/\d+\/(fd|comm|cgroup|mountinfo)|\/\d+\/(fd|fdinfo)\/\d+)?$/

const OPENING = ['openSync', 'readFileSync'] as const
const LISTING = ['readdirSync', 'opendirSync'] as const
const LOOKING = ['lstatSync', 'readlinkSync'] as const
const FOLLOWING = ['statSync', 'realpathSync', 'existsSync', 'accessSync', 'statfsSync'] as const
const CHANGING = [
  ...['appendFileSync', 'chmodSync', 'chownSync', 'copyFileSync', 'cpSync', 'fchmodSync', 'fchownSync'],
  ...['fdatasyncSync', 'fsyncSync', 'ftruncateSync', 'futimesSync', 'lchownSync', 'linkSync', 'lutimesSync'],
  ...['mkdirSync', 'mkdtempSync', 'renameSync', 'rmSync', 'rmdirSync', 'symlinkSync', 'truncateSync'],
  ...['unlinkSync', 'utimesSync', 'writeFileSync', 'writeSync', 'writevSync', 'createWriteStream'],
]

type Call = (...args: unknown[]) => unknown

let root = ''
let watch: Watch = { opened: new Set(), seen: new Set(), violations: [] }
const directories = new Map<string, string>()

// The calls as they were, for the watching itself.
const { lstatSync, realpathSync } = fs

/** Begins a new record, for a run that may read below this root only. */
export function watchRoot(path: string): Watch {
  root = path
  watch = { opened: new Set(), seen: new Set(), violations: [] }
  directories.clear()
  return watch
}

/** Puts a watch on every call of `node:fs` that a synchronous program can make. */
export function watchFileSystem(): void {
  const calls = fs as unknown as Record<string, Call>
  const wrap = (names: readonly string[], check: (path: string, name: string) => void): void => {
    for (const name of names) {
      const original = calls[name]
      if (original === undefined) continue
      const watched: Call = (...args) => {
        const [path] = args
        if (typeof path === 'string' || Buffer.isBuffer(path)) check(path.toString('latin1'), name)
        return original(...args)
      }
      calls[name] = Object.assign(watched, original)
    }
  }
  wrap(OPENING, (path, name) => {
    note(path, name, watch.opened)
    if (inKernel(path)) return
    const stats = attempt(() => lstatSync(Buffer.from(path, 'latin1')))
    if (stats !== null && !stats.isFile()) refuse(`${name} of ${path}, which is no regular file`)
  })
  wrap(LISTING, (path, name) => {
    note(path, name)
    // The place itself has to be a directory: a link would be followed.
    if (!inKernel(path)) requireInside(realDirectory(path), `${name} of ${path}`)
  })
  wrap(LOOKING, note)
  wrap(FOLLOWING, (path, name) => {
    if (path !== root && !inKernel(path)) refuse(`${name} of ${path} would follow a link`)
  })
  for (const name of CHANGING) calls[name] = () => refuse(name)
  syncBuiltinESMExports()
}

function note(path: string, name: string, list?: Set<string>): void {
  if (inKernel(path)) return
  const relative = path === root ? '' : path.slice(root.length + 1)
  watch.seen.add(relative)
  list?.add(relative)
  if (path !== root) requireInside(realDirectory(dirname(path)), `${name} of ${path}`)
}

const inKernel = (path: string): boolean => KERNEL.test(path)

function requireInside(real: string | null, what: string): void {
  if (real !== null && real !== root && !real.startsWith(`${root}/`)) refuse(`${what} leads to ${real}`)
}

/** Where a directory really lies; null where there is none. */
function realDirectory(path: string): string | null {
  const known = directories.get(path)
  if (known !== undefined) return known
  const real = attempt(() => realpathSync(Buffer.from(path, 'latin1'), 'latin1'))
  if (real !== null) directories.set(path, real)
  return real
}

function refuse(what: string): never {
  watch.violations.push(what)
  throw new Error(`never allowed: ${what}`)
}

function attempt<T>(action: () => T): T | null {
  try {
    return action()
  } catch {
    return null
  }
}
