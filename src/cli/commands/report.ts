import { closeSync, openSync } from 'node:fs'
import { fileName } from '../../formats/byte-name.ts'
import { jsonPieces } from '../../report/json-pieces.ts'
import type { Report } from '../../report/schema.ts'
import { describeSystemError } from '../../report/unwritten.ts'
import { rootAbove } from '../../scan/below-root.ts'
import { UserError } from '../exit.ts'
import type { CommonOptions } from '../options.ts'
import { print } from '../output.ts'
import { requireFormat } from '../render.ts'
import type { Session } from '../session.ts'

/** `report`: the whole report as JSON, on stdout or in a file that the user names. */
export function report(
  session: Session,
  options: CommonOptions,
  { output }: { output?: string },
): string | undefined {
  requireFormat(options, ['table', 'json', 'ndjson'])
  if (options.format === 'ndjson' && output === undefined) return JSON.stringify(session.report)
  const parts = session.parts()
  if (output === undefined) {
    print(jsonPieces(parts))
    return undefined
  }
  refuseBelowRoot(parts, output)
  let file: number | undefined
  try {
    file = openSync(fileName(output), 'w')
    print(jsonPieces(parts), file)
  } catch (error) {
    throw new UserError(`The report could not be written to ${output}: ${describeSystemError(error)}.`)
  } finally {
    if (file !== undefined) closeSync(file)
  }
  return undefined
}

/** Nothing is ever written below a data root, not even where the user asks for it. */
function refuseBelowRoot({ roots }: Pick<Report, 'roots'>, output: string): void {
  const root = rootAbove(
    output,
    roots.map(({ path }) => path),
  )
  if (root !== null)
    throw new UserError(`${output} lies below the data root ${root}, where nothing is ever written.`)
}
