import { closeSync, openSync } from 'node:fs'
import { UserError } from '../exit.ts'
import { print } from '../output.ts'
import { jsonPieces } from '../render.ts'
import type { Session } from '../session.ts'

/** `report`: the whole report as JSON, on stdout or in a file that the user names. */
export function report({ report: content }: Session, { output }: { output?: string }): undefined {
  if (output === undefined) {
    print(jsonPieces(content))
    return undefined
  }
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
