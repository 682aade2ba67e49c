import type { FreePlan } from '../analysis/whatif/free.ts'
import { notSimulated } from '../analysis/whatif/notes.ts'
import type { Outcome, Removed, Simulator } from '../analysis/whatif/simulator.ts'

/** The answer of `whatif` as JSON; ids in full, byte figures as integers, null for what is not known. */
export function whatifJson(simulator: Simulator, command: readonly string[], outcome: Outcome): object {
  const { rules, rulesWhy, states, ground } = simulator
  const { removed, reclaimed, freed, refusals, warnings } = outcome
  return {
    command,
    root: ground.root,
    rule: rules.rule,
    ruleWhy: rulesWhy,
    states: { basis: states.basis, why: states.why, running: states.running.map(({ id }) => id).sort() },
    warnings,
    refusals,
    removed: removedJson(removed),
    untagged: removed.references.map(({ reference, image }) => ({
      reference,
      image,
      imageGoes: outcome.state.removedImages.has(image),
    })),
    engineSays: { reclaimed },
    freed: { content: freed.content, disk: freed.disk, files: freed.files },
    freedBy: freed.parts,
    kept: outcome.kept(),
    notSimulated: notSimulated(simulator, outcome),
  }
}

/** The answer of `free` as JSON. */
export const freeJson = (root: string, plan: FreePlan): object => ({
  root,
  target: plan.targetBytes,
  steps: plan.steps.map(({ command, removes, freed, totalDisk, cost, prevents }) => ({
    command,
    removes: removes === null ? null : removedJson(removes),
    freed,
    total: totalDisk,
    cost,
    prevents,
  })),
  total: plan.totalDisk,
  reached: plan.reached,
  warnings: plan.warnings,
  withheld: plan.withheld,
})

const removedJson = ({ references, ...removed }: Removed): object => ({
  ...removed,
  references: references.map(({ reference }) => reference),
})
