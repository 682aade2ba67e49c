import { emptyTally, type Survey, type Tally } from '../model/places.ts'

/** What was measured, by path: nothing where a root was not measured. */
export class MeasuredSizes {
  readonly #totals = new Map<string, Tally>()
  readonly #contents = new Map<string, number>()
  readonly #changed = new Map<string, number>()
  readonly #roots = new Set<string>()
  readonly #notEntered = new Set<string>()

  constructor(surveys: readonly Survey[]) {
    for (const survey of surveys) this.#add(survey)
  }

  isMeasured(root: string): boolean {
    return this.#roots.has(root)
  }

  /** Whether a path lies on another file system than its root, or in a directory that cannot be listed: no walk enters it. */
  isApart(root: string, path: string): boolean {
    if (this.#notEntered.size > 0)
      for (let at: string | null = path; at !== null; at = parentOf(at))
        if (this.#notEntered.has(key(root, at))) return true
    return false
  }

  /** All below a claimed path that has the same owner; an empty tally where nothing is there, null where not measured. */
  total(root: string, path: string | null): Tally | null {
    if (!this.#roots.has(root) || (path !== null && this.isApart(root, path))) return null
    return (path === null ? undefined : this.#totals.get(key(root, path))) ?? emptyTally()
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
    if (!this.#roots.has(root) || (path !== null && this.isApart(root, path))) return null
    return path === null ? 0 : (this.#contents.get(key(root, path)) ?? 0)
  }

  /** What differs in a writable layer from the trees below it, where it was compared with them. */
  changed(root: string, directory: string | null): number | undefined {
    return directory === null ? undefined : this.#changed.get(key(root, directory))
  }

  #add({ root, claims, measurement, mounted, unlisted }: Survey): void {
    for (const point of [...(mounted ?? []), ...(unlisted ?? [])]) this.#notEntered.add(key(root, point))
    if (measurement === null) return
    this.#roots.add(root)
    for (const [directory, bytes] of measurement.changedBytes) this.#changed.set(key(root, directory), bytes)
    const owners = new Map(claims.map((claim) => [claim.path, claim]))
    for (const [index, claim] of claims.entries()) {
      const tally = measurement.tallies[index]
      if (tally === undefined) continue
      // A part of an owner's directory that has a claim of its own counts for the whole as well.
      for (let path: string | null = claim.path; path !== null; path = parentOf(path)) {
        const at = owners.get(path)
        if (at === undefined) continue
        if (at !== claim && (at.owner?.id !== claim.owner?.id || at.place !== claim.place)) break
        const id = key(root, path)
        const total = this.#totals.get(id) ?? emptyTally()
        addTally(total, tally)
        this.#totals.set(id, total)
        if (claim.content) this.#contents.set(id, (this.#contents.get(id) ?? 0) + tally.contentBytes)
      }
    }
  }
}

export function addTally(sum: Tally, tally: Tally): void {
  sum.contentBytes += tally.contentBytes
  sum.diskBytes += tally.diskBytes
  sum.files += tally.files
}

const key = (root: string, path: string): string => `${root}\0${path}`

function parentOf(path: string): string | null {
  const slash = path.lastIndexOf('/')
  return slash === -1 ? null : path.slice(0, slash)
}
