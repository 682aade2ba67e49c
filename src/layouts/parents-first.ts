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
  const visited = new Set<string>()
  for (const start of things.values()) {
    const path = new Map<string, T>()
    let current: T | undefined = start
    while (current !== undefined && !visited.has(current.id) && !path.has(current.id)) {
      path.set(current.id, current)
      current = current.parent === null ? undefined : things.get(current.parent)
    }
    const up = [...path.values()]
    if (current !== undefined && path.has(current.id)) onCircle(up.slice(up.indexOf(current)))
    for (const thing of up.reverse()) {
      visited.add(thing.id)
      visit(thing)
    }
  }
}
