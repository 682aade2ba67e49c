import { formatBytes } from '../../report/units.ts'
import { outcomeOf } from '../questions.ts'
import { isScanning, type State } from '../state.ts'
import { type Line, span } from '../text/line.ts'
import { glyphsOf } from '../text/look.ts'
import { removalQuestion } from './marks.ts'

/** How much is marked, and what removing it together frees; nothing where nothing is marked. */
export function marksText(state: State): Line {
  const { marks } = state
  if (marks.size === 0) return []
  return [
    span(`${glyphsOf(state.look).marked} ${marks.size} marked`, 'strong'),
    span(`: ${removalText(state)}`),
  ]
}

function removalText(state: State): string {
  const { marks, replies, units } = state
  const outcome = outcomeOf(replies, removalQuestion(marks))
  if (outcome === null) return isScanning(state) ? 'what it frees is known when all is read' : 'frees …'
  if (!outcome.ok) return outcome.message
  const { freedDisk, freedContent, refused, unknown } = outcome.answer
  const bytes =
    freedDisk === null ? `${formatBytes(freedContent, units)} (recorded)` : formatBytes(freedDisk, units)
  const refusals = refused > 0 ? `, docker refuses ${refused}` : ''
  return `frees ${bytes}${refusals}${unknown > 0 ? `, docker does not know ${unknown}` : ''}`
}
