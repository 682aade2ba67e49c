import { escapeText } from '../../report/escape.ts'
import { columnsOf, truncate } from '../../report/width.ts'
import { outcomeOf } from '../questions.ts'
import type { Place, State } from '../state.ts'
import { type Line, span } from '../text/line.ts'
import { glyphsOf } from '../text/look.ts'

const LONGEST_OWNER = 40

/** The whole path of a directory that one looks into, of a long one its end, and the object that it belongs to. */
export function pathLine(state: State, place: Place, width: number): Line {
  const { ellipsis } = glyphsOf(state.look)
  const owner = truncate(ownerText(state, place), Math.min(LONGEST_OWNER, Math.floor(width / 2)), ellipsis)
  const path = escapeText(`${place.root}/${place.path}`.replace(/\/$/, ''))
  const room = Math.max(8, width - columnsOf(owner) - (owner === '' ? 0 : 2))
  let shown = [...path].slice(-room).join('')
  while (columnsOf(shown) > room - 1 && shown !== path) shown = [...shown].slice(1).join('')
  return [
    span(shown === path ? path : ellipsis + shown, 'strong'),
    ...(owner === '' ? [] : [span(`  ${owner}`, 'faint')]),
  ]
}

function ownerText(state: State, place: Place): string {
  if (place.category !== undefined) return ''
  const outcome = outcomeOf(state.replies, { kind: 'entry', ...place })
  if (outcome?.ok !== true) return ''
  const [first, ...more] = outcome.answer.owners
  if (first === undefined) return ''
  const name = first.name === '' ? first.id.replace(/^sha256:/, '').slice(0, 12) : first.name
  return escapeText(
    `of ${first.kind.replace('-', ' ')} ${name}${more.length === 0 ? '' : ` and ${more.length} more`}`,
  )
}
