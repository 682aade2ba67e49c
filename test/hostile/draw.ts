import fc from 'fast-check'
import { isRoot } from '../support/fixtures.ts'
import { DAMAGE_KINDS, type Damage, damage, isAbove, type Supplies } from './damages.ts'

/** A damage before it is known what there is to damage. */
const DRAWN = fc.record({
  kind: fc.constantFrom(...DAMAGE_KINDS),
  // Most of a root is the contents of layers; most that can go wrong lies in the files that are read.
  amongRead: fc.integer({ min: 0, max: 9 }).map((number) => number < 9),
  place: fc.nat(),
  otherPlace: fc.nat(),
  detail: fc.nat(),
})

/** One to five damages, and whether an ordinary user reads what is left. */
export const CASE = fc.record({
  damages: fc.array(DRAWN, { minLength: 1, maxLength: 5 }),
  asOrdinary: fc.boolean(),
})

export type Case = typeof CASE extends fc.Arbitrary<infer T> ? T : never

/** What there is to damage. */
export interface Places {
  readonly all: readonly string[]
  /** Those that the program reads, and the directories above them. */
  readonly read: readonly string[]
}

/** Does what was drawn to a root; what was touched is in `touched` even where a later damage fails. */
export function doDamages(
  root: string,
  { damages, asOrdinary }: Case,
  places: Places,
  supplies: Supplies,
  touched: string[],
): Damage[] {
  const done: Damage[] = []
  for (const { kind, amongRead, place, otherPlace, detail } of damages) {
    // Root may read what is forbidden.
    if (kind === 'forbidden' && !asOrdinary && isRoot) continue
    const among = amongRead ? places.read : places.all
    const path = among[place % among.length] ?? ''
    const drawn = { kind, path, other: among[otherPlace % among.length] ?? '', detail }
    // Below what was damaged there may be a link by now: nothing is done through it.
    const isHit = (where: string): boolean => touched.some((hit) => isAbove(hit, where))
    const reached = isHit(path) || isHit(drawn.other) ? [] : damage(root, drawn, supplies)
    if (reached.length > 0) done.push(drawn)
    touched.push(...reached)
  }
  return done
}

/** The files that a run opened and the directories above them. */
export function placesRead(opened: readonly string[]): string[] {
  const places = new Set<string>()
  for (const path of opened)
    for (let end = path.length; end > 0; end = path.lastIndexOf('/', end - 1)) places.add(path.slice(0, end))
  // Files stand more than once: of ten damages, some seven are of a file.
  return [...places, ...opened, ...opened].sort()
}
