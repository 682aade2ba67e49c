import { shortId } from '../../model/ids.ts'
import { type ChainPart, chainParts } from '../../report/chain-parts.ts'
import type { ReportImage } from '../../report/schema.ts'
import { percent } from '../../report/units.ts'
import { padEnd, padStart } from '../../report/width.ts'
import { span, stackedBar } from '../text/line.ts'
import type { PageContext } from './context.ts'
import type { PageWriter, Target } from './document.ts'
import { containersText, imageNames, someNames } from './names.ts'

const PLACES = 13
/** On fewer columns than that names are worth more than bars. */
const NARROW = 56

/** An image's chain as a stack that lies on its side, its base left: how much of it is shared with whom. */
export function writeParts(out: PageWriter, page: PageContext, image: ReportImage): void {
  const home = image.store
  const parts = chainParts(image, {
    layer: (id) => page.index.layer({ kind: 'layer', home, id }),
    image: (id) => page.index.image({ kind: 'image', home, id }),
  })
  if (parts.length === 0) return
  const bytesOf = (part: ChainPart): number => part.disk ?? part.content ?? 0
  const total = parts.reduce((sum, part) => sum + bytesOf(part), 0)
  out.heading('Shared', 'how much of it with whom, base first')
  const width = page.look.plain || out.width < NARROW ? 0 : out.width < 100 ? 16 : 32
  const figures = page.bytesColumn(0).length + 5 + 2 + PLACES + (width === 0 ? 0 : width + 1)
  let below = 0
  for (const [index, part] of parts.entries()) {
    const bytes = bytesOf(part)
    const bar = stackedBar(below, bytes, total, width, page.look)
    below += bytes
    const users = usersText(page, home, part, parts[index + 1], out.width - figures)
    out.item(`part ${part.first}`, targetOf(home, part), () =>
      out.add(
        span(width === 0 ? '' : `${padEnd(bar, width)} `, part.others.length > 0 ? 'barFaint' : 'bar'),
        span(`${page.bytesColumn(part.disk ?? part.content)}${padStart(percent(bytes, total), 5)}  `),
        span(padEnd(placesText(part), PLACES), 'faint'),
        span(users, part.others.length > 0 ? 'plain' : 'good'),
      ),
    )
  }
}

const placesText = ({ first, last }: ChainPart): string =>
  first === last ? `layer ${first}` : `layers ${first}-${last}`

/** Those that end with this part are named first: they share exactly that much. */
function usersText(
  page: PageContext,
  home: string,
  part: ChainPart,
  above: ChainPart | undefined,
  room: number,
): string {
  if (part.others.length === 0) {
    const containers = containersText(page, home, part.containers)
    // Steps of builds go with the image; a container does not.
    const steps = part.inSteps && containers === '' ? 'in steps of builds' : ''
    const also = [containers && `below ${containers}`, steps, part.inCache ? 'in the build cache' : '']
    return ['only here', ...also.filter((each) => each !== '')].join(' and ')
  }
  const further = new Set(above?.others)
  const ending = part.others.filter((id) => !further.has(id))
  const names = [
    ...imageNames(page, home, ending),
    ...imageNames(
      page,
      home,
      part.others.filter((id) => further.has(id)),
    ),
  ]
  return `with ${someNames(names, room - 5, page.glyphs.ellipsis)}`
}

/** Shared layers lead to the images that have them, one's own to the topmost layer. */
function targetOf(home: string, part: ChainPart): Target {
  if (part.others.length === 0) return { kind: 'object', ref: { kind: 'layer', home, id: part.top } }
  return { kind: 'list', view: 'images', filter: `layer=${shortId(part.top)}` }
}
