import { afterAll, describe, expect, it } from 'vitest'
import { DockerEngine, whyNoDocker } from '../engines/docker-engine.ts'
import { Random } from './whatif-engine/random.ts'
import { randomCommand } from './whatif-engine/random-command.ts'
import { fillAtRandom } from './whatif-engine/random-state.ts'
import { playRound, type RoundResult } from './whatif-engine/round.ts'

const ROUNDS = Number(process.env['LAYERSCOPE_ROUNDS'] ?? 8)
const COMMANDS_EACH = 4
const STEPS = 26
/** Seeds that once showed a difference stand first. */
const KNOWN_SEEDS: readonly number[] = []
const FIRST_SEED = Number(process.env['LAYERSCOPE_SEED'] ?? 1)

const states = Math.ceil(ROUNDS / COMMANDS_EACH)
const seeds = [...KNOWN_SEEDS, ...Array.from({ length: states }, (_, index) => FIRST_SEED + index)].slice(
  0,
  states,
)
const reason = whyNoDocker()

describe.skipIf(reason !== null)(
  `whatif beside a real engine${reason === null ? '' : ` (skipped: ${reason})`}`,
  () => {
    const engines: DockerEngine[] = []
    afterAll(async () => {
      for (const engine of engines) await engine.dispose()
    })

    it.each(seeds)(
      'predicts what random commands do to the random state of seed %i',
      { timeout: 300_000 },
      async (seed) => {
        const engine = await DockerEngine.create()
        engines.push(engine)
        const random = new Random(seed)
        await engine.start()
        await fillAtRandom(engine, random, STEPS)
        const results: RoundResult[] = []
        for (let round = 0; round < COMMANDS_EACH; round++) {
          const command = await randomCommand(engine, random)
          results.push(await playRound(engine, command, { atRest: random.chance(0.4) }))
        }
        if (process.env['LAYERSCOPE_ROUNDS'] !== undefined)
          for (const { command, removed, refused, diskDifference, removedRecords, databaseGrowth } of results)
            console.log(
              `seed ${seed}: docker ${command}: ${removed} removed, ${refused} refused, disk ${diskDifference}, databases +${databaseGrowth} for ${removedRecords} records`,
            )
        const differing = results.filter(({ differences }) => differences.length > 0)
        expect(differing, `seed ${seed}`).toEqual([])
        await engine.dispose()
      },
    )
  },
)
