import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { ensureBuilt } from '../cli/program.ts'
import { compareWithPodman } from '../conformance/compare-podman.ts'
import { Random } from '../conformance/whatif-engine/random.ts'
import { fillPodman } from './fill-podman.ts'
import { type PodmanDriver, PodmanEngine, whyNoPodman } from './podman-engine.ts'
import { askPodman } from './podman-truth.ts'
import { bookedOf, reportOf, soundnessOf } from './questions.ts'

const SEED = Number(process.env['LAYERSCOPE_SEED'] ?? 1)
const DRIVERS: readonly PodmanDriver[] = ['overlay', 'vfs', 'btrfs', 'overlay with fuse-overlayfs']

for (const driver of DRIVERS) {
  const reason = whyNoPodman(driver)
  describe.skipIf(reason !== null)(
    `podman 4.3 with ${driver}, filled from seed ${SEED}${reason === null ? '' : ` (skipped: ${reason})`}`,
    { timeout: 300_000 },
    () => {
      let engine: PodmanEngine
      beforeAll(async () => {
        ensureBuilt()
        engine = await PodmanEngine.create(driver)
        fillPodman(engine, new Random(SEED), { layers: driver === 'overlay' ? 120 : 12 })
      }, 600_000)
      afterAll(async () => {
        await engine?.dispose()
      }, 60_000)

      it.each(['while containers run', 'when all have ended'])('says what podman says, %s', (when) => {
        if (when !== 'while containers run') engine.stop()
        const report = reportOf(engine)
        // On btrfs `du` would also count what is mounted for the containers.
        if (driver !== 'btrfs' || when !== 'while containers run')
          expect(bookedOf(report)).toEqual(engine.enclosure.usage(engine.root))
        const { compared, differences } = compareWithPodman(report, askPodman(engine))
        console.log(
          `podman 4.3 with ${driver}, ${when}: ${compared} figures compared, ${differences.length} differ`,
        )
        expect(differences).toEqual([])
        expect(compared).toBeGreaterThan(150)
        expect(soundnessOf(report)).toEqual([])
      })

      it('finds nothing damaged', () => {
        const { status, stdout } = engine.enclosure.layerscope(['verify', '--deep', '--root', engine.root])
        expect(stdout).toContain('Intact: nothing is damaged.')
        expect(status).toBe(0)
      })
    },
  )
}
