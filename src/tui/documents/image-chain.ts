import { shortId } from '../../model/ids.ts'
import type { ReportImage, ReportLayer } from '../../report/schema.ts'
import { shortPath } from '../../report/tables/layers.ts'
import { padEnd, padStart, truncate } from '../../report/width.ts'
import { layerRef } from '../objects.ts'
import { barText, span } from '../text/line.ts'
import { commandText } from './command-text.ts'
import { counted, type PageContext } from './context.ts'
import type { PageWriter } from './document.ts'
import { containersText, imageNames, someNames } from './names.ts'

const BAR = 10

/** The steps that made an image, base first, each with the layer that it left and with whom that is shared. */
export function writeChain(out: PageWriter, page: PageContext, image: ReportImage): void {
  const steps = chainSteps(page, image)
  const weightOf = (layer: ReportLayer | null): number => layer?.size.disk ?? layer?.size.content ?? 0
  const heaviest = Math.max(0, ...steps.map(({ layer }) => weightOf(layer)))
  out.heading('Chain', `${counted(image.layers.length, 'layer')}, base first`)
  if (steps.length === 0) out.sentence('This image has no layers: it is empty.', 'plain')
  let number = 0
  for (const [index, step] of steps.entries()) {
    const { layer, layerId } = step
    const command = step.command === '' ? span('no command is recorded', 'faint') : span(step.command)
    if (layerId === null) {
      const why = step.isEmpty ? 'no layer' : 'layer unknown'
      out.add(
        span(' '.repeat(4 + BAR + 1)),
        span(padStart(why, page.bytesColumn(0).length), 'faint'),
        span('  '),
        span(step.command, 'faint'),
      )
      continue
    }
    number++
    const others = layer === null ? [] : layer.images.filter((id) => id !== image.id)
    const bar = padEnd(barText(weightOf(layer), heaviest, BAR, page.look), BAR)
    const figures = [
      span(`${padStart(String(number), 3)} `, 'faint'),
      span(bar, others.length > 0 ? 'barFaint' : 'bar'),
      span(
        ` ${page.bytesColumn(layer?.size.disk ?? layer?.size.content ?? null)}${page.look.plain ? ' in this layer' : ''}  `,
      ),
      command,
    ]
    const target = layer === null ? null : ({ kind: 'object', ref: layerRef(layer) } as const)
    out.item(`step ${index}`, target, () => {
      out.add(...figures)
      out.add(
        span(
          `    ${layerLine(page, layerId, layer, others, out.width - 4)}`,
          layer?.path ? 'faint' : 'error',
        ),
      )
    })
  }
}

/** A step with the layer that it left, or a layer of which no step tells. */
interface ChainStep {
  readonly command: string
  readonly layer: ReportLayer | null
  readonly layerId: string | null
  readonly isEmpty: boolean
}

function chainSteps(page: PageContext, image: ReportImage): ChainStep[] {
  const layerOf = (id: string): ReportLayer | null =>
    page.index.layer({ kind: 'layer', home: image.store, id }) ?? null
  const told = new Set(image.history.flatMap(({ layer }) => layer ?? []))
  const untold = image.layers
    .filter((id) => !told.has(id))
    .map((id) => ({ command: '', layer: layerOf(id), layerId: id, isEmpty: false }))
  const steps = image.history.map((step) => ({
    command: commandText(step.createdBy) || step.comment,
    layer: step.layer === null ? null : layerOf(step.layer),
    layerId: step.layer,
    isEmpty: step.emptyLayer,
  }))
  return [...untold, ...steps]
}

/** The second line of a step: id, directory, and with whom it is shared. */
function layerLine(
  page: PageContext,
  id: string,
  layer: ReportLayer | null,
  others: readonly string[],
  width: number,
): string {
  const { between, ellipsis } = page.glyphs
  if (layer === null) return `${shortId(id)} ${between} the layer is missing`
  const room = Math.max(12, width - 12 - 6)
  const where = layer.path === null ? 'files missing' : shortPath(layer.path)
  const users = usersText(page, layer, others, Math.max(16, room - where.length))
  return `${shortId(id)} ${between} ${users} ${between} ${truncate(where, Math.max(12, room - users.length), ellipsis)}`
}

function usersText(page: PageContext, layer: ReportLayer, others: readonly string[], room: number): string {
  const names = imageNames(page, layer.store, others)
  if (names.length === 0) {
    const steps = others.length - names.length
    const containers = containersText(page, layer.store, layer.containers)
    const also = [
      containers && `below ${containers}`,
      steps > 0 ? `in ${counted(steps, 'step')} of builds` : '',
      layer.cacheRecords.length > 0 ? 'in the build cache' : '',
    ]
    return ['only here', ...also.filter((each) => each !== '')].join(' and ')
  }
  return `also in ${someNames(names, Math.max(16, room - 8), page.glyphs.ellipsis)}`
}
