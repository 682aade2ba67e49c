import { comparePairs } from '../pairs.mjs'
import { findProgram, layerscope, secondsOf } from '../processes.mjs'

const AIM = 1
/** A hundredth of the layers with hundreds of times the files, which is nearer to what hosts have. */
const FEWER_LAYERS = 100
const MORE_FILES = 250

/** The measured report against programs that do nothing but count the same tree. */
export async function measureWalk({ workshop, root, parameters, pairs, log }) {
  const many = await rowsOf('report', root, pairs)
  const wide = {
    ...parameters,
    images: Math.ceil(parameters.images / FEWER_LAYERS),
    filesPerLayer: parameters.filesPerLayer * MORE_FILES,
  }
  const large = workshop.root(wide, () => log(`generating ${wide.images} images of many files`))
  const what = `report, ${wide.filesPerLayer} files a layer`
  return [...many, ...(await rowsOf(what, large.root, pairs))]
}

async function rowsOf(what, root, pairs) {
  const rows = []
  for (const { against, command } of counters(root)) {
    if (command === null) {
      rows.push({ what, against, ratio: null, unit: 's', note: 'not installed' })
      continue
    }
    const result = await comparePairs(
      pairs,
      () => secondsOf(layerscope('report', '--root', root)),
      () => secondsOf(command),
    )
    rows.push({ what, against, ...result, unit: 's', aim: `<= ${AIM}`, met: result.ratio <= AIM })
  }
  return rows
}

function counters(root) {
  const du = findProgram('du')
  const gdu = findProgram('gdu', 'gdu-go')
  return [
    { against: 'du -sx', command: du === null ? null : [du, '-sx', root] },
    { against: 'gdu -npc', command: gdu === null ? null : [gdu, '-npc', root] },
  ]
}
