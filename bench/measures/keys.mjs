import { writeFileSync } from 'node:fs'
import { fileURLToPath } from 'node:url'
import { build } from 'esbuild'
import { layerscope, outputOf } from '../processes.mjs'

const ROWS = 40_000
const FEW_ROWS = 20
const AIM_SECONDS = 0.016
const MOST_HEAP = 1.1

/** What a key takes of the CPU until its frame is written, in lists of many rows and of few, and whether the heap grows. */
export async function measureKeys({ workshop, root, log }) {
  const program = workshop.path('press-keys.mjs')
  await bundle(program)
  const report = workshop.path('keys-report.json')
  writeFileSync(report, outputOf(layerscope('report', '--root', root)))
  const run = (rows) => JSON.parse(String(outputOf([process.execPath, program, report, String(rows)])))
  log('pressing keys in 40,000 rows')
  const many = run(ROWS)
  const few = run(FEW_ROWS)
  const rows = many.costs.map(({ what, p95Seconds: ours }, index) => {
    const baseline = few.costs[index].p95Seconds
    // What is made once may take longer than a frame; what is pressed again and again may not.
    const isOnce = what.endsWith('first time')
    return {
      what: `${what}, CPU (p95)`,
      against: `${FEW_ROWS} rows`,
      unit: 's',
      ratio: ours / baseline,
      ours,
      baseline,
      ...(isOnce ? {} : { aim: `<= ${AIM_SECONDS * 1000} ms`, met: ours <= AIM_SECONDS }),
    }
  })
  const { before, after } = few.heap
  const heap = {
    what: 'the heap after 5,000 keys',
    against: 'before them',
    unit: 'MB',
    aim: `<= ${MOST_HEAP}`,
  }
  return [
    ...rows,
    { ...heap, ratio: after / before, ours: after, baseline: before, met: after <= before * MOST_HEAP },
  ]
}

/** The UI's own code with what presses its keys, as the program is built. */
const bundle = (outfile) =>
  build({
    entryPoints: [fileURLToPath(new URL('../keys/press.ts', import.meta.url))],
    outfile,
    bundle: true,
    platform: 'node',
    target: 'node20',
    format: 'esm',
    minify: true,
    alias: { 'react-devtools-core': fileURLToPath(new URL('../../scripts/empty.mjs', import.meta.url)) },
    define: { 'process.env.NODE_ENV': '"production"', __VERSION__: '"bench"' },
    banner: { js: "import{createRequire}from'node:module';const require=createRequire(import.meta.url);" },
  })
