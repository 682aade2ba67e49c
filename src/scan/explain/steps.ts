import { sha256Hex } from '../../formats/sha256.ts'
import type { Failure, Source } from '../../layouts/source.ts'
import type { AssemblyCheck, AssemblyFact, AssemblyStep } from '../../model/assembly.ts'
import type { Model, Store } from '../../model/model.ts'

/** What every step is read from: one root, what a scan found in it, and the store in question. */
export interface Ground {
  readonly source: Source
  readonly model: Model
  readonly store: Store
}

type StepInput = Pick<AssemblyStep, 'title' | 'sentence'> & Partial<AssemblyStep>

/** A step; what is not given is empty. */
export const step = (input: StepInput): AssemblyStep => ({
  files: [],
  says: [],
  checks: [],
  problem: null,
  leadsTo: null,
  ...input,
})

// As long as the longest mount line of an engine: one page.
const VALUE_LIMIT = 4096

/** A field and what it holds, cut where it is longer than anything that an engine writes there. */
export const fact = (field: string, value: string): AssemblyFact => ({
  field,
  value: value.length > VALUE_LIMIT ? `${value.slice(0, VALUE_LIMIT)}…` : value,
})

/** Facts of the values that are there. */
export const facts = (...pairs: readonly (readonly [string, string | null | undefined])[]): AssemblyFact[] =>
  pairs.flatMap(([field, value]) =>
    value === null || value === undefined || value === '' ? [] : [fact(field, value)],
  )

/** Holds what was computed against what the disk says; with one of them missing, nothing is said. */
export const check = (
  expression: string,
  computed: string | null,
  expected: string | null,
): AssemblyCheck => ({
  expression,
  computed,
  expected,
  ok: computed === null || expected === null ? null : computed === expected,
})

/** The hash of a file's bytes against the name that stands for them. */
export const hashCheck = (path: string, bytes: Buffer, expected: string): AssemblyCheck =>
  check(
    `sha256(${bytes.length} bytes of ${path.slice(path.lastIndexOf('/') + 1)})`,
    sha256Of(bytes),
    expected,
  )

export const sha256Of = (bytes: Buffer | string): string => `sha256:${sha256Hex(bytes)}`

/** The sentence for a file that could not be read. */
export const unread = (path: string, failure: Failure): string => `${path} ${failure.problem}.`

/** The text of a small file without the white space around it; null where it cannot be read. */
export function trimmed(source: Source, path: string): string | null {
  const content = source.text(path)
  return content.ok ? content.value.trim() : null
}

/** What several steps could not do, as one text; null where all went well. */
export const problems = (...sentences: readonly (string | null)[]): string | null =>
  sentences.filter((sentence) => sentence !== null).join(' ') || null
