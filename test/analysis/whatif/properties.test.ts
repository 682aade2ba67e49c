import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import type { Catalog } from '../../../src/analysis/catalog.ts'
import { createLedger } from '../../../src/analysis/ledger.ts'
import type { DockerCommand } from '../../../src/analysis/whatif/command.ts'
import { planFree } from '../../../src/analysis/whatif/free.ts'
import { parseDockerCommand } from '../../../src/analysis/whatif/parse-command.ts'
import { PRUNE_RULES } from '../../../src/analysis/whatif/rules.ts'
import { type Outcome, Simulator } from '../../../src/analysis/whatif/simulator.ts'
import { catalogOf, choices, ROOT } from './generated-root.ts'

const NOW = Date.parse('2026-06-01T00:00:00Z')

function simulatorOf(catalog: Catalog): Simulator {
  const simulator = Simulator.create(catalog, ROOT, { nowMs: NOW })
  if (simulator === null) throw new Error('the generated root has no store in use')
  return simulator
}

const parse = (text: string): DockerCommand => parseDockerCommand(text.split(' '), PRUNE_RULES['20.10'])

const PRUNES = [
  'builder prune',
  'builder prune -a',
  'builder prune -a --keep-storage 100kB',
  'image prune',
  'image prune -a',
  'container prune',
  'volume prune',
  'system prune',
  'system prune -a --volumes',
]

/** Everything in a root by the words that remove it. */
const objectsOf = ({ model }: Catalog): DockerCommand[] => [
  ...model.containers.map(({ id }) => parse(`rm -f ${id}`)),
  ...model.images.map(({ id }) => parse(`rmi -f ${id}`)),
  ...model.volumes.map(({ name }) => parse(`volume rm ${name}`)),
]

const diskOf = ({ freed }: Outcome): number => freed.disk ?? Number.NaN

/** A root, and for each of its objects whether it is in the one set and in the other. */
const twoSets = fc.tuple(choices, fc.infiniteStream(fc.boolean()), fc.infiniteStream(fc.boolean()))

const chosen = (commands: readonly DockerCommand[], marks: IterableIterator<boolean>): Set<DockerCommand> =>
  new Set(commands.filter(() => marks.next().value === true))

describe('on generated roots', () => {
  it('more that goes never frees less', () => {
    fc.assert(
      fc.property(twoSets, ([made, first, second]) => {
        const catalog = catalogOf(made)
        const simulator = simulatorOf(catalog)
        const commands = objectsOf(catalog)
        const [a, b] = [chosen(commands, first), chosen(commands, second)]
        const alone = simulator.simulate(commands.filter((command) => a.has(command)))
        const together = simulator.simulate(commands.filter((command) => a.has(command) || b.has(command)))
        expect(diskOf(together)).toBeGreaterThanOrEqual(diskOf(alone))
      }),
    )
  })

  it('what is freed is never more than what the ledger holds', () => {
    fc.assert(
      fc.property(choices, fc.constantFrom(...PRUNES), (made, command) => {
        const catalog = catalogOf(made)
        const { freed } = simulatorOf(catalog).simulate([parse(command)])
        const { total } = createLedger(catalog)
        expect(freed.disk).toBeLessThanOrEqual(total.diskBytes)
        expect(freed.files).toBeLessThanOrEqual(total.files)
      }),
    )
  })

  it('what stays keeps all its layers, and nothing in use goes', () => {
    fc.assert(
      fc.property(choices, fc.array(fc.constantFrom(...PRUNES), { maxLength: 4 }), (made, commands) => {
        const catalog = catalogOf(made)
        const { state } = simulatorOf(catalog).simulate(commands.map(parse))
        const gone = state.removedLayers
        for (const image of state.images())
          expect(image.layers.filter((layer) => gone.has(layer))).toEqual([])
        for (const { baseLayer } of state.containers()) expect(gone.has(baseLayer ?? '')).toBe(false)
        for (const { layer } of state.records()) expect(gone.has(layer ?? '')).toBe(false)
        for (const layer of catalog.model.layers)
          if (!gone.has(layer.id)) expect(gone.has(layer.parent ?? '')).toBe(false)
        for (const container of catalog.model.containers)
          if (container.state === 'running') expect(state.removedContainers.has(container.id)).toBe(false)
        for (const container of state.containers())
          for (const volume of container.volumes) expect(state.removedVolumes.has(volume)).toBe(false)
      }),
    )
  })

  it('the order of containers and of volumes makes no difference', () => {
    fc.assert(
      fc.property(choices, (made) => {
        const catalog = catalogOf(made)
        const simulator = simulatorOf(catalog)
        const { containers, volumes } = catalog.model
        const both = (ids: readonly string[], names: readonly string[]): Outcome =>
          simulator.simulate([
            { kind: 'rm', names: ids, force: true, volumes: false },
            { kind: 'volume-rm', names, force: false },
          ])
        const ids = containers.map(({ id }) => id)
        const names = volumes.map(({ name }) => name)
        const forwards = both(ids, names)
        const backwards = both(ids.toReversed(), names.toReversed())
        expect(backwards.removed).toEqual(forwards.removed)
        expect(backwards.freed).toEqual(forwards.freed)
      }),
    )
  })

  it('a prune can be simulated again on what it left, and then finds less', () => {
    fc.assert(
      fc.property(choices, fc.constantFrom(...PRUNES), (made, command) => {
        const simulator = simulatorOf(catalogOf(made))
        const once = simulator.simulate([parse(command)])
        const inOneGo = simulator.simulate([parse(command), parse(command)])
        const twice = simulator.simulate([parse(command)], once)
        expect(twice.removed).toEqual(inOneGo.removed)
        expect(once.removed.images.every((id) => twice.removed.images.includes(id))).toBe(true)
      }),
    )
  })

  it('a plan reaches what it says, step by step', () => {
    fc.assert(
      fc.property(choices, fc.integer({ min: 1, max: 6_000_000 }), fc.boolean(), (made, target, volumes) => {
        const simulator = simulatorOf(catalogOf(made))
        const plan = planFree(simulator, target, { volumes })
        expect(plan).not.toBeNull()
        if (plan === null) return
        const commands = plan.steps.filter(({ removes }) => removes !== null).map(({ command }) => command)
        const done = simulator.simulate(commands.map((command) => parse(command.replace('docker ', ''))))
        const logs = plan.steps.filter(({ removes }) => removes === null)
        const emptied = logs.reduce((sum, { freed }) => sum + freed.disk, 0)
        expect(done.refusals).toEqual([])
        expect(diskOf(done) + emptied).toBe(plan.totalDisk)
        expect(plan.reached).toBe(plan.totalDisk >= target)
        expect(plan.steps.reduce((sum, { freed }) => sum + freed.disk, 0)).toBe(plan.totalDisk)
        if (!volumes) expect(done.removed.volumes).toEqual([])
        const beforeLast = plan.totalDisk - (plan.steps.at(-1)?.freed.disk ?? 0)
        if (plan.steps.length > 0) expect(beforeLast).toBeLessThan(target)
      }),
    )
  })
})
