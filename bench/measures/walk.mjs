import { copyFileSync, writeFileSync } from 'node:fs'
import { fileURLToPath } from 'node:url'
import { build } from 'esbuild'
import { comparePairs } from '../pairs.mjs'
import { findProgram, layerscope, secondsOf } from '../processes.mjs'

const AIM = 1
/** A hundredth of the layers with hundreds of times the files, which is nearer to what hosts have. */
const FEWER_LAYERS = 100
const MORE_FILES = 250

/** The measured report against programs that do nothing but count the same tree. */
export async function measureWalk({ workshop, root, parameters, pairs, log }) {
  const walk = await buildWalk(workshop)
  const report = (at) => layerscope('report', '--root', at)
  const alone = (at) => [process.execPath, walk, at]
  const many = [
    ...(await rowsOf('the walk alone', alone, root, pairs)),
    ...(await rowsOf('report', report, root, pairs)),
  ]
  const wide = {
    ...parameters,
    images: Math.ceil(parameters.images / FEWER_LAYERS),
    filesPerLayer: parameters.filesPerLayer * MORE_FILES,
  }
  const large = workshop.root(wide, () => log(`generating ${wide.images} images of many files`))
  const where = `${wide.filesPerLayer} files a layer`
  return [
    ...many,
    ...(await rowsOf(`the walk alone, ${where}`, alone, large.root, pairs)),
    ...(await rowsOf(`report, ${where}`, report, large.root, pairs)),
  ]
}

/** Puts the walk into a program of its own, beside the bundle of its second thread. */
async function buildWalk(workshop) {
  const file = (path) => fileURLToPath(new URL(`../${path}`, import.meta.url))
  const outfile = workshop.path('walk-alone.js')
  await build({
    entryPoints: [file('walk-alone.ts')],
    outfile,
    bundle: true,
    platform: 'node',
    format: 'esm',
    minify: true,
    logLevel: 'error',
  })
  copyFileSync(file('../dist/walk-worker.js'), workshop.path('walk-worker.js'))
  writeFileSync(workshop.path('package.json'), '{"type":"module"}')
  return outfile
}

async function rowsOf(what, commandFor, root, pairs) {
  const rows = []
  for (const { against, command } of counters(root)) {
    if (command === null) {
      rows.push({ what, against, ratio: null, unit: 's', note: 'not installed' })
      continue
    }
    const result = await comparePairs(
      pairs,
      () => secondsOf(commandFor(root)),
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
