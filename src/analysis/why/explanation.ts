import type { Subject } from '../../model/findings.ts'
import type { Place } from '../../model/places.ts'

/** A file and what it says, in the order in which one leads to the next. */
export interface Evidence {
  readonly path: string
  readonly says: string
}

export interface Owner {
  readonly kind: Subject['kind']
  readonly id: string
  readonly name: string
}

/** To whom something belongs, and what shows it. */
export interface Explanation {
  readonly root: string
  /** Relative to the root. */
  readonly path: string
  readonly class: Place | 'short-link' | 'orphan' | 'unjudged'
  /** What it is, in a sentence. */
  readonly what: string
  readonly owners: readonly Owner[]
  readonly evidence: readonly Evidence[]
  readonly alsoUsedBy: readonly Owner[]
  readonly since: string | null
}

/** What is said of one object, wherever the question came from. */
export type Told = Pick<Explanation, 'owners' | 'evidence' | 'alsoUsedBy' | 'since'>

export const nothing: Told = { owners: [], evidence: [], alsoUsedBy: [], since: null }
