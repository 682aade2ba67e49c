/** How many lines each part of the first page gets. */
export interface Room {
  readonly categories: number
  /** The commands that free space, with their heading; 1 for a line that tells the best of them. */
  readonly ways: number
  readonly things: number
  /** Whether each engine's summary is a table; else it is one line. */
  readonly hasTables: boolean
  readonly hasGaps: boolean
}

/** What the parts would take to be shown whole. */
export interface Wish {
  readonly categories: number
  readonly ways: number
  readonly things: number
  /** Lines of the tables beyond the one that each engine gets anyway. */
  readonly tables: number
  readonly gaps: number
}

/** What is worth its lines first: where the space is, then what can go, then the largest things and the engines' tables. */
export function divideRoom(lines: number, wish: Wish): Room {
  let left = lines
  const sizes = { categories: 0, ways: 0, things: 0 }
  const grow = (part: keyof typeof sizes, to: number): void => {
    const more = Math.min(Math.min(to, wish[part]) - sizes[part], left)
    if (more <= 0) return
    sizes[part] += more
    left -= more
  }
  const whole = (size: number): boolean => {
    if (size > left) return false
    left -= size
    return true
  }
  grow('ways', 1)
  grow('categories', 3)
  grow('things', 2)
  const hasGaps = whole(wish.gaps)
  // A heading is worth its line with two commands below it.
  if (left >= 2) grow('ways', 4)
  grow('categories', 5)
  grow('things', 4)
  const hasTables = whole(wish.tables)
  grow('categories', 8)
  if (sizes.ways > 1) grow('ways', Number.POSITIVE_INFINITY)
  grow('categories', Number.POSITIVE_INFINITY)
  grow('things', Number.POSITIVE_INFINITY)
  return {
    // What does not fit is below the screen, not left out.
    categories: Math.max(sizes.categories, Math.min(3, wish.categories)),
    ways: Math.max(sizes.ways, Math.min(1, wish.ways)),
    things: sizes.things > 0 ? sizes.things : Math.min(3, wish.things),
    hasTables,
    hasGaps,
  }
}
