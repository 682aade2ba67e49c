import { writeAnswered } from './answered.ts'
import type { PageContext } from './context.ts'
import type { PageWriter } from './document.ts'
import { writeCommands, writeConsequences } from './plan-text.ts'

/** What one docker command would do on a root. Nothing is removed here. */
export function writeCommandPlanPage(
  out: PageWriter,
  page: PageContext,
  { root, command }: { readonly root: string; readonly command: string },
): void {
  writeAnswered(out, page, { kind: 'command-plan', root, command }, (plan) => {
    writeCommands(out, plan)
    writeConsequences(out, page, plan)
  })
}
