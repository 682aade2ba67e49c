import { shortId } from '../../model/ids.ts'
import { escapeText } from '../../report/escape.ts'
import { type ForestLine, layerForest } from '../../report/forest.ts'
import type { Report } from '../../report/schema.ts'
import { formatBytes } from '../../report/units.ts'
import { padEnd, padStart } from '../../report/width.ts'
import { type CommonOptions, displayOf } from '../options.ts'
import { renderJson, requireFormat } from '../render.ts'
import type { Session } from '../session.ts'
import { requireImage } from './find.ts'

const UNICODE = { branch: '├─', last: '└─', through: '│ ', blank: '  ', below: '│', top: '◀' }
const ASCII = { branch: '|-', last: '`-', through: '| ', blank: '  ', below: '|', top: '<' }

/** `tree`: the layers of every store as a forest, or the chain of one image. */
export function tree({ report, nowMs }: Session, options: CommonOptions, query?: string): string {
  requireFormat(options, ['table', 'json', 'ndjson'])
  const chosen = query === undefined ? undefined : requireImage(report, query)
  const stores = report.stores.filter((store) => chosen === undefined || store.id === chosen.store)
  const forests = stores.map((store) => ({ store, lines: layerForest(report, store.id, chosen) }))
  if (options.format !== 'table') {
    const trees = forests.map(({ store, lines }) => ({
      store: store.id,
      layers: lines.map(({ layer, depth, topOf }) => ({
        id: layer.id,
        parent: layer.parent,
        depth,
        size: layer.size,
        topOf,
        images: layer.images,
        containers: layer.containers,
      })),
    }))
    return options.format === 'json'
      ? renderJson(trees)
      : trees.map((each) => JSON.stringify(each)).join('\n')
  }
  const display = displayOf(options, nowMs)
  const marks = options.ascii ? ASCII : UNICODE
  const text = forests.flatMap(({ store, lines }) => [
    `${escapeText(store.root)} ${store.layout}/${store.driver}: ${lines.length} layers, ${report.images.filter((each) => each.store === store.id).length} images`,
    ...lines.map((line) =>
      forestText(line, marks, report, (bytes) => formatBytes(bytes, display.units), display.truncate),
    ),
    '',
  ])
  return text.join('\n').trimEnd()
}

function forestText(
  line: ForestLine,
  marks: typeof UNICODE,
  report: Report,
  bytes: (value: number | null) => string,
  truncate: boolean,
): string {
  const { layer } = line
  // The first level stands at the left edge: its lines would connect nothing.
  const levels = [...line.guides, !line.isLast].slice(1).map((more) => (more ? marks.through : marks.blank))
  const branch =
    line.depth === 0
      ? ''
      : line.continuesChain
        ? (levels.at(-1) ?? '')
        : line.isLast
          ? marks.last
          : marks.branch
  const guides = levels.slice(0, -1).join('')
  const id = truncate ? shortId(layer.id) : layer.id
  const users = layer.images.length === 1 ? '1 image' : `${layer.images.length} images`
  const notes = [
    users,
    ...(layer.containers.length > 0 ? [containerNames(report, layer.containers)] : []),
    ...(line.topOf.length > 0 ? [`${marks.top} ${line.topOf.join(', ')}`] : []),
    ...(layer.path === null ? ['files missing'] : []),
  ]
  const size = `${padStart(bytes(layer.size.content), 8)} ${padStart(bytes(layer.size.disk), 8)}`
  return `${size}  ${padEnd(guides + branch + id, 16)} ${escapeText(notes.join('  '))}`
}

function containerNames(report: Report, ids: readonly string[]): string {
  const names = ids.map(
    (id) => report.containers.find((container) => container.id === id)?.name || shortId(id),
  )
  const shown = names.slice(0, 3).join(', ')
  return `${names.length === 1 ? 'container' : 'containers'} ${shown}${names.length > 3 ? ', …' : ''}`
}
