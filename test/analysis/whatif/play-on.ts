import { parseDockerCommand } from '../../../src/analysis/whatif/parse-command.ts'
import { Simulator, type SimulatorOptions } from '../../../src/analysis/whatif/simulator.ts'
import type { Network } from '../../../src/model/model.ts'
import type { Survey } from '../../../src/model/places.ts'
import { catalogOf, ROOT } from '../build-model.ts'

export type Parts = NonNullable<Parameters<typeof catalogOf>[0]>

export const NOW = Date.parse('2026-06-15T12:00:00Z')

/** A simulator of a root that is made of these parts; containers run as their states say. */
export function simulatorOn(
  parts: Parts,
  options: Partial<SimulatorOptions> = {},
  surveys: readonly Survey[] = [],
): Simulator {
  const { catalog } = catalogOf(parts, surveys)
  const simulator = Simulator.create(catalog, ROOT, { nowMs: NOW, basis: 'recorded', ...options })
  if (simulator === null) throw new Error('the root has no store that docker uses')
  return simulator
}

/** What a docker command does to such a root: what goes by kind, the names taken off, what docker says and refuses. */
export function playOn(
  parts: Parts,
  command: string,
  options: Partial<SimulatorOptions> = {},
  surveys: readonly Survey[] = [],
) {
  const simulator = simulatorOn(parts, options, surveys)
  const { removed, reclaimed, refusals } = simulator.simulate([
    parseDockerCommand(command.split(' '), simulator.rules),
  ])
  return {
    ...removed,
    untagged: removed.references.map(({ reference }) => reference),
    said: reclaimed,
    refused: refusals.map(({ message }) => message.replace('Error response from daemon: ', '')),
  }
}

export const network = (name: string, over: Partial<Network> = {}): Network => ({
  root: ROOT,
  id: `id-of-${name}`,
  name,
  driver: 'bridge',
  internal: false,
  endpoints: [],
  created: null,
  labels: new Map(),
  configOnly: false,
  ...over,
})
