import { escapeText } from '../../report/escape.ts'
import { describeFound, type Found, findObjects } from '../../report/find-object.ts'
import type { Report, ReportImage } from '../../report/schema.ts'
import { UserError } from '../exit.ts'

const SHOWN = 10

/** The one object that a name or id prefix means. Throws UserError where there is none or several. */
export function requireObject(report: Report, query: string, kinds?: readonly Found['kind'][]): Found {
  const found = findObjects(report, query, kinds)
  const [first] = found
  const what = kinds?.length === 1 ? kinds[0] : 'object'
  if (first === undefined)
    throw new UserError(
      `There is no ${what} ${JSON.stringify(escapeText(query))} here.`,
      'Names, tags, digests and id prefixes are understood; see layerscope images, containers, layers, volumes, cache.',
    )
  if (found.length > 1)
    throw new UserError(
      `${JSON.stringify(escapeText(query))} may mean any of ${found.length}: ${found
        .slice(0, SHOWN)
        .map((each) => escapeText(describeFound(each)))
        .join('; ')}${found.length > SHOWN ? '; …' : ''}.`,
      'Give more of the id, or its kind before it, as in layer:ID.',
    )
  return first
}

export function requireImage(report: Report, query: string): ReportImage {
  const found = requireObject(report, query, ['image'])
  if (found.kind !== 'image') throw new Error(`expected an image, not a ${found.kind}`)
  return found.object
}
