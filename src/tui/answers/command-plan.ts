import { parseDockerCommand } from '../../analysis/whatif/parse-command.ts'
import { type Plan, planOf } from '../../report/whatif-summary.ts'
import type { Question } from '../questions.ts'
import type { Scanned } from './scanned.ts'

/** What one docker command, its words set apart by blanks, would do on a root. */
export function answerCommandPlan(scanned: Scanned, { root, command }: Question<'command-plan'>): Plan {
  const simulator = scanned.simulatorOf(root)
  if (simulator === null) throw new Error(`docker's removals are not simulated on ${root}`)
  return planOf(simulator, [
    { text: command, command: parseDockerCommand(command.split(' '), simulator.rules) },
  ])
}
