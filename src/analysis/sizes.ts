import { type Claim, emptyTally, type Measurement, type Survey, type Tally } from '../model/places.ts'

/** What was measured of one root, by path. */
class RootSizes {
  readonly totals = new Map<string, Tally>()
  readonly contents = new Map<string, number>()
  readonly changed: ReadonlyMap<string, number>

  constructor(claims: readonly Claim[], { tallies, changedBytes }: Measurement) {
    this.changed = changedBytes
    const owners = new Map(claims.map((claim) => [claim.path, claim]))
    for (const [index, claim] of claims.entries()) {
      const tally = tallies[index]
      if (tally !== undefined) this.#add(claim, tally, owners)
    }
  }

  #add(claim: Claim, tally: Tally, owners: ReadonlyMap<string, Claim>): void {
    // A part of an owner's directory that has a claim of its own counts for the whole as well.
    for (let path: string | null = claim.path; path !== null; path = parentOf(path)) {
      const at: Claim | undefined = path === claim.path ? claim : owners.get(path)
      if (at === undefined) continue
      if (at !== claim && (at.owner?.id !== claim.owner?.id || at.place !== claim.place)) break
      const total = this.totals.get(at.path)
      if (total === undefined) this.totals.set(at.path, { ...tally })
      else addTally(total, tally)
      if (claim.content) this.contents.set(at.path, (this.contents.get(at.path) ?? 0) + tally.contentBytes)
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
    return (path === null ? undefined : sizes.totals.get(path)) ?? emptyTally()
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
    return path === null ? 0 : (sizes.contents.get(path) ?? 0)
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
