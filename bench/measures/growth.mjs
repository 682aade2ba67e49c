import { openedFiles } from '../opened-files.mjs'
import { comparePairs, median } from '../pairs.mjs'
import { plainReader } from '../plain-reader.mjs'
import { findProgram, layerscope, secondsOf } from '../processes.mjs'

const SIZES = [100, 1_000, 10_000]
const ROUNDS = 3
const AIM_EXPONENT = 1.1

/**
 * How the times grow from one size of root to the next: the exponent e of size^e, 1 being in step with the size. The
 * program's own start is taken off first; beside it stands the exponent of the baseline.
 */
export async function measureGrowth({ workshop, parameters, log }) {
  const sizes = []
  for (const images of SIZES) {
    const { root } = workshop.root({ ...parameters, images }, () => log(`generating ${images} images`))
    log(`measuring ${images} images`)
    sizes.push({ images, ...(await timesOf(workshop, root)) })
  }
  const rows = []
  for (const [index, larger] of sizes.entries()) {
    const smaller = sizes[index - 1]
    if (smaller === undefined) continue
    const factor = larger.images / smaller.images
    for (const { what, ours, against, baseline } of SERIES) {
      const exponent = (name) => Math.log(larger[name] / smaller[name]) / Math.log(factor)
      rows.push({
        what: `${what}, ${smaller.images} to ${larger.images} images`,
        against: `${against} grows by`,
        ratio: exponent(ours) / exponent(baseline),
        ours: exponent(ours),
        baseline: exponent(baseline),
        unit: 'exponent',
        aim: `< ${AIM_EXPONENT}`,
        met: exponent(ours) < AIM_EXPONENT,
        note: `${smaller[ours].toFixed(2)} s to ${larger[ours].toFixed(2)} s; ${against} ${smaller[baseline].toFixed(2)} s to ${larger[baseline].toFixed(2)} s`,
      })
    }
  }
  return rows
}

const SERIES = [
  { what: 'report --no-measure', ours: 'recorded', against: 'the plain reader', baseline: 'reader' },
  { what: 'report', ours: 'measured', against: 'du -sx', baseline: 'du' },
]

async function timesOf(workshop, root) {
  const { list } = await openedFiles(workshop, root)
  const reader = plainReader(workshop, list).command
  const du = [findProgram('du') ?? 'du', '-sx', root]
  const startS = median(Array.from({ length: ROUNDS }, () => secondsOf(layerscope('--version'))))
  const seconds = (command) => () => secondsOf(command)
  const recorded = await comparePairs(
    ROUNDS,
    seconds(layerscope('report', '--no-measure', '--root', root)),
    seconds(reader),
  )
  const measured = await comparePairs(ROUNDS, seconds(layerscope('report', '--root', root)), seconds(du))
  return {
    recorded: recorded.ours - startS,
    reader: recorded.baseline,
    measured: measured.ours - startS,
    du: measured.baseline,
  }
}
