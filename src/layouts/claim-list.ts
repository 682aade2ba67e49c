import type { Subject } from '../model/findings.ts'
import type { Claim, Place } from '../model/places.ts'

/** Collects claims; the first one on a path stays, so owners come before what merely refers to them. */
export class ClaimList {
  readonly list: Claim[] = []
  readonly #paths = new Set<string>()

  add(
    path: string,
    place: Place,
    owner: Subject | null,
    store: string | null,
    options: { content?: boolean } = {},
  ): void {
    if (this.#paths.has(path)) return
    this.#paths.add(path)
    this.list.push({ path, place, owner, store, content: options.content ?? false })
  }
}
