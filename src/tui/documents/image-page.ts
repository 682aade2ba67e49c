import { shortId } from '../../model/ids.ts'
import type { ReportImage, ReportLayer } from '../../report/schema.ts'
import { shortPath } from '../../report/tables/layers.ts'
import { padEnd, padStart, truncate } from '../../report/width.ts'
import { imageRef, layerRef } from '../objects.ts'
import { barText, span } from '../text/line.ts'
import { commandText } from './command-text.ts'
import { counted, type PageContext } from './context.ts'
import type { PageWriter } from './document.ts'
import { writeContainers, writeEvidence, writeFindings, writeLabels } from './parts.ts'

/** An image: its names and sizes, then its chain from the base up with the step that made each layer. */
export function writeImagePage(out: PageWriter, page: PageContext, image: ReportImage): void {
  const ref = imageRef(image)
  out.id('Id', image.id)
  for (const [index, tag] of image.tags.entries()) out.field(index === 0 ? 'Tags' : '', tag, 'strong')
  for (const [index, digest] of image.digests.entries()) out.field(index === 0 ? 'Digests' : '', digest)
  const marks = [
    image.dangling ? 'dangling' : '',
    image.intermediate ? 'a step of a build' : '',
    image.loaded ? '' : 'not loaded by the engine',
    [image.os, image.architecture].filter((part) => part !== null).join('/'),
  ].filter((mark) => mark !== '')
  out.field('Made', `${page.age(image.created)}  ${marks.join(', ')}`.trimEnd())
  writeSizes(out, page, image)
  writeChain(out, page, image)
  writeContainers(out, page, 'Containers', image.store, image.containers)
  writeParent(out, page, image)
  const { entrypoint, command, workingDirectory, user } = image.config
  if (entrypoint.length + command.length > 0 || workingDirectory !== '' || user !== '') {
    out.heading('Runs')
    if (entrypoint.length > 0) out.field('Entrypoint', JSON.stringify(entrypoint))
    if (command.length > 0) out.field('Command', JSON.stringify(command))
    if (workingDirectory !== '') out.field('Directory', workingDirectory)
    if (user !== '') out.field('User', user)
  }
  writeLabels(out, 'Labels', image.labels)
  writeFindings(out, page, ref)
  writeEvidence(out, page, ref, image.evidence)
}

function writeSizes(out: PageWriter, page: PageContext, { size }: ReportImage): void {
  const { bytes } = page
  out.field(
    'Size',
    `${bytes(size.engine)} as the engine lists it: ${bytes(size.shared)} shared, ${bytes(size.unique)} of its own`,
  )
  out.field('On disk', size.disk === null ? 'not measured' : `${bytes(size.disk)}, shared layers included`)
  const freed = size.freedIfRemoved.disk ?? size.freedIfRemoved.content
  out.field(
    'Removing it',
    freed === 0
      ? 'frees nothing: other images, containers or the build cache hold all of its layers'
      : `frees ${bytes(freed)}${size.freedIfRemoved.disk === null ? ' (recorded)' : ' of disk'}`,
    freed === 0 ? 'plain' : 'good',
  )
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

const BAR = 10

function writeChain(out: PageWriter, page: PageContext, image: ReportImage): void {
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
    const others = layer === null ? 0 : layer.images.filter((id) => id !== image.id).length
    const bar = padEnd(barText(weightOf(layer), heaviest, BAR, page.look), BAR)
    const figures = [
      span(`${padStart(String(number), 3)} `, 'faint'),
      span(bar, others > 0 ? 'barFaint' : 'bar'),
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

/** The second line of a step: id, directory, and with whom it is shared. */
function layerLine(
  page: PageContext,
  id: string,
  layer: ReportLayer | null,
  others: number,
  width: number,
): string {
  const { between, ellipsis } = page.glyphs
  if (layer === null) return `${shortId(id)} ${between} the layer is missing`
  const alone = layer.cacheRecords.length > 0 ? 'only here and in the build cache' : 'only here'
  const users = others === 0 ? alone : `also in ${counted(others, 'image')}`
  const where = layer.path === null ? 'files missing' : shortPath(layer.path)
  const room = Math.max(12, width - 12 - users.length - 6)
  return `${shortId(id)} ${between} ${users} ${between} ${truncate(where, room, ellipsis)}`
}

function writeParent(out: PageWriter, page: PageContext, image: ReportImage): void {
  if (image.parent === null) return
  const parent = page.index.image({ kind: 'image', home: image.store, id: image.parent })
  out.heading('Parent image')
  if (parent === undefined) {
    out.sentence(`${image.parent} is not here any more.`, 'faint')
    return
  }
  out.item('parent', { kind: 'object', ref: imageRef(parent) }, () =>
    out.add(span(shortId(parent.id)), span(`  ${parent.tags.join(', ')}`)),
  )
}
