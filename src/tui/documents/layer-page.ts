import { shortId } from '../../model/ids.ts'
import type { ReportLayer } from '../../report/schema.ts'
import { cacheRef, layerRef, refKey } from '../objects.ts'
import { span } from '../text/line.ts'
import { commandText } from './command-text.ts'
import { counted, type PageContext } from './context.ts'
import type { PageWriter } from './document.ts'
import { writeContainers, writeEvidence, writeFiles, writeFindings, writeImages } from './parts.ts'

/** A layer: where it stands, what it weighs, which step made it, and who uses it. */
export function writeLayerPage(out: PageWriter, page: PageContext, layer: ReportLayer): void {
  const ref = layerRef(layer)
  out.id('Id', layer.id)
  if (layer.diffId !== null) out.id('Diff id', layer.diffId)
  if (layer.cacheId !== null) out.id('Cache id', layer.cacheId)
  writeFiles(out, page, layer.size, {
    root: page.index.rootOf(ref),
    path: layer.path,
    missing: 'its files are missing',
  })
  out.field(
    'Place',
    layer.depth === 1 ? 'the base of its chain' : `number ${layer.depth} of its chain, the base being 1`,
  )
  if (!layer.loaded) out.field('', 'the engine does not load it', 'warning')
  const command = madeBy(page, layer)
  if (command !== '') out.field('Made by', command)
  writeNeighbours(out, page, layer)
  if (layer.images.length + layer.containers.length + layer.cacheRecords.length === 0)
    out.field('Used by', 'nothing that is recorded', 'warning')
  const filter = `layer=${shortId(layer.id)}`
  writeImages(out, page, 'Images', layer.store, layer.images, {
    kind: 'list',
    view: 'images',
    filter,
    all: true,
  })
  writeContainers(out, page, 'Containers', layer.store, layer.containers, {
    kind: 'list',
    view: 'containers',
    filter,
  })
  writeRecords(out, page, layer)
  writeFindings(out, page, ref)
  writeEvidence(out, page, ref, layer.evidence)
}

/** The command of the step that left the layer, in the words of the first image that tells. */
function madeBy(page: PageContext, layer: ReportLayer): string {
  for (const id of layer.images) {
    const image = page.index.image({ kind: 'image', home: layer.store, id })
    const step = image?.history.find((each) => each.layer === layer.id)
    if (step !== undefined) return commandText(step.createdBy) || step.comment
  }
  return ''
}

function writeNeighbours(out: PageWriter, page: PageContext, layer: ReportLayer): void {
  const describe = (other: ReportLayer) => [
    span(shortId(other.id)),
    span(`  ${page.bytesColumn(other.size.disk ?? other.size.content)}`),
    span(`  ${counted(other.images.length, 'image')}`, 'faint'),
  ]
  if (layer.parent !== null) {
    const parent = page.index.layer({ kind: 'layer', home: layer.store, id: layer.parent })
    if (parent === undefined) out.field('Stands on', `${layer.parent}, which is missing`, 'error')
    else out.link('Stands on', 'parent', layerRef(parent), ...describe(parent))
  }
  for (const [index, child] of page.index.children(layer).entries())
    out.link(
      index === 0 ? 'Above it' : '',
      `child ${refKey(layerRef(child))}`,
      layerRef(child),
      ...describe(child),
    )
}

function writeRecords(out: PageWriter, page: PageContext, layer: ReportLayer): void {
  if (layer.cacheRecords.length === 0) return
  out.heading('Build cache', String(layer.cacheRecords.length))
  for (const id of layer.cacheRecords) {
    const record = page.index.cacheRecord({ kind: 'cache-record', home: layer.store, id })
    if (record === undefined) continue
    out.item(`record ${id}`, { kind: 'object', ref: cacheRef(record) }, () =>
      out.add(span(shortId(id)), span(`  ${record.description}`)),
    )
  }
}
