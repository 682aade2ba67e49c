import type { Report } from '../../report/schema.ts'
import { type TourStop, tourStops } from '../../report/tour.ts'
import { formatBytes, type Units } from '../../report/units.ts'
import { wrapText } from '../../report/wrap.ts'

/** Where the tour stands, while there is one. */
export interface Tour {
  readonly stop: number
  /** True while the user tries things and the box is one line. */
  readonly isFree: boolean
}

/** The stops of a report, as long as it is the same. */
const known = new WeakMap<Report, { units: Units; stops: readonly TourStop[] }>()

export function stopsOf(report: Report, units: Units): readonly TourStop[] {
  const before = known.get(report)
  if (before?.units === units) return before.stops
  const stops = tourStops(report, (value) => formatBytes(value, units))
  known.set(report, { units, stops })
  return stops
}

/** The lines of the box at the bottom, the title first; none where no tour is under way. */
export function tourLines(at: {
  readonly tour: Tour | null
  readonly report: Report | null
  readonly units: Units
  readonly columns: number
  readonly rows: number
}): readonly string[] {
  const { tour, report, units, columns, rows } = at
  if (tour === null || report === null) return []
  const stops = stopsOf(report, units)
  const stop = stops[tour.stop]
  if (stop === undefined) return []
  const title = `Tour ${tour.stop + 1} of ${stops.length}: ${stop.title}`
  if (tour.isFree) return [`${title} (T goes on)`]
  return [title, ...wrapText(stop.text, columns - 4)].slice(0, Math.floor(rows / 2))
}
