import fc from 'fast-check'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import type { Report } from '../../src/report/schema.ts'
import type { FixtureName } from '../support/fixtures.ts'
import { type Damage, isAbove, UNREADABLE } from './damages.ts'
import { CASE, doDamages, placesRead } from './draw.ts'
import { lostObjects } from './lost-objects.ts'
import { Lost, Stage } from './stage.ts'
import type { Outcome } from './worker.ts'

/** Damaged roots per layout. `LAYERSCOPE_SEED` and `LAYERSCOPE_RUNS` ask for others; a failure prints both. */
const RUNS = Number(process.env['LAYERSCOPE_RUNS'] ?? 8)
const SEED = Number(process.env['LAYERSCOPE_SEED'] ?? Date.now() % 2 ** 31)
const PATIENCE_MS = 60_000 + RUNS * 10_000
const MEMORY_BYTES = 700 * 1024 * 1024

const FIXTURES: readonly FixtureName[] = [
  ...(['legacy-aufs', 'legacy-vfs', 'overlay-layerdb', 'vfs-layerdb', 'overlay2-buildkit'] as const),
  ...(['podman-overlay', 'podman-vfs', 'containerd', 'docker-containerd'] as const),
]

let stage: Stage

beforeAll(async () => {
  stage = await Stage.open()
  console.log(`hostile disks: LAYERSCOPE_SEED=${SEED} LAYERSCOPE_RUNS=${RUNS}`)
})
afterAll(() => stage.close())

describe.each(FIXTURES)('%s, damaged', (name) => {
  it('never stops the program, and takes nothing along that is whole', { timeout: PATIENCE_MS }, async () => {
    const root = stage.root(name)
    const healthy = {
      root: await stage.run({ root, paths: [] }, false),
      ordinary: await stage.run({ root, paths: [] }, true),
    }
    for (const { crash, refusal, violations } of Object.values(healthy))
      expect([crash, refusal, violations]).toEqual([null, null, []])
    const places = { read: placesRead(healthy.root.opened), all: stage.paths(name) }

    const property = fc.asyncProperty(CASE, async (drawn) => {
      const { asOrdinary } = drawn
      const touched: string[] = []
      try {
        const done = doDamages(root, drawn, places, stage.supplies, touched)
        const outcome = await runOn(root, touched, asOrdinary)
        judge(asOrdinary ? healthy.ordinary : healthy.root, outcome, done, touched)
      } finally {
        stage.mend(name, touched)
      }
    })
    await fc.assert(property, {
      numRuns: RUNS,
      seed: SEED,
      endOnFailure: process.env['LAYERSCOPE_SHRINK'] === '0',
    })
    const after = await stage.run({ root, paths: [] }, false)
    // What was mended is whole again: no run was judged on the damage of another.
    if (after.report === null || healthy.root.report === null) throw new Error(`${root} was not mended`)
    expect(lostObjects(healthy.root.report, after.report, [])).toEqual([])
  })
})

async function runOn(root: string, touched: readonly string[], asOrdinary: boolean): Promise<Outcome> {
  try {
    return await stage.run({ root, paths: touched.slice(0, 3) }, asOrdinary)
  } catch (error) {
    if (error instanceof Lost) throw new Error(`the run was lost: ${error.message}`)
    throw error
  }
}

function judge(
  healthy: Outcome,
  { report, refusal, seen, violations, crash, peakBytes }: Outcome,
  done: readonly Damage[],
  touched: readonly string[],
): void {
  const what = done.map(({ kind, path, other, detail }) => `${kind} ${path} (${detail}, ${other})`).join('\n')
  expect(crash, what).toBeNull()
  expect(violations, what).toEqual([])
  if (peakBytes > MEMORY_BYTES) stage.dismiss(true)
  if (peakBytes > MEMORY_BYTES) stage.dismiss(false)
  expect(peakBytes, what).toBeLessThan(MEMORY_BYTES)
  if (report === null || healthy.report === null) {
    expect(refusal, what).toMatch(/^\/.* (cannot be read|is empty|does not look like|is no)/)
    return
  }
  expect(lostObjects(healthy.report, report, touched).slice(0, 3), what).toEqual([])
  // Beside another damage it may not be looked at: nobody holds the files of a layer against a list that is gone.
  if (done.length === 1) expect(unnamed(report, healthy, done, seen), what).toEqual([])
}

/** Files of which nothing can be read any more, that the program came to, and that no finding names. */
function unnamed(
  report: Report,
  healthy: Outcome,
  done: readonly Damage[],
  seen: readonly string[],
): string[] {
  const looked = new Set(seen)
  const opened = new Set(healthy.opened)
  return done
    .filter(({ kind, path }) => UNREADABLE.has(kind) && opened.has(path) && looked.has(path))
    .filter(({ path }) => !report.findings.some((finding) => names(finding, path)))
    .map(({ kind, path }) => `${kind} ${path}`)
}

const names = (finding: Report['findings'][number], path: string): boolean =>
  finding.message.includes(path) || (finding.path !== null && isAbove(finding.path, path))
