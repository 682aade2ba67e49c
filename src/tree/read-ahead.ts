import { SecondThread } from './second-thread.ts'

/** Small files that will be read later: the same ones in many directories, and the links of one. */
export interface Expected {
  /** The directory whose entries are the directories with the files. */
  readonly home: string
  readonly names: readonly string[]
  readonly files: readonly string[]
  /** The directory of the links. */
  readonly links: string
}

export interface AheadTask extends Expected {
  readonly location: string
}

export const NOT_READ = -1

/** What could be read without trouble: the texts one after the other, name by name, and the targets of the links. */
export interface AheadResult {
  readonly bytes: Uint8Array<ArrayBuffer>
  readonly lengths: Int32Array<ArrayBuffer>
  readonly targets: ReadonlyMap<string, string>
}

/** What a second thread reads while this one reads something else. What it could not read is read again, and reported. */
export class ReadAhead {
  readonly #expected: Expected
  readonly #thread: SecondThread<AheadTask, AheadResult>
  #texts: Texts | null = null
  #targets: ReadonlyMap<string, string> = new Map()

  /** Null where there can be no second thread. */
  static start(task: AheadTask): ReadAhead | null {
    const thread = SecondThread.start<AheadTask, AheadResult>('./read-ahead-worker.js', task)
    return thread === null ? null : new ReadAhead(task, thread)
  }

  private constructor(expected: Expected, thread: SecondThread<AheadTask, AheadResult>) {
    this.#expected = expected
    this.#thread = thread
  }

  /** The text of a file; null where it was not read. */
  text(path: string): string | null {
    const { home } = this.#expected
    return path.startsWith(`${home}/`) ? this.#await().at(path.slice(home.length + 1)) : null
  }

  /** The target of a link; null where it was not read. */
  target(path: string): string | null {
    const { links } = this.#expected
    if (!path.startsWith(`${links}/`)) return null
    this.#await()
    return this.#targets.get(path.slice(links.length + 1)) ?? null
  }

  end(): void {
    this.#thread.end()
  }

  #await(): Texts {
    if (this.#texts !== null) return this.#texts
    const result = this.#thread.result()
    this.#thread.end()
    this.#targets = result?.targets ?? this.#targets
    this.#texts = new Texts(this.#expected, result)
    return this.#texts
  }
}

/** The texts by name and file. They stay bytes until they are asked for. */
class Texts {
  readonly #files: readonly string[]
  readonly #bytes: Buffer
  readonly #lengths: Int32Array
  readonly #starts = new Map<string, { readonly index: number; readonly start: number }>()

  constructor({ names, files }: Expected, result: AheadResult | null) {
    this.#files = files
    this.#bytes = Buffer.from(result?.bytes.buffer ?? new ArrayBuffer(0))
    this.#lengths = result?.lengths ?? new Int32Array(0)
    let start = 0
    if (result === null) return
    for (const [position, name] of names.entries()) {
      const index = position * files.length
      this.#starts.set(name, { index, start })
      for (let file = 0; file < files.length; file++) start += Math.max(0, this.#lengths[index + file] ?? 0)
    }
  }

  at(path: string): string | null {
    const slash = path.indexOf('/')
    const found = this.#starts.get(path.slice(0, slash))
    const file = this.#files.indexOf(path.slice(slash + 1))
    if (found === undefined || file === -1) return null
    let { start } = found
    for (let before = 0; before < file; before++)
      start += Math.max(0, this.#lengths[found.index + before] ?? 0)
    const length = this.#lengths[found.index + file] ?? NOT_READ
    return length === NOT_READ ? null : this.#bytes.toString('utf8', start, start + length)
  }
}
