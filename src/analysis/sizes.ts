import type { Claims } from '../model/claims.ts'
import { emptyTally, type Measurement, type Survey, type Tally } from '../model/places.ts'
import type { Tallies } from '../model/tallies.ts'

/** What was measured of one root. */
class RootSizes {
  readonly changed: ReadonlyMap<string, number>
  readonly #claims: Claims
  readonly #tallies: Tallies

  constructor(claims: Claims, { tallies, changedBytes }: Measurement) {
    this.changed = changedBytes
    this.#claims = claims
    this.#tallies = tallies
  }

  /** All below a claimed path that has the same owner. */
  total(path: string): Tally {
    const total = emptyTally()
    for (const { tally } of this.#parts(path)) addTally(total, tally)
    return total
  }

  contentBytes(path: string): number {
    let sum = 0
    for (const { tally, content } of this.#parts(path)) if (content) sum += tally.contentBytes
    return sum
  }

  /** A part of an owner's directory that has a claim of its own counts for the whole as well. */
  *#parts(path: string): Generator<{ readonly tally: Tally; readonly content: boolean }> {
    const claims = this.#claims
    const top = claims.nodeAt(path)
    const whole = claims.kindAt(claims.claimOf(top))
    if (whole === undefined) return
    const owner = claims.ownerAt(claims.claimOf(top))
    const pending = [top]
    for (let node = pending.pop(); node !== undefined; node = pending.pop()) {
      const index = claims.claimOf(node)
      const kind = claims.kindAt(index)
      // What lies below another owner's is another's.
      if (kind !== undefined && (kind.place !== whole.place || claims.ownerAt(index) !== owner)) continue
      const tally = this.#tallies.at(index)
      if (kind !== undefined && tally !== undefined) yield { tally, content: kind.content }
      for (const child of claims.childrenOf(node)) pending.push(child)
    }
  }
}

/** What was measured, by root and path: nothing where a root was not measured. */
export class MeasuredSizes {
  readonly #roots = new Map<string, RootSizes>()
  readonly #notEntered = new Map<string, ReadonlySet<string>>()

  constructor(surveys: readonly Survey[]) {
    for (const { root, claims, measurement, mounted, unlisted } of surveys) {
      const notEntered = new Set([...(mounted ?? []), ...(unlisted ?? [])])
      if (notEntered.size > 0) this.#notEntered.set(root, notEntered)
      if (measurement !== null) this.#roots.set(root, new RootSizes(claims, measurement))
    }
  }

  isMeasured(root: string): boolean {
    return this.#roots.has(root)
  }

  /** Whether a path lies on another file system than its root, or in a directory that cannot be listed: no walk enters it. */
  isApart(root: string, path: string): boolean {
    const notEntered = this.#notEntered.get(root)
    if (notEntered !== undefined)
      for (let at: string | null = path; at !== null; at = parentOf(at)) if (notEntered.has(at)) return true
    return false
  }

  /** All below a claimed path that has the same owner; an empty tally where nothing is there, null where not measured. */
  total(root: string, path: string | null): Readonly<Tally> | null {
    const sizes = this.#roots.get(root)
    if (sizes === undefined || (path !== null && this.isApart(root, path))) return null
    return path === null ? emptyTally() : sizes.total(path)
  }

  /** The sum over several paths, each with its own owner; null where one of them was not measured. */
  sum(root: string, paths: readonly (string | null)[]): Tally | null {
    if (!this.#roots.has(root)) return null
    const sum = emptyTally()
    for (const path of new Set(paths)) {
      const tally = this.total(root, path)
      if (tally === null) return null
      addTally(sum, tally)
    }
    return sum
  }

  /** The content bytes that belong to a claimed path: those below the directory of the owner's own files. */
  content(root: string, path: string | null): number | null {
    const sizes = this.#roots.get(root)
    if (sizes === undefined || (path !== null && this.isApart(root, path))) return null
    return path === null ? 0 : sizes.contentBytes(path)
  }

  /** What differs in a writable layer from the trees below it, where it was compared with them. */
  changed(root: string, directory: string | null): number | undefined {
    return directory === null ? undefined : this.#roots.get(root)?.changed.get(directory)
  }
}

export function addTally(sum: Tally, tally: Readonly<Tally>): void {
  sum.contentBytes += tally.contentBytes
  sum.diskBytes += tally.diskBytes
  sum.files += tally.files
}

function parentOf(path: string): string | null {
  const slash = path.lastIndexOf('/')
  return slash === -1 ? null : path.slice(0, slash)
}
