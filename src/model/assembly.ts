import type { Subject } from './findings.ts'

/** One field of a file, and what stands there: an id, a count, a list's element. Unescaped, of bounded length. */
export interface AssemblyFact {
  readonly field: string
  readonly value: string
}

/** Two things that must agree: what follows from what was read before, and what the disk says. */
export interface AssemblyCheck {
  /** The arithmetic written out, with full ids. */
  readonly expression: string
  readonly computed: string | null
  /** What the disk says; null where it says nothing. */
  readonly expected: string | null
  /** Null where one side is missing, so that nothing can be said. */
  readonly ok: boolean | null
}

/** One hop of the way from a name to the mounted files. */
export interface AssemblyStep {
  readonly title: string
  readonly sentence: string
  /** What was read, relative to the root, the telling one first: regular files, and short links. */
  readonly files: readonly string[]
  readonly says: readonly AssemblyFact[]
  readonly checks: readonly AssemblyCheck[]
  /** Why this hop cannot be made, or only in part. */
  readonly problem: string | null
  /** The id, file or directory at which the next hop begins. */
  readonly leadsTo: string | null
}

/** How one object is put together, step by step, read from the files of its own root. */
export interface Assembly {
  readonly subject: Subject
  readonly name: string
  readonly root: string
  readonly store: string | null
  readonly steps: readonly AssemblyStep[]
}
