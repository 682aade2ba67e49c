import { writeFileSync } from 'node:fs'
import { UserError } from '../exit.ts'
import { renderJson } from '../render.ts'
import type { Session } from '../session.ts'

/** `report`: the whole report as JSON, on stdout or in a file that the user names. */
export function report({ report: content }: Session, { output }: { output?: string }): string {
  if (output === undefined) return renderJson(content)
  try {
    writeFileSync(output, `${renderJson(content)}\n`)
    return ''
  } catch (error) {
    throw new UserError(
      `The report could not be written to ${output}: ${error instanceof Error ? error.message : error}.`,
    )
  }
}
