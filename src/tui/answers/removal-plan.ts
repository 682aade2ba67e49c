import { commandsOf, removalCommands } from '../../analysis/whatif/removal.ts'
import type { Outcome } from '../../analysis/whatif/simulator.ts'
import { planOf } from '../../report/whatif-summary.ts'
import type { ObjectRef } from '../objects.ts'
import type { Question, RemovalPlan } from '../questions.ts'
import type { Scanned } from './scanned.ts'
import { removalsByRoot, rootOf, wantedOf } from './wanted.ts'

/** How these objects can be removed together, and what each of them would give alone. */
export function answerRemovalPlan(scanned: Scanned, { objects }: Question<'removal-plan'>): RemovalPlan {
  const removals = removalsByRoot(scanned, objects)
  const together = new Map(
    removals.map(({ simulator, lines }) => [simulator.ground.root, simulator.simulate(commandsOf(lines))]),
  )
  return {
    plans: removals.map(({ simulator, lines }) => planOf(simulator, lines)),
    parts: objects.map((ref) => {
      const outcome = together.get(rootOf(scanned, ref))
      return { ref, aloneDisk: aloneDisk(scanned, ref), stays: outcome === undefined || !goes(outcome, ref) }
    }),
  }
}

function aloneDisk(scanned: Scanned, ref: ObjectRef): number | null {
  const simulator = scanned.simulatorOf(rootOf(scanned, ref))
  if (simulator === null) return null
  return simulator.simulate(commandsOf(removalCommands(simulator, wantedOf([ref])))).freed.disk
}

function goes({ state }: Outcome, { kind, id }: ObjectRef): boolean {
  switch (kind) {
    case 'container':
      return state.removedContainers.has(id)
    case 'image':
      return state.removedImages.has(id)
    case 'volume':
      return state.removedVolumes.has(id)
    case 'cache-record':
      return state.removedRecords.has(id)
    case 'layer':
      return state.removedLayers.has(id)
  }
}
