import type { Catalog } from '../../analysis/catalog.ts'
import { summariseLayers, sumOf } from '../../analysis/files/layer-summaries.ts'
import { rollUp } from '../../analysis/files/roll-up.ts'
import { stackLayers } from '../../analysis/files/stack-layers.ts'
import { escapeText } from '../../report/escape.ts'
import { changeJson, type FilesAnswer, filesJson } from '../../report/files-json.ts'
import { describeFound, type Found, findObjects } from '../../report/find-object.ts'
import type { Report } from '../../report/schema.ts'
import { renderCsv, renderTable } from '../../report/table.ts'
import { fileTable, wastedTable } from '../../report/tables/files.ts'
import { layerSummaryTable } from '../../report/tables/layer-summaries.ts'
import { formatBytes } from '../../report/units.ts'
import { type Chain, readChain } from '../../scan/layer-files/read-chain.ts'
import { openTree } from '../../scan/open-tree.ts'
import { UserError } from '../exit.ts'
import { type CommonOptions, displayOf } from '../options.ts'
import { renderJson, selectItems } from '../render.ts'
import type { Session } from '../session.ts'
import { requireObject } from './find.ts'

/** What `files` takes beyond the common options. */
export interface FilesOptions {
  /** Rows of each table; null where the screen decides. */
  readonly limit: number | null
  /** Directories deeper than this are summed up; null for every file on its own. */
  readonly depth: number | null
}

/** `files`: what every layer of an image or container, or one layer, adds, changes and removes, and what is wasted. */
export function files(session: Session, options: CommonOptions, query: string, own: FilesOptions): string {
  const found = requireStacked(session.report, query)
  const answer = answerFor(session, found, own.depth)
  const changes = selectItems(fileTable, answer.changes, options, session.nowMs)
  switch (options.format) {
    case 'json':
      return renderJson(filesJson({ ...answer, changes: limited(changes, own.limit) }))
    case 'ndjson':
      return limited(changes, own.limit)
        .map((change) => JSON.stringify(changeJson(change)))
        .join('\n')
    case 'csv':
      return renderCsv(fileTable, limited(changes, own.limit), displayOf(options, session.nowMs))
    case 'table':
      return asText(session, options, { ...answer, changes }, found, own.limit)
  }
}

/** In the old layout an image and its top layer have one id: then the image is meant. */
function requireStacked(report: Report, query: string): Found {
  const first = (['image', 'container'] as const).find(
    (kind) => findObjects(report, query, [kind]).length > 0,
  )
  return requireObject(report, query, first === undefined ? ['image', 'container', 'layer'] : [first])
}

const limited = <T>(items: readonly T[], limit: number | null): readonly T[] =>
  limit === null ? items : items.slice(0, limit)

function answerFor({ catalog, isSample }: Session, found: Found, depth: number | null): FilesAnswer {
  const chain = chainOf(catalog, found)
  const tree = openTree(chain.store.root, isSample)
  if (tree === null) throw new UserError(`${chain.store.root} cannot be read any more.`)
  const listed = readChain(tree, chain)
  const stacked = stackLayers(listed)
  const layers = summariseLayers(listed, stacked)
  // Of a layer or a container, its own part of the chain is asked for; what lies below is there to compare with.
  const from = found.kind === 'image' ? 1 : listed.length
  const wasted = stacked.wasted
    .filter((file) => file.hiddenBy >= from)
    .toSorted((a, b) => (b.diskBytes ?? b.contentBytes) - (a.diskBytes ?? a.contentBytes))
  return {
    subject: { kind: found.kind, id: idOf(found), name: describeFound(found) },
    root: chain.store.root,
    store: chain.store.id,
    layers: layers.filter((layer) => layer.number >= from),
    changes: rollUp(
      stacked.changes.filter((change) => change.layer >= from),
      depth,
    ),
    wasted,
    wastedSum: sumOf(wasted),
    estimated: isSample,
  }
}

const idOf = (found: Found): string => (found.kind === 'volume' ? found.object.name : found.object.id)

