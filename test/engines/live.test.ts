import { writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { afterAll, describe, expect, it } from 'vitest'
import type { Report } from '../../src/report/schema.ts'
import { ensureBuilt } from '../cli/program.ts'
import { Random } from '../conformance/whatif-engine/random.ts'
import { baseArchive } from './base-image.ts'
import { DockerEngine, whyNoDocker } from './docker-engine.ts'
import type { Enclosure } from './enclosure.ts'

const SCANS = Number(process.env['LAYERSCOPE_SCANS'] ?? 10)
const SEED = Number(process.env['LAYERSCOPE_SEED'] ?? 1)
const CHURNS = 2

/** Everything that a report says is wrong with a root, as a line that says the same whenever the same is said. */
const saidOf = (report: Report): string[] => [
  ...report.findings
    .filter(({ severity }) => severity !== 'info')
    .map(({ code, path, subject }) => `${code} ${path} ${subject?.id}`),
  ...report.orphans.map(({ kind, path }) => `${kind} ${path}`),
]

interface Live {
  readonly codes: ReadonlyMap<number, number>
  /** What was said by which scans. */
  readonly said: ReadonlyMap<string, readonly number[]>
  readonly changed: number
}

/** Scans a root again and again while programs change it, until there were so many scans. */
async function scanWhile(
  enclosure: Enclosure,
  root: string,
  churns: readonly (readonly string[])[],
  environment: Readonly<Record<string, string>>,
): Promise<Live> {
  const codes = new Map<number, number>()
  const said = new Map<string, number[]>()
  let changed = 0
  const running = churns.map((words, index) =>
    enclosure.start(
      ['env', ...Object.entries(environment).map(([key, value]) => `${key}=${value}`), ...words],
      `churn-${index}`,
    ),
  )
  const ended = running.map((child) => new Promise((resolve) => child.once('exit', resolve)))
  for (let scan = 1; scan <= SCANS; scan++) {
    const { status, stdout, stderr } = enclosure.layerscope(['report', '--root', root])
    if (status !== 0 && status !== 2)
      throw new Error(`scan ${scan}: exit code ${status}: ${stderr.slice(0, 3000)}`)
    codes.set(status, (codes.get(status) ?? 0) + 1)
    const report = JSON.parse(stdout) as Report
    if (report.findings.some(({ code }) => code === 'changed-during-scan')) changed++
    for (const line of saidOf(report)) said.set(line, [...(said.get(line) ?? []), scan])
  }
  expect(
    running.map(({ exitCode }) => exitCode),
    'the churn went on',
  ).toEqual(churns.map(() => null))
  writeFileSync(join(enclosure.home, 'stop'), '')
  await Promise.all(ended)
  return { codes, said, changed }
}

/** What was said while the engine worked and is not true of the quiet engine. */
function untrue(live: Live, atRest: Report): string[] {
  const still = new Set(saidOf(atRest))
  return [...live.said]
    .filter(([line]) => !still.has(line))
    .map(([line, scans]) => `${line} (scans ${scans.join()})`)
}

const describeLive = (what: string, { codes, changed, said }: Live): string =>
  `${what}: ${SCANS} scans, exit codes ${[...codes].map(([code, times]) => `${code} (${times} times)`).join(', ')}; ` +
  `the root changed under ${changed}; ${said.size} findings or orphans were named`

const churnScript = (name: string): string => fileURLToPath(new URL(`churn/${name}`, import.meta.url))

const noDocker = whyNoDocker()
describe.skipIf(noDocker !== null)(
  `scans of a busy docker${noDocker === null ? '' : ` (skipped: ${noDocker})`}`,
  () => {
    let engine: DockerEngine
    afterAll(async () => {
      await engine?.dispose()
    }, 60_000)

    it('say nothing that is not true of the quiet engine', { timeout: 3_600_000 }, async () => {
      ensureBuilt()
      engine = await DockerEngine.create()
      await engine.start()
      engine.must(['import', '-c', 'CMD ["sleep","1000"]', '-', 'base:1'], {
        input: baseArchive(new Random(SEED)),
      })
      const churns = Array.from({ length: CHURNS }, (_, index) => [
        churnScript('docker.sh'),
        engine.home,
        String(SEED + index),
      ])
      const live = await scanWhile(engine.enclosure, engine.root, churns, {
        DOCKER_HOST: `unix://${engine.home}/socket`,
      })
      const atRest = JSON.parse(
        engine.enclosure.layerscope(['report', '--root', engine.root]).stdout,
      ) as Report
      console.log(describeLive('docker 20.10, overlay2', live))
      expect(untrue(live, atRest)).toEqual([])
    })
  },
)
