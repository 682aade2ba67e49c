import { waysToFree } from '../../analysis/whatif/ways-to-free.ts'
import type { RootWays } from '../questions.ts'
import type { Scanned } from './scanned.ts'

/** What docker's prune commands would give back, for the measured roots on which they can be simulated. */
export function answerWays({ catalog, simulatorOf }: Scanned): RootWays[] {
  return catalog.model.roots.flatMap(({ path }) => {
    const simulator = simulatorOf(path)
    if (simulator === null || !simulator.measured) return []
    const ways = waysToFree(simulator).map(({ parsed: _parsed, ...way }) => way)
    return ways.length === 0 ? [] : [{ root: path, ways }]
  })
}
