import { comparePairs } from '../pairs.mjs'
import { emptyNode, layerscope, secondsOf } from '../processes.mjs'

/** A root on which the program's own start is all there is. */
const TINY = { images: 3, layersPerImage: 2, filesPerLayer: 2, containers: 1, volumes: 1 }

/** What the program costs before it reads anything. */
export async function measureStart({ workshop, parameters, pairs }) {
  const { root } = workshop.root({ ...parameters, ...TINY })
  const rows = []
  for (const [what, args] of [
    ['--version', ['--version']],
    ['df of a tiny root', ['df', '--root', root]],
  ]) {
    const result = await comparePairs(
      pairs * 2,
      () => secondsOf(layerscope(...args)),
      () => secondsOf(emptyNode),
    )
    rows.push({ what, against: 'node -e 0', ...result, unit: 's' })
  }
  return rows
}
