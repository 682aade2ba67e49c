/** Byte figures of one thing; null is unknown. */
export interface ComparedSize {
  readonly content: number | null
  readonly disk: number | null
}

export type ComparedKind = 'category' | 'image' | 'container' | 'logs' | 'volume' | 'cache'

/** One thing of a report, as far as two reports can be compared. */
export interface ComparedThing {
  readonly kind: ComparedKind
  /** What names it in both reports. */
  readonly key: string
  readonly id: string
  readonly name: string
  readonly size: ComparedSize
}

/** One report, flat. */
export interface ComparedReport {
  readonly generatedAt: string | null
  /** The sum of the ledger; null where nothing was measured. */
  readonly total: { readonly content: number; readonly disk: number; readonly files: number } | null
  readonly things: readonly ComparedThing[]
}

export type ChangeState = 'appeared' | 'went' | 'grew' | 'shrank' | 'same'

/** One thing in both reports; null in the one that does not have it. */
export interface Change {
  readonly kind: ComparedKind
  readonly id: string
  readonly name: string
  readonly state: ChangeState
  readonly before: ComparedSize | null
  readonly after: ComparedSize | null
  /** After minus before, a thing that is not there counting nothing; null where a figure is unknown. */
  readonly growth: ComparedSize
}

export interface Comparison {
  readonly before: ComparedReport
  readonly after: ComparedReport
  readonly growth: { readonly content: number; readonly disk: number; readonly files: number } | null
  /** What grew most stands first, what shrank most last. */
  readonly changes: readonly Change[]
}

/** What grew, appeared and went from one report to another. */
export function compareReports(before: ComparedReport, after: ComparedReport): Comparison {
  const earlier = byKey(before.things)
  const later = byKey(after.things)
  const changes = [...new Set([...earlier.keys(), ...later.keys()])].flatMap((key): Change[] => {
    const change = changeOf(earlier.get(key) ?? null, later.get(key) ?? null)
    return change === null ? [] : [change]
  })
  const growth =
    before.total === null || after.total === null
      ? null
      : {
          content: after.total.content - before.total.content,
          disk: after.total.disk - before.total.disk,
          files: after.total.files - before.total.files,
        }
  return { before, after, growth, changes: changes.sort((a, b) => growthOf(b) - growthOf(a)) }
}

/** Things of one key, such as an image that two namespaces have, count together. */
function byKey(things: readonly ComparedThing[]): Map<string, ComparedThing> {
  const known = new Map<string, ComparedThing>()
  for (const thing of things) {
    const key = `${thing.kind}\0${thing.key}`
    const other = known.get(key)
    known.set(key, other === undefined ? thing : { ...thing, size: combine(thing.size, other.size, 1) })
  }
  return known
}

function changeOf(before: ComparedThing | null, after: ComparedThing | null): Change | null {
  const thing = after ?? before
  if (thing === null) return null
  const growth = combine(after?.size ?? NOTHING, before?.size ?? NOTHING, -1)
  const { kind, id, name } = thing
  const change = { kind, id, name, before: before?.size ?? null, after: after?.size ?? null, growth }
  if (before === null) return { ...change, state: 'appeared' }
  if (after === null) return { ...change, state: 'went' }
  const grown = growth.disk === null || growth.disk === 0 ? (growth.content ?? 0) : growth.disk
  return { ...change, state: grown > 0 ? 'grew' : grown < 0 ? 'shrank' : 'same' }
}

const NOTHING: ComparedSize = { content: 0, disk: 0 }

const combine = (a: ComparedSize, b: ComparedSize, sign: 1 | -1): ComparedSize => ({
  content: a.content === null || b.content === null ? null : a.content + sign * b.content,
  disk: a.disk === null || b.disk === null ? null : a.disk + sign * b.disk,
})

const growthOf = ({ growth }: Change): number => growth.disk ?? growth.content ?? 0
