import { isObject, type JsonObject } from '../formats/fields.ts'
import { type JsonProblem, parseJsonBounded } from '../formats/go-json.ts'
import type { Finding, FindingCode, Subject } from '../model/findings.ts'
import { ABSENT } from '../tree/read-ahead.ts'
import { FILES_WORTH_A_LISTING } from '../tree/read-batch.ts'
import { type Entry, type Stat, type Tree, TreeError, type TreeErrorCode } from '../tree/tree.ts'

/** Small text files (ids, digests, sizes, tag lists, configs) are far below this; larger ones are not read. */
export const TEXT_LIMIT_BYTES = 64 * 1024 * 1024
/** BuildKit and containerd databases of busy hosts reach hundreds of MB. */
export const DATABASE_LIMIT_BYTES = 1024 * 1024 * 1024

export interface Failure {
  readonly ok: false
  readonly code: TreeErrorCode | JsonProblem
  /** A sentence fragment that follows the path: "is empty". */
  readonly problem: string
}

const NO_FILE: Failure = { ok: false, code: 'missing', problem: 'is missing' }

export type Read<T> = { readonly ok: true; readonly value: T } | Failure

/** Thrown out of a layout when the scan is cancelled; what was collected stays. */
export class Cancelled extends Error {}

export interface SourceEvents {
  /** Whether any process holds a lock on a file; null where the kernel does not say. */
  isLocked?(path: string): boolean | null
  /** Called for every file read, with the running count. Returns false to cancel the scan. */
  onFile(count: number, path: string): boolean
}

type FindingInput = {
  code: FindingCode
  subject?: Subject
  path?: string
  message: string
  hint?: string
}

/** Failures that have a finding of their own, whatever the file was for. */
const GENERIC_CODES: Partial<Record<Failure['code'], FindingCode>> = {
  denied: 'unreadable',
  io: 'io-error',
  'not-regular': 'not-a-regular-file',
  'not-directory': 'not-a-regular-file',
  symlink: 'symlink-not-followed',
  'too-large': 'file-too-large',
}

const GENERIC_HINTS: Partial<Record<Failure['code'], string>> = {
  denied: 'Run layerscope as root (sudo) to read all of it.',
  symlink: 'Name the real directory with --root if it belongs to this store.',
}

/** One root as the layouts see it: reads that fail give a value or become a finding, never an exception. */
export class Source {
  readonly tree: Tree
  /** The absolute path of the root, for findings and for saying what an engine would delete. */
  readonly root: string
  readonly #findings: Finding[]
  readonly events: SourceEvents
  #filesRead = 0
  /** Directories of which it was said that they cannot be listed. */
  readonly #unlisted = new Set<string>()

  constructor(tree: Tree, root: string, findings: Finding[], events: SourceEvents) {
    this.tree = tree
    this.root = root
    this.#findings = findings
    this.events = events
  }

