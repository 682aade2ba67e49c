import { describe, expect, it } from 'vitest'
import { createCatalog } from '../../src/analysis/catalog.ts'
import { commandsOf, removalCommands } from '../../src/analysis/whatif/removal.ts'
import { Simulator } from '../../src/analysis/whatif/simulator.ts'
import { createReport } from '../../src/report/report.ts'
import { scan } from '../../src/scan/scan.ts'
import { type FixtureName, fixtureRoot } from '../support/fixtures.ts'

const ROOTS: readonly FixtureName[] = ['overlay2-buildkit', 'overlay-layerdb', 'vfs-layerdb', 'legacy-aufs']

describe.each(ROOTS)('what removing an image of %s frees', (name) => {
  const root = fixtureRoot(name)
  const { model, surveys } = scan([root], { measure: true })
  const catalog = createCatalog(model, surveys)
  const report = createReport(catalog, { version: 'test', generatedAt: '2026-01-01T00:00:00Z' })
  const simulator = Simulator.create(catalog, root, { nowMs: Date.parse('2030-01-01T00:00:00Z') })

  it('is one figure, in the lists and in the plan of its removal', () => {
    const differences: string[] = []
    let compared = 0
    for (const { id, size } of report.images) {
      const wanted = { containers: [], images: [id], volumes: [], cacheRecords: [] }
      if (simulator === null) break
      const outcome = simulator.simulate(commandsOf(removalCommands(simulator, wanted)))
      if (outcome.refusals.length > 0 || !outcome.removed.images.includes(id)) continue
      compared++
      if (outcome.freed.disk !== size.freedIfRemoved.disk)
        differences.push(`${id}: ${size.freedIfRemoved.disk} listed, ${outcome.freed.disk} planned`)
    }
    expect(differences).toEqual([])
    expect(compared).toBeGreaterThan(0)
  })
})
