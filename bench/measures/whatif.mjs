import { comparePairs } from '../pairs.mjs'
import { layerscope, processorSecondsOf, secondsOf } from '../processes.mjs'

const AIM = 2

const COMMANDS = ['system prune -a --volumes', 'image prune -a', 'builder prune -a --keep-storage 10MB']

/** The answer to a docker command against the report of what is recorded, by the clock and by the processor. */
export async function measureWhatif({ workshop, root, pairs }) {
  const report = layerscope('report', '--no-measure', '--root', root)
  const scratch = workshop.path('processor-seconds')
  const rows = []
  for (const command of COMMANDS) {
    const ours = layerscope(
      'whatif',
      '--no-measure',
      '--json',
      '--root',
      root,
      'docker',
      ...command.split(' '),
    )
    for (const [how, measure] of [
      ['clock', secondsOf],
      ['processor', (line) => processorSecondsOf(line, scratch)],
    ]) {
      const result = await comparePairs(
        pairs,
        () => measure(ours),
        () => measure(report),
      )
      rows.push({
        what: `whatif docker ${command}, ${how}`,
        against: 'report --no-measure',
        ...result,
        unit: 's',
        aim: `<= ${AIM}`,
        met: result.ratio <= AIM,
      })
    }
  }
  return rows
}