  report({ code, subject, path, message, hint }: FindingInput): void {
    this.#findings.push({
      code,
      root: this.root,
      subject: subject ?? null,
      path: path ?? null,
      message,
      hint: hint ?? null,
    })
  }

  /**
   * Reports a failed read: under the caller's code, unless the failure has one of its own. `engine` says what an engine
   * makes of such a file; where only the rights to read it are wanting, an engine reads it all the same.
   */
  reportFailure(failure: Failure, { engine, ...input }: FindingInput & { engine?: string }): void {
    const isDenied = failure.code === 'denied'
    const hint = (isDenied ? undefined : input.hint) ?? GENERIC_HINTS[failure.code]
    this.report({
      ...input,
      code: GENERIC_CODES[failure.code] ?? input.code,
      message: engine === undefined || isDenied ? input.message : `${input.message} ${engine}`,
      ...(hint === undefined ? {} : { hint }),
    })
  }

  text(path: string): Read<string> {
    return this.#attempt(path, () => this.tree.readText(path, TEXT_LIMIT_BYTES))
  }

  bytes(path: string, limitBytes = TEXT_LIMIT_BYTES): Read<Buffer> {
    return this.#attempt(path, () => this.tree.read(path, limitBytes))
  }

  /** The first bytes of a file, at most `lengthBytes` of them. */
  start(path: string, lengthBytes: number): Read<Buffer> {
    return this.#attempt(path, () => this.tree.readStart(path, lengthBytes))
  }

  /** Reads a JSON object; a file that changed while it was read is tried once more. */
  json(path: string): Read<JsonObject> {
    const first = this.#jsonOnce(path)
    if (first.ok || first.code !== 'cut-off') return first
    return this.#jsonOnce(path)
  }

  #jsonOnce(path: string): Read<JsonObject> {
    const content = this.text(path)
    return content.ok ? parseObject(content.value) : content
  }

  /** The entries of a directory; none where it does not exist, and one finding where it cannot be listed. */
  list(path: string): readonly Entry[] {
    return this.listIfSeen(path) ?? []
  }

  /** The same, but null where it cannot be listed. */
  listIfSeen(path: string): readonly Entry[] | null {
    const entries = this.#attempt(path, () => this.tree.list(path))
    if (entries.ok) return entries.value
    if (entries.code === 'missing') return []
    if (!this.#unlisted.has(path)) {
      this.#unlisted.add(path)
      this.reportFailure(entries, {
        code: 'unreadable',
        path,
        message: `The directory ${path} ${entries.problem}; nothing below it is part of this report.`,
      })
    }
    return null
  }

  /** What lies at a path; null where nothing does, or where it cannot be seen. */
  stat(path: string): Stat | null {
    try {
      return this.tree.stat(path)
    } catch (error) {
      if (error instanceof TreeError) return null
      throw error
    }
  }

  /** The texts of several small files of one directory. */
  texts(directory: string, files: readonly string[]): Read<string>[] {
    const ahead = this.tree.textsAhead?.(directory, files) ?? null
    // One look at the directory tells of all its files what they are.
    if (ahead === null && files.length >= FILES_WORTH_A_LISTING) this.list(directory)
    return files.map((file, index) => {
      const text = ahead?.[index] ?? null
      if (text === null) return this.text(`${directory}/${file}`)
      this.#count(directory)
      return text === ABSENT ? NO_FILE : { ok: true, value: text }
    })
  }

  /** The length of a regular file of a directory; null where none lies there, or it cannot be seen. */
  lengthOf(directory: string, file: string): number | null {
    const ahead = this.tree.lengthAhead?.(directory, file) ?? null
    if (ahead !== null) return ahead
    const stat = this.stat(`${directory}/${file}`)
    return stat?.kind === 'file' ? stat.sizeBytes : null
  }

  /** False where a directory is there, or may be, but its entries cannot be seen. */
  isListable(path: string): boolean {
    const failure = this.#listFailure(path)
    return failure === null || failure === 'missing'
  }

  /** Whether a directory may not be listed by this process. */
  isDenied(path: string): boolean {
    return this.#listFailure(path) === 'denied'
  }

  /** Why a directory cannot be listed; null where it can. */
  #listFailure(path: string): TreeErrorCode | null {
    try {
      this.tree.list(path)
      return null
    } catch (error) {
      if (error instanceof TreeError) return error.code
      throw error
    }
  }

  /** The target of a symbolic link, unfollowed. */
  readlink(path: string): Read<string> {
    return this.#attempt(path, () => this.tree.readlink(path))
  }

  /** Whether nothing lies at a path; false where that cannot be seen. */
  isMissing(path: string): boolean {
    try {
      return this.tree.stat(path) === null
    } catch {
      return false
    }
  }

  /** Whether a process holds one of these files locked, as running engines do; null where that cannot be known. */
  isAnyLocked(paths: readonly string[]): boolean | null {
    const states = paths.map((path) => this.events.isLocked?.(path) ?? null)
    if (states.includes(true)) return true
    return states.includes(false) ? false : null
  }

  #count(path: string): void {
    this.#filesRead++
    if (!this.events.onFile(this.#filesRead, path)) throw new Cancelled('the scan was cancelled')
  }

  #attempt<T>(path: string, read: () => T): Read<T> {
    this.#count(path)
    try {
      return { ok: true, value: read() }
    } catch (error) {
      if (error instanceof TreeError) return { ok: false, code: error.code, problem: error.message }
      throw error
    }
  }
}

/** Parses the text of a JSON object, saying in words what is wrong with it. */
export function parseObject(content: string): Read<JsonObject> {
  const parsed = parseJsonBounded(content)
  if (!parsed.ok)
    return { ok: false, code: parsed.problem, problem: PROBLEMS[parsed.problem] ?? `is ${parsed.reason}` }
  return isObject(parsed.value)
    ? { ok: true, value: parsed.value }
    : { ok: false, code: 'not-json', problem: 'is JSON, but not an object' }
}

const PROBLEMS: Partial<Record<JsonProblem, string>> = {
  empty: 'is empty',
  nul: 'is filled with NUL bytes, as a power loss or a full disk leaves files behind',
  'cut-off': 'is cut off in the middle',
}
