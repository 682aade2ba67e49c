import { readdirSync, readFileSync, statSync } from 'node:fs'
import { fileName } from '../formats/byte-name.ts'

const PROGRAMS: ReadonlySet<string> = new Set(['podman', 'buildah', 'crio', 'skopeo'])

/**
 * Whether a program runs that may be changing a store of containers/storage. These take its locks for moments only: a
 * layer that is being built stands there unlocked and unused. False where processes cannot be seen.
 */
export function isStoreInUse(location: string, proc = '/proc'): boolean {
  return list(proc).some((pid) => {
    if (!/^\d+$/.test(pid) || !PROGRAMS.has(read(`${proc}/${pid}/comm`).trim())) return false
    const root = rootOption(read(`${proc}/${pid}/cmdline`).split('\0'))
    return root === null ? isUsualPlace(location) : isSame(`${proc}/${pid}/root${root}`, location)
  })
}

/** The store that is named on a command line, as `--root DIR` or `--root=DIR`. */
function rootOption(words: readonly string[]): string | null {
  const at = words.findIndex((word) => word === '--root' || word.startsWith('--root='))
  const word = words[at]
  return word === undefined
    ? null
    : word === '--root'
      ? (words[at + 1] ?? null)
      : word.slice('--root='.length)
}

/** Where a store lies unless it is told otherwise, root's and an ordinary user's. */
const isUsualPlace = (location: string): boolean => location.endsWith('/containers/storage')

function isSame(path: string, location: string): boolean {
  try {
    const [a, b] = [statSync(path), statSync(fileName(location))]
    return a.dev === b.dev && a.ino === b.ino
  } catch {
    return false
  }
}

function list(directory: string): string[] {
  try {
    return readdirSync(directory)
  } catch {
    return []
  }
}

function read(path: string): string {
  try {
    return readFileSync(path, 'utf8')
  } catch {
    return ''
  }
}
