import { writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, it } from 'vitest'
import { type Catalog, createCatalog } from '../../../src/analysis/catalog.ts'
import { parseDockerCommand } from '../../../src/analysis/whatif/parse-command.ts'
import { Simulator, type SimulatorOptions } from '../../../src/analysis/whatif/simulator.ts'
import { waysToFree } from '../../../src/analysis/whatif/ways-to-free.ts'
import { scan } from '../../../src/scan/scan.ts'
import { copyOfFixture, fixtureRoot } from '../../support/fixtures.ts'

const NOW = Date.parse('2030-01-01T00:00:00Z')

function catalogOfRoot(root: string, measure = true): Catalog {
  const { model, surveys } = scan([root], { measure })
  return createCatalog(model, surveys)
}

function simulatorOf(root: string, options: Partial<SimulatorOptions> = {}, measure = true): Simulator {
  const simulator = Simulator.create(catalogOfRoot(root, measure), root, { nowMs: NOW, ...options })
  if (simulator === null) throw new Error(`${root} has no store that docker uses`)
  return simulator
}

const run = (simulator: Simulator, text: string) =>
  simulator.simulate([parseDockerCommand(text.split(' '), simulator.rules)])

const modern = fixtureRoot('overlay2-buildkit')
const legacy = fixtureRoot('legacy-aufs')

/** The layer that the image goes through first when it is removed. */
function topLayerOf(catalog: Catalog, tag: string): { id: string; image: string } {
  const image = catalog.model.images.find(({ tags }) => tags.includes(tag))
  return { id: image?.layers.at(-1) ?? '', image: image?.id ?? '' }
}

describe('a cache-id that climbs out of its directory', () => {
  it('is the first thing that is said of a command that would follow it, and of no other', () => {
    const { root, dispose } = copyOfFixture('overlay2-buildkit')
    try {
      const { id } = topLayerOf(catalogOfRoot(modern), 'imported:1')
      const file = join(root, 'image/overlay2/layerdb/sha256', id.slice(7), 'cache-id')
      writeFileSync(file, '../../../../etc')
      const simulator = simulatorOf(root)
      const removal = run(simulator, 'rmi imported:1')
      expect(removal.removed.layers).toContain(id)
      expect(removal.warnings[0]).toMatchObject({ code: 'unsafe-name' })
      expect(removal.warnings[0]?.message).toContain('etc')
      expect(run(simulator, 'system prune -a').warnings[0]).toMatchObject({ code: 'unsafe-name' })
      expect(run(simulator, 'volume prune').warnings).toEqual([])
      expect(run(simulator, 'rmi rebuilt').warnings).toEqual([])
      // What is proposed beforehand is another matter: none of it, whatever it removes.
      const against = waysToFree(simulator).map(({ warning }) => warning)
      expect(against.filter((warning) => warning?.includes('/etc') !== true)).toEqual([])
      expect(waysToFree(simulatorOf(modern)).filter(({ warning }) => warning !== null)).toEqual([])
    } finally {
      dispose()
    }
  })
})

describe('containers', () => {
  it('run as their restart policies have it where no engine runs', () => {
    const { root, dispose } = copyOfFixture('overlay2-buildkit')
    try {
      const [container] = catalogOfRoot(root).model.containers.filter(({ startedBefore }) => startedBefore)
      const file = join(root, 'containers', container?.id ?? '', 'hostconfig.json')
      writeFileSync(file, JSON.stringify({ RestartPolicy: { Name: 'always' } }))
      const started = simulatorOf(root)
      expect(started.states.basis).toBe('started')
      expect(started.states.running.map(({ id }) => id)).toEqual([container?.id])
      expect(run(started, 'container prune').removed.containers).not.toContain(container?.id)
      const recorded = simulatorOf(root, { basis: 'recorded' })
      expect(run(recorded, 'container prune').removed.containers).toContain(container?.id)
    } finally {
      dispose()
    }
  })

  it('that are said to run stay, and with them what they hold', () => {
    const [first] = catalogOfRoot(modern).model.containers
    const assumed = simulatorOf(modern, { assumeRunning: [first?.id ?? ''] })
    expect(run(assumed, 'system prune -a').removed.containers).not.toContain(first?.id)
    expect(run(assumed, `rm ${first?.id}`).refusals[0]?.message).toContain(
      'You cannot remove a running container',
    )
    expect(run(assumed, `rm -f ${first?.id}`).removed.containers).toEqual([first?.id])
  })
})

