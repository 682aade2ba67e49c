import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { commandsOf, removalCommands, type Wanted } from '../../../src/analysis/whatif/removal.ts'
import { Simulator } from '../../../src/analysis/whatif/simulator.ts'
import { container } from '../build-model.ts'
import { catalogOf, choices, ROOT } from './generated-root.ts'
import { simulatorOn } from './play-on.ts'

const NOTHING: Wanted = { containers: [], images: [], volumes: [], cacheRecords: [] }

const anyRoot = choices.map((made) => {
  const simulator = Simulator.create(catalogOf(made), ROOT, { nowMs: Date.parse('2030-01-01T00:00:00Z') })
  if (simulator === null) throw new Error('the generated root is one of docker')
  return simulator
})

const everything = ({ ground }: Simulator): Wanted => ({
  containers: [...ground.containers.keys()],
  images: [...ground.images.keys()],
  volumes: [...ground.volumes.keys()],
  cacheRecords: [...ground.records.keys()],
})

/** A part of what there is, by the bits of a number. */
function some(simulator: Simulator, bits: number): Wanted {
  const all = everything(simulator)
  let place = 0
  const pick = (ids: readonly string[]): string[] => ids.filter(() => ((bits >> (place++ % 30)) & 1) === 1)
  return {
    containers: pick(all.containers),
    images: pick(all.images),
    volumes: pick(all.volumes),
    cacheRecords: pick(all.cacheRecords),
  }
}

const outcomeOf = (simulator: Simulator, wanted: Wanted) =>
  simulator.simulate(commandsOf(removalCommands(simulator, wanted)))

describe('the commands that remove what is wanted', () => {
  it('call a container by its id where its name is that of another one too', () => {
    const twins = ['a', 'b'].map((digit) => container(digit.repeat(64), { name: 'same' }))
    const other = container('c'.repeat(64), { name: 'other' })
    const simulator = simulatorOn({ containers: [...twins, other] })
    const textsOf = (...containers: string[]): string[] =>
      removalCommands(simulator, { ...NOTHING, containers }).map(({ text }) => text)
    expect(textsOf('b'.repeat(64))).toEqual([`docker rm ${'b'.repeat(12)}`])
    expect(textsOf('c'.repeat(64))).toEqual(['docker rm other'])
  })

  it('remove nothing but that, and what docker takes along with an image', () => {
    fc.assert(
      fc.property(anyRoot, fc.nat(), (simulator, bits) => {
        const wanted = some(simulator, bits)
        const { removed } = outcomeOf(simulator, wanted)
        expect(wanted.containers).toEqual(expect.arrayContaining([...removed.containers]))
        expect(wanted.volumes).toEqual(expect.arrayContaining([...removed.volumes]))
        expect(wanted.cacheRecords).toEqual(expect.arrayContaining([...removed.cacheRecords]))
        for (const id of removed.images)
          if (!wanted.images.includes(id))
            expect(simulator.ground.references.get(id), 'only steps without a name go along').toEqual([])
      }),
    )
  })

  it('leave nothing without a word: docker refuses it, or tells what holds an image that only loses its names', () => {
    fc.assert(
      fc.property(anyRoot, fc.nat(), (simulator, bits) => {
        const wanted = some(simulator, bits)
        const outcome = outcomeOf(simulator, wanted)
        const { removed, refusals } = outcome
        const kept = outcome.kept().filter(({ kind }) => kind === 'image')
        const left =
          wanted.containers.filter((id) => !removed.containers.includes(id)).length +
          wanted.volumes.filter((id) => !removed.volumes.includes(id)).length +
          wanted.images.filter((id) => !removed.images.includes(id)).length
        expect(refusals.length + kept.length).toBeGreaterThanOrEqual(left)
        if (left === 0) expect(refusals).toEqual([])
      }),
    )
  })

  it('free no less together than any of it alone', () => {
    fc.assert(
      fc.property(anyRoot, fc.nat(), (simulator, bits) => {
        const wanted = some(simulator, bits)
        const together = outcomeOf(simulator, wanted).freed.disk ?? -1
        for (const volume of wanted.volumes)
          expect(outcomeOf(simulator, { ...NOTHING, volumes: [volume] }).freed.disk).toBeLessThanOrEqual(
            together,
          )
        for (const container of wanted.containers)
          expect(
            outcomeOf(simulator, { ...NOTHING, containers: [container] }).freed.disk,
          ).toBeLessThanOrEqual(together)
      }),
    )
  })

  it('are none where nothing is wanted that docker knows', () => {
    fc.assert(
      fc.property(anyRoot, (simulator) => {
        expect(removalCommands(simulator, NOTHING)).toEqual([])
        expect(removalCommands(simulator, { ...NOTHING, images: ['sha256:unknown'] })).toEqual([])
      }),
    )
  })

  it('name records of the build cache by one filter, as docker takes only one', () => {
    fc.assert(
      fc.property(anyRoot, (simulator) => {
        const records = [...simulator.ground.records.keys()]
        const lines = removalCommands(simulator, { ...NOTHING, cacheRecords: records })
        expect(lines).toHaveLength(records.length === 0 ? 0 : 1)
        if (records.length > 1)
          expect(lines[0]?.text).toBe(`docker builder prune -a --filter 'id=^(${records.join('|')})$'`)
      }),
    )
  })
})
