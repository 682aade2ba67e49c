import { isDeepStrictEqual } from 'node:util'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { createCatalog } from '../../src/analysis/catalog.ts'
import type { Owner } from '../../src/analysis/why/explanation.ts'
import { whyPath } from '../../src/analysis/why/why.ts'
import { text } from '../../src/formats/fields.ts'
import type { Report } from '../../src/report/schema.ts'
import { scan } from '../../src/scan/scan.ts'
import { ensureBuilt } from '../cli/program.ts'
import { compareWithEngine } from '../conformance/compare.ts'
import { Random } from '../conformance/whatif-engine/random.ts'
import { fillAtRandom } from '../conformance/whatif-engine/random-state.ts'
import { compareInspected, directoriesOf } from './compare-inspect.ts'
import { type DockerDriver, DockerEngine, whyNoDocker } from './docker-engine.ts'
import { askDocker, type DockerTruth } from './docker-truth.ts'
import { fillWithEverything } from './fill-docker.ts'
import { bookedOf, reportOf, soundnessOf } from './questions.ts'

const SEED = Number(process.env['LAYERSCOPE_SEED'] ?? 1)
/** Steps drawn at random after the root has one of everything. */
const STEPS = Number(process.env['LAYERSCOPE_STEPS'] ?? 4)
const DRIVERS: readonly DockerDriver[] = ['overlay2', 'vfs', 'btrfs', 'fuse-overlayfs']

/** Figures compared and figures that differ. */
function compareAll(report: Report, truth: DockerTruth): { compared: number; differences: string[] } {
  const lists = compareWithEngine(report, truth)
  const single = compareInspected(report, truth)
  return {
    compared: lists.compared + single.compared,
    differences: [...lists.differences, ...single.differences],
  }
}

interface Usage {
  readonly disk: number
  readonly files: number
}

/** Lets no container start again and again by itself: each start is a change of the disk. */
function endRestarts(engine: DockerEngine): void {
  engine.must(['update', '--restart', 'no', ...engine.must(['ps', '-aq']).split('\n').filter(Boolean)])
  const waiting = engine.must(['ps', '-aq', '--filter', 'status=restarting']).split('\n').filter(Boolean)
  if (waiting.length > 0) engine.must(['stop', ...waiting])
}

/**
 * What we book and what `du` counts. A working engine writes now and then: of ten looks the first counts between which
 * and the next nothing changed for `du`, and on which both agree.
 */
function atRest(engine: DockerEngine): { booked: Usage; used: Usage } {
  let used = engine.enclosure.usage(engine.root)
  for (let look = 1; ; look++) {
    const before = used
    const booked = bookedOf(reportOf(engine))
    used = engine.enclosure.usage(engine.root)
    const isQuiet = isDeepStrictEqual(before, used)
    if (look === 10 || (isQuiet && isDeepStrictEqual(booked, used))) return { booked, used }
  }
}

for (const driver of DRIVERS) {
  const reason = whyNoDocker(driver)
  describe.skipIf(reason !== null)(
    `docker 20.10 with ${driver}, filled from seed ${SEED}${reason === null ? '' : ` (skipped: ${reason})`}`,
    { timeout: 300_000 },
    () => {
      let engine: DockerEngine
      beforeAll(async () => {
        ensureBuilt()
        engine = await DockerEngine.create(driver)
        await engine.start()
        const random = new Random(SEED)
        fillWithEverything(engine, random, { brief: driver !== 'overlay2' })
        await fillAtRandom(engine, random, STEPS)
      }, 600_000)
      afterAll(async () => {
        await engine?.dispose()
      }, 60_000)

      it('says what the engine says, while it runs', async () => {
        const truth = await askDocker(engine)
        const report = reportOf(engine)
        const { compared, differences } = compareAll(report, truth)
        console.log(
          `docker 20.10 with ${driver}, running: ${compared} figures compared, ${differences.length} differ`,
        )
        expect(differences).toEqual([])
        expect(compared).toBeGreaterThan(1000)
        // On btrfs `du` would also count what is mounted for the containers; of FUSE it counts the mount points.
        if (driver === 'overlay2' || driver === 'vfs') {
          endRestarts(engine)
          const { booked, used } = atRest(engine)
          expect(booked).toEqual(used)
        }
        expect(soundnessOf(report, ['container-image-missing'])).toEqual([])
        expect(report.roots.map(({ engine: { running } }) => running)).toEqual([true])
      })

      it('says what the engine says once it has stopped', async () => {
        // What starts again by itself would be another container than the one at rest.
        endRestarts(engine)
        await engine.stop()
        const report = reportOf(engine)
        expect(bookedOf(report)).toEqual(engine.enclosure.usage(engine.root))
        expect(soundnessOf(report, ['container-image-missing'])).toEqual([])
        const verified = engine.enclosure.layerscope(['verify', '--deep', '--root', engine.root])
        expect(verified.stdout).toContain('Intact: nothing is damaged.')
        expect(verified.status).toBe(0)
        await engine.start()
        const { compared, differences } = compareAll(report, await askDocker(engine))
        console.log(
          `docker 20.10 with ${driver}, stopped: ${compared} figures compared, ${differences.length} differ`,
        )
        expect(differences).toEqual([])
      })

      // Of the others the engine names none.
      it.runIf(driver === 'overlay2' || driver === 'fuse-overlayfs')(
        'knows who owns every directory that the engine names',
        async () => {
          const truth = await askDocker(engine)
          const report = reportOf(engine)
          await engine.stop()
          const { model, surveys } = scan([engine.root], { measure: false })
          const catalog = createCatalog(model, surveys)
          let asked = 0
          const wrong: string[] = []
          const check = (directory: string, isOwner: (owner: Owner) => boolean): void => {
            asked++
            const owners = whyPath(catalog, engine.root, directory)?.owners ?? []
            if (!owners.some(isOwner)) wrong.push(`${directory}: ${JSON.stringify(owners)}`)
          }
          const layerOf = new Map(report.cacheRecords.map(({ id, layer }) => [id, layer]))
          for (const image of truth.inspectImages) {
            const layers = report.images.find(({ id }) => id === text(image, 'Id'))?.layers ?? []
            // BuildKit may have built on a copy of its own of the layer below.
            for (const directory of directoriesOf(report, image))
              check(directory, ({ kind, id }) =>
                layers.includes(kind === 'cache-record' ? (layerOf.get(id) ?? '') : id),
              )
          }
          for (const container of truth.inspectContainers)
            for (const directory of directoriesOf(report, container).slice(0, 2))
              check(directory, ({ kind, id }) => kind === 'container' && id === text(container, 'Id'))
          expect(wrong).toEqual([])
          console.log(`docker 20.10 with ${driver}: ${asked} directories asked for`)
          expect(asked).toBeGreaterThan(10)
        },
      )
    },
  )
}