describe('the rules of a version', () => {
  it('leave volumes with a name from 23 on, but for volume prune -a', () => {
    const old = simulatorOf(modern)
    const recent = simulatorOf(modern, { engine: '28' })
    expect(run(old, 'volume prune').removed.volumes).not.toEqual([])
    expect(run(recent, 'volume prune').removed.volumes).toEqual([])
    expect(run(recent, 'volume prune -a').removed.volumes).toEqual(run(old, 'volume prune').removed.volumes)
    expect(run(recent, 'system prune -a --volumes').removed.volumes).toEqual([])
  })

  it('refuse until together with --volumes, and a date for the build cache before 26', () => {
    const old = simulatorOf(modern)
    const { refusals, removed } = run(old, 'system prune --volumes --filter until=1h')
    expect(refusals[0]?.message).toBe('ERROR: The "until" filter is not supported with "--volumes"')
    expect(removed.containers).toEqual([])
    const dated = run(old, 'system prune -f --filter until=2029-01-01')
    expect(dated.refusals[0]?.message).toContain('filter expects a duration')
    expect(dated.removed.containers).not.toEqual([])
    expect(
      run(simulatorOf(modern, { engine: '28' }), 'builder prune --filter until=2029-01-01').refusals,
    ).toEqual([])
  })

  it('refuse filters that a command does not know, and remove nothing', () => {
    const { refusals, removed } = run(simulatorOf(modern), 'container prune --filter dangling=true')
    expect(refusals[0]?.message).toBe("Error response from daemon: Invalid filter 'dangling'")
    expect(removed.containers).toEqual([])
  })

  it('say whose filter it was where it is one of the build cache', () => {
    const { refusals } = run(simulatorOf(modern), 'builder prune --filter immutable=true')
    expect(refusals[0]?.message).toBe(
      "Error response from daemon: failed to prune build cache: Invalid filter 'immutable'",
    )
  })
})

describe('the layout before 1.10', () => {
  const simulator = simulatorOf(legacy)

  it('takes the files of an image with it, and its unnamed parents', () => {
    const deep = simulator.ground.catalog.model.images.find(({ tags }) => tags.includes('deep:40'))
    const { removed, freed } = run(simulator, 'rmi -f deep:40')
    expect(removed.images).toContain(deep?.id)
    expect(removed.images.length).toBeGreaterThan(30)
    expect(removed.layers).toEqual(removed.images)
    expect(freed.disk).toBeGreaterThan(0)
  })

  it('refuses an image that others stand on', () => {
    const { refusals } = run(simulator, 'rmi tiny')
    expect(refusals).toEqual([])
    const parent = simulator.ground.catalog.model.images.find(({ tags }) => tags.includes('tiny:latest'))
    expect(run(simulator, `rmi -f ${parent?.id}`).refusals[0]?.message).toContain(
      'image has dependent child images',
    )
  })

  it('has no prune', () => {
    expect(waysToFree(simulator)).toEqual([])
  })
})

describe('what is not measured', () => {
  it('is not known: the disk bytes are null, what docker would say stays where it needs no measure', () => {
    const simulator = simulatorOf(modern, {}, false)
    const images = run(simulator, 'image prune -a')
    expect(images.freed).toMatchObject({ disk: null, files: null })
    expect(images.reclaimed).toBe(run(simulatorOf(modern), 'image prune -a').reclaimed)
    expect(run(simulator, 'system prune').reclaimed).toBeNull()
  })
})

describe('ways to free', () => {
  it('are each prune command alone', () => {
    const simulator = simulatorOf(modern)
    const ways = waysToFree(simulator)
    expect(ways.map(({ command }) => command)).toContain('docker system prune -a --volumes')
    for (const { command, freedDisk, says } of ways) {
      const alone = run(simulator, command)
      expect([freedDisk, says]).toEqual([alone.freed.disk, alone.reclaimed])
    }
  })
})

describe('what stays', () => {
  it('says why', () => {
    const kept = run(simulatorOf(modern), 'image prune').kept()
    const shop = kept.find(({ name }) => name === 'shop:2')
    expect(shop).toMatchObject({ kind: 'image', why: 'it has a tag: without -a only dangling images go' })
    const used = run(simulatorOf(modern), 'image prune -a')
      .kept()
      .find(({ name }) => name === 'shop:2')
    expect(used?.why).toMatch(/^container .* was made from it$/)
  })
})
