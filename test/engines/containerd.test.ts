import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { ensureBuilt } from '../cli/program.ts'
import { Random } from '../conformance/whatif-engine/random.ts'
import { compareWithContainerd } from './compare-containerd.ts'
import { ContainerdEngine, whyNoContainerd } from './containerd-engine.ts'
import { fillContainerd } from './fill-containerd.ts'
import { bookedOf, reportOf, soundnessOf } from './questions.ts'

const SEED = Number(process.env['LAYERSCOPE_SEED'] ?? 1)
const SNAPSHOTS = (['directories', 'subvolumes'] as const).map((snapshots) => ({
  snapshots,
  reason: whyNoContainerd(snapshots),
}))

for (const { snapshots, reason } of SNAPSHOTS)
  describe.skipIf(reason !== null)(
    `containerd 1.6 with ${snapshots}, filled from seed ${SEED}${reason === null ? '' : ` (skipped: ${reason})`}`,
    { timeout: 300_000 },
    () => {
      let engine: ContainerdEngine
      beforeAll(async () => {
        ensureBuilt()
        engine = await ContainerdEngine.create(snapshots)
        await engine.start()
        fillContainerd(engine, new Random(SEED))
      }, 600_000)
      afterAll(async () => {
        await engine?.dispose()
      }, 60_000)

      it('says what ctr says, while it runs', () => {
        const report = reportOf(engine)
        const { compared, differences } = compareWithContainerd(report, engine)
        console.log(
          `containerd 1.6 with ${engine.snapshotters.join(', ')}, running: ${compared} figures compared, ${differences.length} differ`,
        )
        expect(differences).toEqual([])
        expect(bookedOf(report)).toEqual(engine.enclosure.usage(engine.root))
        expect(soundnessOf(report)).toEqual([])
        expect(report.roots.map(({ engine: { running } }) => running)).toEqual([true])
      })

      it('says what ctr says once it has stopped', async () => {
        await engine.stop()
        const report = reportOf(engine)
        expect(report.roots.map(({ engine: { running } }) => running)).toEqual([false])
        expect(bookedOf(report)).toEqual(engine.enclosure.usage(engine.root))
        expect(soundnessOf(report)).toEqual([])
        const verified = engine.enclosure.layerscope(['verify', '--deep', '--root', engine.root])
        expect(verified.stdout).toContain('Intact: nothing is damaged.')
        expect(verified.status).toBe(0)
        await engine.start()
        const { compared, differences } = compareWithContainerd(report, engine)
        console.log(
          `containerd 1.6 with ${engine.snapshotters.join(', ')}, stopped: ${compared} figures compared, ${differences.length} differ`,
        )
        expect(differences).toEqual([])
      })
    },
  )
