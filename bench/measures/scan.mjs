import { openedFiles } from '../opened-files.mjs'
import { comparePairs } from '../pairs.mjs'
import { plainReader } from '../plain-reader.mjs'
import { layerscope, secondsOf } from '../processes.mjs'

const AIM = 3

/** The recorded report against a plain reader of the files that it opens. */
export async function measureScan({ workshop, root, pairs }) {
  const { list, count } = await openedFiles(workshop, root)
  const reader = plainReader(workshop, list)
  const result = await comparePairs(
    pairs,
    () => secondsOf(layerscope('report', '--no-measure', '--root', root)),
    () => secondsOf(reader.command),
  )
  return [
    {
      what: 'report --no-measure',
      against: reader.name,
      ...result,
      unit: 's',
      aim: `<= ${AIM}`,
      met: result.ratio <= AIM,
      note: `${count} files`,
    },
  ]
}
