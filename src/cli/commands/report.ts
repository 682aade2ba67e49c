import { closeSync, openSync, realpathSync } from 'node:fs'
import { dirname, resolve } from 'node:path'
import type { Report } from '../../report/schema.ts'
import { UserError } from '../exit.ts'
import type { CommonOptions } from '../options.ts'
import { print } from '../output.ts'
import { jsonPieces, requireFormat } from '../render.ts'
import type { Session } from '../session.ts'

/** `report`: the whole report as JSON, on stdout or in a file that the user names. */
export function report(
  { report: content }: Session,
  options: CommonOptions,
  { output }: { output?: string },
): string | undefined {
  requireFormat(options, ['table', 'json', 'ndjson'])
  if (options.format === 'ndjson' && output === undefined) return JSON.stringify(content)
  if (output === undefined) {
    print(jsonPieces(content))
    return undefined
  }
  refuseBelowRoot(content, output)
  let file: number | undefined
  try {
    file = openSync(output, 'w')
    print(jsonPieces(content), file)
  } catch (error) {
    const reason = error instanceof Error ? error.message : String(error)
    throw new UserError(`The report could not be written to ${output}: ${reason}.`)
  } finally {
    if (file !== undefined) closeSync(file)
  }
  return undefined
}

/** Nothing is ever written below a data root, not even where the user asks for it. */
function refuseBelowRoot({ roots }: Report, output: string): void {
  const directory = realOf(dirname(resolve(output)))
  for (const { path } of roots)
    if (`${directory}/`.startsWith(`${realOf(path)}/`))
      throw new UserError(`${output} lies below the data root ${path}, where nothing is ever written.`)
}

function realOf(path: string): string {
  try {
    return realpathSync(path)
  } catch {
    return path
  }
}
