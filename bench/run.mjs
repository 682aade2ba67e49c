// Measures the program against baselines of the same run. See --help.
import { cpus } from 'node:os'
import { ALLOWED, requireBaseline, saveBaseline, worseThanBaseline } from './baseline.mjs'
import { measureContainerd } from './measures/containerd.mjs'
import { measureGrowth } from './measures/growth.mjs'
import { measureInterface } from './measures/interface.mjs'
import { measureKeys } from './measures/keys.mjs'
import { measureMemory } from './measures/memory.mjs'
import { measureScan } from './measures/scan.mjs'
import { measureStart } from './measures/start.mjs'
import { measureWalk } from './measures/walk.mjs'
import { measureWhatif } from './measures/whatif.mjs'
import { readOptions, USAGE } from './options.mjs'
import { renderTable } from './table.mjs'
import { Workshop } from './workshop.mjs'

const MEASURES = {
  scan: measureScan,
  whatif: measureWhatif,
  walk: measureWalk,
  memory: measureMemory,
  start: measureStart,
  interface: measureInterface,
  keys: measureKeys,
  containerd: measureContainerd,
}

async function main(args) {
  const options = readOptions(args)
  if (options.help) return console.log(USAGE)
  const workshop = new Workshop()
  if (options.clean) return workshop.clean()

  const log = (text) => process.stderr.write(`${text} …\n`)
  const { parameters } = options
  if (options.check) requireBaseline(parameters)
  const { root, holds } = workshop.root(parameters, () => log(`generating ${parameters.images} images`))
  const rows = []
  const setting = { workshop, root, parameters, pairs: options.pairs, log }
  for (const [name, measure] of Object.entries(chosenMeasures(options))) {
    log(`measuring ${name}`)
    const once = await measureOrExplain(name, measure, setting)
    const isDoubtful = options.check && worseThanBaseline(parameters, once).length > 0
    if (isDoubtful) log(`measuring ${name} once more`)
    rows.push(...(isDoubtful ? better(once, await measureOrExplain(name, measure, setting)) : once))
  }
  print(options, holds, rows)
  if (options.save) saveBaseline(parameters, rows)
  if (options.check) check(worseThanBaseline(parameters, rows))
}

/** Of each row the one with the lower ratio: what else the host did in one of them is no fault of the program. */
const better = (once, again) =>
  again.map((row) => {
    const before = once.find(({ what, against }) => what === row.what && against === row.against)
    return before?.ratio != null && (row.ratio === null || before.ratio < row.ratio) ? before : row
  })

function check(worse) {
  for (const { what, against, ratio, before } of worse)
    console.error(
      ratio === null
        ? `not measured any more: ${what}`
        : `worse: ${what}, against ${against}: ${ratio.toFixed(2)}, was ${before.toFixed(2)}`,
    )
  if (worse.length > 0) process.exitCode = 1
  else console.error(`no ratio is more than ${ALLOWED} times the one that is kept`)
}

function chosenMeasures({ only, scale }) {
  const all = { ...MEASURES, ...(scale || only.includes('growth') ? { growth: measureGrowth } : {}) }
  return Object.fromEntries(
    Object.entries(all).filter(([name]) => only.length === 0 || only.some((part) => name.includes(part))),
  )
}

/** A measure that fails is a line of the table; the others go on. */
async function measureOrExplain(name, measure, setting) {
  try {
    return (await measure(setting)).map((row) => ({ measure: name, ...row }))
  } catch (error) {
    const note = error instanceof Error ? error.message : String(error)
    return [{ measure: name, what: name, against: '', ratio: null, unit: 's', note }]
  }
}

function print({ json, pairs }, holds, rows) {
  const host = { node: process.version, cpus: cpus().length, model: cpus()[0]?.model ?? '' }
  if (json) return console.log(JSON.stringify({ host, root: holds, pairs, rows }, null, 2))
  console.log(`${holds.images} images on ${holds.layers} layers with ${holds.filesPerLayer} files each, ${holds.containers} containers, ${holds.volumes} volumes
Node ${host.node} on ${host.cpus} x ${host.model}; medians of ${pairs} pairs, warm cache

${renderTable(rows)}`)
}

try {
  await main(process.argv.slice(2))
} catch (error) {
  console.error(`bench: ${error instanceof Error ? error.message : error}`)
  process.exitCode = 1
}
