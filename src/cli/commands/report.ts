import { writeFileSync } from 'node:fs'
import { UserError } from '../exit.ts'
import { printJson } from '../output.ts'
import type { Session } from '../session.ts'

/** `report`: the whole report as JSON, on stdout or in a file that the user names. */
export function report({ report: content }: Session, { output }: { output?: string }): void {
  if (output === undefined) return printJson(content)
  try {
    writeFileSync(output, `${JSON.stringify(content, null, 2)}\n`)
  } catch (error) {
    throw new UserError(
      `The report could not be written to ${output}: ${error instanceof Error ? error.message : error}.`,
    )
  }
}
