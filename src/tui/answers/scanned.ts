import type { Catalog } from '../../analysis/catalog.ts'
import { Simulator } from '../../analysis/whatif/simulator.ts'
import { openTree } from '../../scan/open-tree.ts'
import type { Tree } from '../../tree/tree.ts'
import type { Sized } from './directory.ts'

/** All that one scan leaves for answers to be found in. */
export interface Scanned {
  readonly catalog: Catalog
  /** What plays docker's commands through on a root, made when first asked for; null where they are not simulated. */
  simulatorOf(root: string): Simulator | null
  /** The tree of a root; null where it cannot be opened any more. */
  treeOf(root: string): Tree | null
  /** What was looked into, by root, path and category. */
  readonly directories: Map<string, Sized>
}

export function createScanned(catalog: Catalog, isSample = false): Scanned {
  const nowMs = Date.now()
  const simulators = new Map<string, Simulator | null>()
  const trees = new Map<string, Tree | null>()
  return {
    catalog,
    directories: new Map(),
    treeOf(root) {
      const known = trees.get(root)
      if (known !== undefined) return known
      const tree = openTree(root, isSample)
      trees.set(root, tree)
      return tree
    },
    simulatorOf(root) {
      const known = simulators.get(root)
      if (known !== undefined) return known
      const simulator = Simulator.create(catalog, root, { nowMs })
      simulators.set(root, simulator)
      return simulator
    },
  }
}
