import type { Tally } from '../../model/places.ts'

export type OrphanKind = 'orphan' | 'leftover' | 'hidden'

/**
 * How sure it is that nothing owns the data: `proven` at rest, with everything readable; `likely` where an engine runs
 * or the data is young, and a second reading found no owner either, or where podman may have its record in `/run`; `in-flux` where something holds it mounted now.
 */
export type Certainty = 'proven' | 'likely' | 'in-flux'

export interface Orphan {
  readonly root: string
  readonly path: string
  readonly store: string | null
  readonly kind: OrphanKind
  readonly reason: string
  /** The places that could have named an owner, and do not. */
  readonly searched: readonly string[]
  readonly mounted: boolean | null
  readonly modifiedMs: number | null
  readonly certainty: Certainty
  /** Null where nothing was measured. */
  readonly size: Tally | null
  /** The engine's own command that removes it; null where there is none. */
  readonly command: string | null
}

/** Something without an owner of which nothing is said, because what could own it cannot be read. */
export interface Withheld {
  readonly root: string
  readonly path: string
  readonly because: string
}

export interface Orphans {
  readonly found: readonly Orphan[]
  readonly withheld: readonly Withheld[]
}
