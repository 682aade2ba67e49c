import { isSameRow, type Row } from './cells.ts'

/** Rows `top` to `bottom` (exclusive) of the screen, moved up by `up` rows, or down when it is negative. */
export interface Scroll {
  readonly top: number
  readonly bottom: number
  readonly up: number
}

/** Fewer rows than this are as quickly written as moved. */
const FEWEST_ROWS = 3

/** The move after which most rows that changed are in place; null when none helps. It may still not be worth its bytes. */
export function findScroll(previous: readonly Row[], next: readonly Row[]): Scroll | null {
  const changed = next.flatMap((row, index) => {
    const old = previous[index]
    const isMovable = row.cells.length > 0 && old !== undefined && !isSameRow(old, row)
    return isMovable ? [{ row, index }] : []
  })
  let best: Scroll | null = null
  let mostMatches = FEWEST_ROWS - 1
  for (let distance = 1; distance < previous.length; distance++) {
    for (const up of [distance, -distance]) {
      const matches = changed.filter(({ row, index }) => {
        const moved = previous[index + up]
        return moved !== undefined && isSameRow(moved, row)
      })
      const first = matches[0]
      const last = matches.at(-1)
      if (matches.length <= mostMatches || first === undefined || last === undefined) continue
      mostMatches = matches.length
      best = {
        top: Math.min(first.index, first.index + up),
        bottom: Math.max(last.index, last.index + up) + 1,
        up,
      }
    }
  }
  return best
}

/** What the screen shows after the move; the rows that came free are undefined, which is blank. */
export function scrolledRows(rows: readonly Row[], { top, bottom, up }: Scroll): (Row | undefined)[] {
  return rows.map((row, index) => {
    if (index < top || index >= bottom) return row
    const from = index + up
    return from >= top && from < bottom ? rows[from] : undefined
  })
}
