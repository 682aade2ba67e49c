import { type CacheKind, cacheKinds } from '../../report/cache-kinds.ts'
import type { Report, ReportCacheRecord } from '../../report/schema.ts'
import { type Display, tableFor } from '../../report/table.ts'
import { cacheTable } from '../../report/tables/cache.ts'
import { totalOfCache } from '../../report/totals.ts'
import { formatAge, formatBytes } from '../../report/units.ts'
import { cacheRef, refKey } from '../objects.ts'
import { type Line, span } from '../text/line.ts'
import { glyphsOf, type Look } from '../text/look.ts'
import type { ListSource, TreePlace } from './list-data.ts'

/** A row of the build cache: a kind with what it comes to, or a record of it. */
export type CacheRow =
  | { readonly kind: 'group'; readonly group: CacheKind }
  | { readonly kind: 'record'; readonly record: ReportCacheRecord }

/** The build cache by kind, each kind a heading that its records follow. */
export function cacheSource(report: Report): ListSource<CacheRow> {
  const rows: CacheRow[] = []
  const places: TreePlace[] = []
  for (const group of cacheKinds(report)) {
    const parent = rows.length
    rows.push({ kind: 'group', group })
    places.push({ prefix: '', below: group.records.length, parent: null })
    for (const [index, record] of group.records.entries()) {
      rows.push({ kind: 'record', record })
      places.push({ prefix: index === group.records.length - 1 ? 'L' : 'B', below: 0, parent })
    }
  }
  return {
    rows,
    table: tableFor(cacheTable, (row) => (row.kind === 'group' ? null : row.record)),
    key: (row) => (row.kind === 'group' ? `kind\0${row.group.type}` : refKey(cacheRef(row.record))),
    ref: (row) => (row.kind === 'group' ? null : cacheRef(row.record)),
    isHeading: (row) => row.kind === 'group',
    total: (shown) =>
      totalOfCache(
        report,
        shown.flatMap((row) => (row.kind === 'group' ? [] : [row.record])),
      ),
    tree: (row) => places[row] ?? { prefix: '', below: 0, parent: null },
    treeCell: (row, _, folded, look, display) =>
      row.kind === 'group' ? groupCell(row.group, folded, look, display) : [],
  }
}

function groupCell(group: CacheKind, folded: boolean, look: Look, { units, nowMs }: Display): Line {
  const glyphs = glyphsOf(look)
  const count = `${group.records.length} ${group.records.length === 1 ? 'record' : 'records'}`
  const { own, withImages } = group.disk
  const disk = own === null ? '' : `, ${formatBytes(own, units)} its own`
  const shared =
    withImages === null || withImages === 0 ? '' : `, ${formatBytes(withImages, units)} shared with images`
  const oldest = group.oldestUse === null ? '' : `, idle up to ${lasting(group.oldestUse, nowMs)}`
  return [
    span(`${folded ? glyphs.folded : glyphs.layer} `),
    span(group.type, 'strong'),
    span(
      `  ${count}${disk}${shared}, ${formatBytes(group.reclaimable, units)} reclaimable${oldest}`,
      'faint',
    ),
  ]
}

const lasting = (time: string, nowMs: number): string => formatAge(time, nowMs).replace(/ ago$/, '')
