import { planFree } from '../../analysis/whatif/free.ts'
import { parseSize } from '../../report/select.ts'
import { freeJson } from '../../report/whatif-json.ts'
import { freeLines } from '../../report/whatif-text.ts'
import { UserError } from '../exit.ts'
import { type CommonOptions, displayOf } from '../options.ts'
import { renderJson, requireFormat } from '../render.ts'
import type { Session } from '../session.ts'
import { openSimulator, type SimulationOptions } from './whatif.ts'

/** The bytes of a size as the user wrote it. Throws UserError. */
export function targetBytes(size: string): number {
  const bytes = parseSize(size)
  if (bytes === null || bytes === 0)
    throw new UserError(`${JSON.stringify(size)} is no size.`, 'Write it like 20G, 1.5GiB or 500MB.')
  return bytes
}

/** `free`: the cheapest way to that many bytes, as commands with what each gives and costs. */
export function free(
  session: Session,
  options: CommonOptions,
  size: string,
  own: SimulationOptions & { readonly volumes: boolean },
): string {
  requireFormat(options, ['table', 'json', 'ndjson'])
  const simulator = openSimulator(session, own)
  const plan = planFree(simulator, targetBytes(size), own)
  if (plan === null)
    throw new UserError('Nothing was measured, so what a step frees is not known.', 'Leave out --no-measure.')
  const { root } = simulator.ground
  if (options.format === 'ndjson') return JSON.stringify(freeJson(root, plan))
  if (options.format !== 'table') return renderJson(freeJson(root, plan))
  return freeLines(plan, root, displayOf(options, session.nowMs)).join('\n')
}
