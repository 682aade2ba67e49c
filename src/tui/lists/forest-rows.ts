import { shortId } from '../../model/ids.ts'
import { type ForestLine, layerForest } from '../../report/forest.ts'
import type { Report, ReportStore } from '../../report/schema.ts'
import { type Display, tableFor } from '../../report/table.ts'
import { layerTable } from '../../report/tables/layers.ts'
import { totalOf } from '../../report/totals.ts'
import { formatBytes } from '../../report/units.ts'
import { counted } from '../documents/context.ts'
import { layerRef, type ObjectRef, refKey } from '../objects.ts'
import { type Line, type Span, span } from '../text/line.ts'
import { glyphsOf, type Look } from '../text/look.ts'
import { drawBranches } from './branches.ts'
import type { ListSource, TreePlace } from './list-data.ts'

/** A row of the Layers view: a store as a heading where there are several, or a layer. */
export type ForestRow =
  | {
      readonly kind: 'store'
      readonly store: ReportStore
      readonly layers: number
      /** On disk; null where it is not known of all layers. */
      readonly disk: number | null
    }
  | { readonly kind: 'layer'; readonly line: ForestLine }

/** What stands before a row, and before those that stand on it. */
interface Branch {
  readonly before: string
  readonly below: string
}

const SHOWN_NAMES = 6

/** The forest of every store, as rows with their places in the tree. */
export function forestSource(report: Report): ListSource<ForestRow> {
  const rows = forestRows(report)
  const places = treePlaces(rows)
  const layers = layerTable(report)
  const containerNames = new Map(report.containers.map(({ id, name }) => [id, name || shortId(id)]))
  return {
    rows,
    table: tableFor(layers, (row) => (row.kind === 'store' ? null : row.line.layer)),
    key: (row) => (row.kind === 'store' ? `store\0${row.store.id}` : refKey(layerRef(row.line.layer))),
    ref: (row): ObjectRef | null => (row.kind === 'store' ? null : layerRef(row.line.layer)),
    isHeading: (row) => row.kind === 'store',
    tree: (row) => places[row] ?? { prefix: '', below: 0, parent: null },
    total: (shown) =>
      totalOf(
        report,
        shown.flatMap((row) => (row.kind === 'store' ? [] : [row.line.layer.size])),
      ),
    withHidden: (row) =>
      row.kind === 'store'
        ? row
        : { ...row, line: { ...row.line, layer: { ...row.line.layer, size: row.line.withAbove } } },
    treeCell: (row, index, folded, look, display) =>
      row.kind === 'store'
        ? storeCell(row, folded, look, display)
        : layerCell(row.line, places[index], folded, look, (id) => containerNames.get(id) ?? shortId(id)),
  }
}

function forestRows(report: Report): ForestRow[] {
  const forests = report.stores
    .map((store) => ({ store, lines: layerForest(report, store.id) }))
    .filter(({ lines }) => lines.length > 0)
  return forests.flatMap(({ store, lines }) => [
    ...(forests.length > 1
      ? [{ kind: 'store', store, layers: lines.length, disk: diskOf(lines) } as const]
      : []),
    ...lines.map((line) => ({ kind: 'layer', line }) as const),
  ])
}

const diskOf = (lines: readonly ForestLine[]): number | null =>
  lines.reduce<number | null>(
    (sum, { layer: { size } }) => (sum === null || size.disk === null ? null : sum + size.disk),
    0,
  )

/** A chain goes straight down; only where it branches do its layers move to the right. */
function treePlaces(rows: readonly ForestRow[]): TreePlace[] {
  const indexOfLayer = new Map<string, number>()
  const branches: Branch[] = []
  const parents: (number | null)[] = []
  const childCounts: number[] = rows.map(() => 0)
  let heading: number | null = null
  for (const [index, row] of rows.entries()) {
    if (row.kind === 'store') {
      heading = index
      parents.push(null)
      continue
    }
    const { layer } = row.line
    const known = layer.parent === null ? undefined : indexOfLayer.get(`${layer.store}\0${layer.parent}`)
    const parent = known ?? heading
    parents.push(parent)
    if (parent !== null) childCounts[parent] = (childCounts[parent] ?? 0) + 1
    indexOfLayer.set(`${layer.store}\0${layer.id}`, index)
  }
  const below: number[] = rows.map(() => 0)
  for (let index = rows.length - 1; index >= 0; index--) {
    const parent = parents[index]
    if (typeof parent === 'number') below[parent] = (below[parent] ?? 0) + (below[index] ?? 0) + 1
  }
  return rows.map((row, index) => {
    const parent = parents[index] ?? null
    const branch = branchOf(
      row,
      parent === null ? null : rows[parent],
      parent === null ? undefined : branches[parent],
      childCounts[parent ?? -1] ?? 0,
    )
    branches[index] = branch
    return { prefix: branch.before, below: below[index] ?? 0, parent }
  })
}

function branchOf(
  row: ForestRow,
  parent: ForestRow | null | undefined,
  above: Branch | undefined,
  siblings: number,
): Branch {
  if (row.kind === 'store' || parent?.kind !== 'layer' || above === undefined)
    return { before: '', below: '' }
  if (siblings === 1) return { before: above.below, below: above.below }
  return row.line.isLast
    ? { before: `${above.below}L`, below: `${above.below} ` }
    : { before: `${above.below}B`, below: `${above.below}T` }
}

function storeCell(
  { store, layers, disk }: Extract<ForestRow, { kind: 'store' }>,
  folded: boolean,
  look: Look,
  { units }: Display,
): Line {
  const { folded: foldedMark } = glyphsOf(look)
  return [
    span(folded ? `${foldedMark} ` : ''),
    span(`${store.layout}/${store.driver}`, 'strong'),
    span(
      `${store.active === false ? ' (hidden)' : ''} ${counted(layers, 'layer')}${folded && disk !== null ? `, ${formatBytes(disk, units)},` : ''} in ${store.root}`,
      'faint',
    ),
  ]
}

function layerCell(
  forestLine: ForestLine,
  place: TreePlace | undefined,
  folded: boolean,
  look: Look,
  containerName: (id: string) => string,
): Line {
  const { layer, topOf } = forestLine
  const glyphs = glyphsOf(look)
  const notes: Span[] = []
  if (folded) notes.push(span(`  +${place?.below ?? 0} above`, 'faint'))
  if (layer.path === null) notes.push(span('  files missing', 'error'))
  if (topOf.length > 0) notes.push(span(`  ${glyphs.topOf} ${someOf(topOf)}`))
  if (layer.containers.length > 0 && topOf.length === 0)
    notes.push(
      span(
        `  ${layer.containers.length === 1 ? 'container' : 'containers'} ${someOf(layer.containers.slice(0, SHOWN_NAMES + 1).map(containerName), layer.containers.length)}`,
        'faint',
      ),
    )
  if (layer.images.length + layer.containers.length + layer.cacheRecords.length === 0)
    notes.push(span('  unused', 'warning'))
  else if (layer.images.length + layer.containers.length === 0) notes.push(span('  build cache', 'faint'))
  return [
    span(drawBranches(place?.prefix ?? '', look), 'faint'),
    span(`${folded ? glyphs.folded : glyphs.layer} `),
    span(shortId(layer.id), topOf.length > 0 ? 'strong' : 'plain'),
    ...notes,
  ]
}

function someOf(names: readonly string[], count = names.length): string {
  const shown = names.slice(0, SHOWN_NAMES).join(', ')
  return count > SHOWN_NAMES ? `${shown} and ${count - SHOWN_NAMES} more` : shown
}
