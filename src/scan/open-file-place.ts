import { lstatSync, readFileSync } from 'node:fs'
import { fileName } from '../formats/byte-name.ts'
import { type Mount, parseMounts } from './mounts.ts'

type Mounts = ReadonlyMap<string, Mount>

/** Where overlay drivers keep their directories; an `upperdir` that is given in short is relative to one of them. */
const OVERLAY_HOMES = ['overlay2', 'overlay']

/**
 * Tells where below a root the files lie that processes hold open. Their names in `/proc` are those that the process
 * sees, in a container from the container's own root: what they lie on is told by the mount of the descriptor
 * (`fdinfo`, `mountinfo`), by its `upperdir` or by its directory of a file system that the root lies on as well.
 */
export class OpenFilePlaces {
  readonly #location: string
  readonly #proc: string
  readonly #own: Mounts
  /** Of the process that was asked for last. */
  #mounts: { readonly pid: string; readonly byId: Mounts } | null = null

  constructor(location: string, proc: string) {
    this.#location = location
    this.#proc = proc
    this.#own = mountsIn(`${proc}/self/mountinfo`)
  }

  /** The path relative to the root of what a descriptor holds under a name; null where it lies elsewhere. */
  find(pid: string, descriptor: string, name: string): string | null {
    const id = this.#mountId(pid, descriptor)
    const mount = id === null ? undefined : (this.#own.get(id) ?? this.#mountsOf(pid).get(id))
    if (mount === undefined) return pathBelow(name, this.#location)
    const path = pathBelow(name, mount.point)
    if (path === null) return null
    return mount.type === 'overlay' ? this.#inUpper(mount, path) : this.#onDevice(mount, path)
  }

  /** A file of an overlay that is deleted and held is a file of its upper directory. */
  #inUpper({ options }: Mount, path: string): string | null {
    const upper = optionOf(options, 'upperdir')
    if (upper === null) return null
    const candidates = upper.startsWith('/')
      ? [pathBelow(upper, this.#location)]
      : OVERLAY_HOMES.map((home) => `${home}/${upper}`)
    // An engine in a container may have a root of the same name, whose directories are not here.
    const directory = candidates.find((each) => each !== null && isDirectory(`${this.#location}/${each}`))
    return directory == null ? null : `${directory}/${path}`
  }

  /** The mount shows a directory of a file system; our own mounts tell under which name we see that. */
  #onDevice({ device, directory }: Mount, path: string): string | null {
    const there = `${directory === '/' ? '' : directory}/${path}`
    for (const own of this.#own.values()) {
      const below = own.device === device ? pathBelow(there, own.directory) : null
      const found =
        below === null ? null : pathBelow(`${own.point === '/' ? '' : own.point}/${below}`, this.#location)
      if (found !== null) return found
    }
    return null
  }

  #mountId(pid: string, descriptor: string): string | null {
    try {
      const facts = readFileSync(`${this.#proc}/${pid}/fdinfo/${descriptor}`, 'utf8')
      return /^mnt_id:\s*(\d+)/m.exec(facts)?.[1] ?? null
    } catch {
      return null
    }
  }

  #mountsOf(pid: string): Mounts {
    if (this.#mounts?.pid !== pid) this.#mounts = { pid, byId: mountsIn(`${this.#proc}/${pid}/mountinfo`) }
    return this.#mounts.byId
  }
}

function mountsIn(file: string): Mounts {
  try {
    return parseMounts(readFileSync(file, 'utf8'))
  } catch {
    return new Map()
  }
}

/** What follows a directory in a path; null where the path does not lead below it. */
function pathBelow(path: string, directory: string): string | null {
  const prefix = directory === '/' ? '/' : `${directory}/`
  return path.startsWith(prefix) ? path.slice(prefix.length) : null
}

/** The value of an option; a comma in it stands behind a backslash. */
function optionOf(options: string, name: string): string | null {
  const value = options.split(/(?<!\\),/).find((option) => option.startsWith(`${name}=`))
  return value === undefined ? null : value.slice(name.length + 1).replace(/\\(.)/g, '$1')
}

function isDirectory(path: string): boolean {
  try {
    return lstatSync(fileName(path)).isDirectory()
  } catch {
    return false
  }
}
