import { openedFiles } from '../opened-files.mjs'
import { comparePairs, median } from '../pairs.mjs'
import { plainReader } from '../plain-reader.mjs'
import { emptyNode, layerscope, peakBytesOf, secondsOf } from '../processes.mjs'
import { generateContainerdRoot } from '../root/containerd.mjs'

const SMALL = 100
const LARGE = 1_000
const AIM_EXPONENT = 1.1
const START_ROUNDS = 5
const MB = 1e6

/** The recorded report of a containerd root: time against a plain reader, how it grows, and its memory. */
export async function measureContainerd({ workshop, pairs, log }) {
  const report = (root) => layerscope('report', '--no-measure', '--root', root)
  const timesOf = async ({ root }) => {
    const { list, count } = await openedFiles(workshop, root)
    const reader = plainReader(workshop, list)
    const times = await comparePairs(
      pairs,
      () => secondsOf(report(root)),
      () => secondsOf(reader.command),
    )
    return { times, reader, count }
  }
  const make = (images) =>
    workshop.root(
      { layout: 'containerd', images },
      () => log(`generating ${images} images of containerd`),
      generateContainerdRoot,
    )

  const large = make(LARGE)
  const { times, reader, count } = await timesOf(large)
  const small = (await timesOf(make(SMALL))).times
  const startS = median(Array.from({ length: START_ROUNDS }, () => secondsOf(layerscope('--version'))))
  const exponent = (after, before) => Math.log(after / before) / Math.log(LARGE / SMALL)
  const ours = exponent(times.ours - startS, small.ours - startS)
  const baseline = exponent(times.baseline, small.baseline)
  const peak = (command) => peakBytesOf(command, workshop.path('peak')) / MB
  const memory = await comparePairs(
    pairs,
    () => peak(report(large.root)),
    () => peak(emptyNode),
  )
  const { images, snapshots, blobs } = large.holds
  return [
    {
      what: `report --no-measure of containerd`,
      against: reader.name,
      ...times,
      unit: 's',
      note: `${images} images, ${snapshots} snapshots, ${blobs} blobs; ${count} files are opened`,
    },
    {
      what: `the same, ${SMALL} to ${LARGE} images`,
      against: 'the plain reader grows by',
      ratio: ours / baseline,
      ours,
      baseline,
      unit: 'exponent',
      aim: `<= ${AIM_EXPONENT} itself`,
      met: ours <= AIM_EXPONENT,
      note: `${small.ours.toFixed(2)} s to ${times.ours.toFixed(2)} s`,
    },
    { what: 'peak memory of it', against: 'node -e 0', ...memory, unit: 'MB' },
  ]
}