/** The layers that lie below each other, with the container's own on top. Throws UserError where there are none. */
function chainOf(catalog: Catalog, found: Found): Chain {
  const at = found.kind === 'volume' ? undefined : catalog.store(found.object.store)
  const layersOf = (ids: readonly string[]) =>
    ids.flatMap((id) => {
      const layer = at?.layers.get(id)
      return layer === undefined ? [] : [layer]
    })
  if (at !== undefined && found.kind === 'image')
    return { store: at.store, layers: layersOf(found.object.layers), container: null }
  if (at !== undefined && found.kind === 'layer')
    return { store: at.store, layers: layersOf(at.chainTo(found.object.id)), container: null }
  if (at !== undefined && found.kind === 'container') {
    const { id, baseLayer } = found.object
    const container = catalog.model.containers.find((each) => each.id === id && each.store === at.store.id)
    if (container !== undefined)
      return {
        store: at.store,
        layers: baseLayer === null ? [] : layersOf(at.chainTo(baseLayer)),
        container,
      }
  }
  throw new UserError(`It is not known which layers ${escapeText(describeFound(found))} is made of.`)
}

const SECTIONS_ROWS = 9

/** How many rows each of the tables may have; all where there is no screen that they should fit. */
function rowsFor(limit: number | null): { files: number; wasted: number } {
  if (limit !== null) return { files: limit, wasted: limit }
  if (!process.stdout.isTTY) return { files: Number.POSITIVE_INFINITY, wasted: 20 }
  const room = Math.max(6, (process.stdout.rows ?? 24) - SECTIONS_ROWS)
  return { files: Math.ceil(room / 2), wasted: Math.max(3, Math.floor(room / 5)) }
}

function asText(
  session: Session,
  options: CommonOptions,
  answer: FilesAnswer,
  found: Found,
  limit: number | null,
): string {
  const { layers, changes, wasted, wastedSum } = answer
  const display = displayOf(options, session.nowMs)
  const { units } = display
  const rows = rowsFor(limit)
  const shownLayers = layers
    .toSorted((a, b) => (b.size?.contentBytes ?? 0) - (a.size?.contentBytes ?? 0))
    .slice(0, rows.files)
    .toSorted((a, b) => a.number - b.number)
  const lines = [
    `${escapeText(describeFound(found))}: ${plural(layers.length, 'layer')}, ${plural(changes.length, 'entry', 'entries')}`,
    renderTable(layerSummaryTable, shownLayers, display),
    ...more(layers.length - shownLayers.length, 'the largest are shown'),
    '',
    renderTable(fileTable, changes.slice(0, rows.files), display),
    ...more(
      changes.length - rows.files,
      '--limit shows more, --depth 2 sums up directories, --json lists all',
    ),
    '',
    wasted.length === 0
      ? 'Nothing is wasted: no later layer replaces or removes a file of an earlier one.'
      : `Wasted: ${formatBytes(wastedSum.diskBytes, units)} on disk, ${formatBytes(wastedSum.contentBytes, units)} of content in ${plural(wasted.length, 'file')} that a later layer replaces or removes.`,
    ...(wasted.length === 0 ? [] : [renderTable(wastedTable, wasted.slice(0, rows.wasted), display)]),
    ...more(wasted.length - rows.wasted, '--json lists all'),
    ...notes(answer),
  ]
  return lines.join('\n')
}

const more = (count: number, what: string): string[] => (count > 0 ? [`and ${count} more; ${what}`] : [])

const plural = (count: number, one: string, many = `${one}s`): string =>
  `${count} ${count === 1 ? one : many}`

/** What a reader must know to take the figures rightly. */
function notes({ layers, estimated }: FilesAnswer): string[] {
  const unclear = layers.reduce((sum, layer) => sum + layer.unclear, 0)
  return [
    ...layers.flatMap(({ number, problems }) =>
      problems.map((problem) => `Layer ${number}: ${escapeText(problem)}.`),
    ),
    ...(unclear > 0
      ? [
          `${plural(unclear, 'directory', 'directories')} may hide what lies below: the mark for that is an extended attribute, which is not read here. None was taken to hide anything.`,
        ]
      : []),
    ...(estimated ? ['Disk bytes are estimated: an archive records lengths only.'] : []),
  ]
}
