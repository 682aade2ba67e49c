import type { Catalog } from '../../analysis/catalog.ts'
import { Simulator } from '../../analysis/whatif/simulator.ts'

/** All that one scan leaves for answers to be found in. */
export interface Scanned {
  readonly catalog: Catalog
  /** What plays docker's commands through on a root, made when first asked for; null where they are not simulated. */
  simulatorOf(root: string): Simulator | null
}

export function createScanned(catalog: Catalog): Scanned {
  const nowMs = Date.now()
  const simulators = new Map<string, Simulator | null>()
  return {
    catalog,
    simulatorOf(root) {
      const known = simulators.get(root)
      if (known !== undefined) return known
      const simulator = Simulator.create(catalog, root, { nowMs })
      simulators.set(root, simulator)
      return simulator
    },
  }
}
