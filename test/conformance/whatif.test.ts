import { readdirSync, readFileSync } from 'node:fs'
import { fileURLToPath } from 'node:url'
import { describe, expect, it } from 'vitest'
import { createCatalog } from '../../src/analysis/catalog.ts'
import { CommandLineError } from '../../src/analysis/whatif/flags.ts'
import { parseDockerCommand } from '../../src/analysis/whatif/parse-command.ts'
import { Simulator } from '../../src/analysis/whatif/simulator.ts'
import { integer, isObject, type JsonObject, record, textOrNull, texts } from '../../src/formats/fields.ts'
import { engineSize } from '../../src/report/units.ts'
import { scan } from '../../src/scan/scan.ts'
import { fixtureRoot, isRoot } from '../support/fixtures.ts'

const TRUTH = fileURLToPath(
  new URL('../../fixtures/var-lib-docker/truth/overlay2-buildkit/prune/', import.meta.url),
)

/** What a 20.10 engine did to a copy of the fixture. */
function truthOf(file: string): JsonObject {
  const value: unknown = JSON.parse(readFileSync(TRUTH + file, 'utf8'))
  if (!isObject(value)) throw new Error(`${file} holds no object`)
  return value
}

const root = fixtureRoot('overlay2-buildkit')
const { model, surveys } = scan([root], { measure: true })
const simulator = Simulator.create(createCatalog(model, surveys), root, { nowMs: Date.now() })
if (simulator === null) throw new Error('the fixture has no store that docker uses')

describe.each(readdirSync(TRUTH).filter((file) => file.endsWith('.json')))('%s', (file) => {
  const truth = truthOf(file)
  const words = texts(truth, 'command')
  const refused = texts(truth, 'refused')
  const outcome = simulated()

  function simulated() {
    try {
      return simulator?.simulate([parseDockerCommand(words, simulator.rules)]) ?? null
    } catch (error) {
      if (!(error instanceof CommandLineError)) throw error
      expect(refused[0]).toBe(error.message)
      return null
    }
  }

  it('removes what docker removed', () => {
    const removed = record(truth, 'removed')
    const ours = outcome?.removed
    for (const kind of ['images', 'containers', 'volumes', 'networks', 'cacheRecords'] as const)
      expect(ours?.[kind] ?? [], kind).toEqual(texts(removed, kind))
    expect((ours?.references ?? []).map(({ reference }) => reference).sort()).toEqual(
      texts(removed, 'references'),
    )
  })

  // Whoever is not root has other modes, so that a volume's content may be out of reach.
  it.runIf(isRoot)('says what docker said', () => {
    const reclaimed = outcome?.reclaimed ?? null
    expect(reclaimed === null ? null : engineSize(reclaimed)).toBe(textOrNull(truth, 'said'))
  })

  it('refuses what docker refused, in its words', () => {
    if (outcome === null) return
    expect(outcome.refusals.map(({ message }) => comparable(message))).toEqual(refused.map(comparable))
  })

  // Blocks of 4 KiB are those of the engine's own disk; another file system has others.
  it.runIf(isRoot)('frees what the disk got back', () => {
    const freed = record(truth, 'freed')
    const gained = (integer(freed, 'total') ?? 0) - (integer(freed, 'databases') ?? 0)
    const difference = Math.abs((outcome?.freed.disk ?? 0) - gained)
    expect(difference).toBeLessThanOrEqual(Math.max(65_536, gained / 100))
  })
})

/** Which of several users the engine names is left to chance. */
const comparable = (line: string): string =>
  line.replace(/container [0-9a-f]{12}/, 'container X').replace(/in use - \[.*\]/, 'in use - [X]')
