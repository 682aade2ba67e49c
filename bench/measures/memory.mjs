import { comparePairs } from '../pairs.mjs'
import { emptyNode, layerscope, peakBytesOf } from '../processes.mjs'

const AIM_MB = 250
const MB = 1e6

/** The largest resident set of the reports, against that of an empty Node. */
export async function measureMemory({ workshop, root, pairs }) {
  const peak = (command) => peakBytesOf(command, workshop.path('peak')) / MB
  const rows = []
  for (const args of [['report', '--no-measure'], ['report']]) {
    const result = await comparePairs(
      pairs,
      () => peak(layerscope(...args, '--root', root)),
      () => peak(emptyNode),
    )
    rows.push({
      what: `peak memory of ${args.join(' ')}`,
      against: 'node -e 0',
      ...result,
      unit: 'MB',
      aim: `< ${AIM_MB} MB`,
      met: result.ours < AIM_MB,
    })
  }
  return rows
}
