/** Something that stands on another of its kind. */
interface Standing {
  readonly id: string
  readonly parent: string | null
}

/**
 * Visits all things once, a parent before what stands on it. Never recurses: a chain from disk may be of any length.
 * A circle is told of by its members, beginning where the way from the first of them closes; they are visited too.
 */
export function visitParentsFirst<T extends Standing>(
  things: ReadonlyMap<string, T>,
  visit: (thing: T) => void,
  onCircle: (members: readonly T[]) => void,
): void {
  // The things themselves, not their ids: those are long strings, and every other copy of one has to be compared.
  const visited = new Set<T>()
  for (const start of things.values()) {
    if (visited.has(start)) continue
    const path = new Set<T>()
    let current: T | undefined = start
    while (current !== undefined && !visited.has(current) && !path.has(current)) {
      path.add(current)
      current = current.parent === null ? undefined : things.get(current.parent)
    }
    const up = [...path]
    if (current !== undefined && path.has(current)) onCircle(up.slice(up.indexOf(current)))
    for (const thing of up.reverse()) {
      visited.add(thing)
      visit(thing)
    }
  }
}

/** The things in such an order. */
export function parentsFirst<T extends Standing>(things: ReadonlyMap<string, T>): T[] {
  const order: T[] = []
  visitParentsFirst(
    things,
    (thing) => order.push(thing),
    () => {},
  )
  return order
}
