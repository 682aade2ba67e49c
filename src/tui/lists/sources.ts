import type { Report } from '../../report/schema.ts'
import type { Display, Table } from '../../report/table.ts'
import { containerTable } from '../../report/tables/containers.ts'
import { imageRows } from '../../report/tables/images.ts'
import { volumeTable } from '../../report/tables/volumes.ts'
import { totalOf, totalOfImages } from '../../report/totals.ts'
import { containerRef, imageRef, type ObjectRef, refKey, volumeRef } from '../objects.ts'
import type { ListViewId } from '../state.ts'
import { type CacheRow, cacheSource } from './cache-rows.ts'
import { type ForestRow, forestSource } from './forest-rows.ts'
import { listedImages } from './image-columns.ts'
import { createListData, type ListData, type ListSource } from './list-data.ts'
import { withStores } from './store-column.ts'

/** What makes a list, and the lists that it made, by their units; ages in them count to one moment. */
interface Maker {
  readonly make: (display: Display) => ListData
  readonly made: Map<Display['units'], { readonly nowMs: number; readonly data: ListData }>
}

const makers = new WeakMap<Report, Map<string, Maker>>()

/** The rows of a list; the same object for as long as the report and the units are the same. */
export function listData(
  report: Report,
  page: { view: Exclude<ListViewId, 'files'>; all: boolean },
  display: Display,
): ListData {
  const known = makers.get(report) ?? new Map<string, Maker>()
  makers.set(report, known)
  const name = `${page.view} ${page.all}`
  const maker = known.get(name) ?? { make: makerOf(report, page.view, page.all), made: new Map() }
  known.set(name, maker)
  const before = maker.made.get(display.units)
  if (before?.nowMs === display.nowMs) return before.data
  const data = maker.make(display)
  maker.made.set(display.units, { nowMs: display.nowMs, data })
  return data
}

function makerOf(report: Report, view: Exclude<ListViewId, 'files'>, all: boolean): Maker['make'] {
  switch (view) {
    case 'images':
      return madeOf(report, ({ image }) => image.store, {
        rows: imageRows(report.images.filter((image) => all || (!image.intermediate && image.loaded))),
        table: listedImages(report),
        key: ({ image, repository, tag }) => `${refKey(imageRef(image))}\0${repository}:${tag}`,
        ref: ({ image }) => imageRef(image),
        total: (rows) =>
          totalOfImages(
            report,
            rows.map(({ image }) => image),
          ),
      })
    case 'layers':
      return madeOf(report, storeOfForestRow, forestSource(report))
    case 'containers':
      return madeOf(report, ({ store }) => store, {
        ...plainSource(report.containers, containerTable, containerRef),
        total: (rows) =>
          totalOf(
            report,
            rows.map(({ size }) => size.total),
          ),
      })
    case 'volumes':
      return madeOf(report, ({ root }) => root, {
        ...plainSource(report.volumes, volumeTable(report), volumeRef),
        total: (rows) =>
          totalOf(
            report,
            rows.map(({ size }) => size),
          ),
      })
    case 'cache':
      return madeOf(report, storeOfCacheRow, cacheSource(report))
  }
}

function madeOf<T>(report: Report, homeOf: (row: T) => string | null, rows: ListSource<T>): Maker['make'] {
  const source = withStores(report, rows, homeOf)
  return (display) => createListData(source, display)
}

const storeOfForestRow = (row: ForestRow): string | null =>
  row.kind === 'store' ? null : row.line.layer.store

const storeOfCacheRow = (row: CacheRow): string | null => (row.kind === 'group' ? null : row.record.store)

/** A row for each object, which its reference names. */
const plainSource = <T>(
  rows: readonly T[],
  table: Table<T>,
  refOf: (item: T) => ObjectRef,
): ListSource<T> => ({ rows, table, key: (item) => refKey(refOf(item)), ref: refOf })

/** Said where a list has no rows at all. */
export const EMPTY_LISTS: Readonly<Record<ListViewId, string>> = {
  images: 'There are no images here.',
  layers: 'There are no layers here.',
  containers: 'There are no containers here, neither running nor stopped.',
  volumes: 'There are no volumes here.',
  cache: 'There is no build cache here: nothing was built with BuildKit, or it was pruned.',
  files: 'This directory is empty.',
}

/** What the rows of a list are called, one and several. */
export const ROW_NAMES: Readonly<Record<ListViewId, readonly [string, string]>> = {
  images: ['image', 'images'],
  layers: ['layer', 'layers'],
  containers: ['container', 'containers'],
  volumes: ['volume', 'volumes'],
  cache: ['cache record', 'cache records'],
  files: ['entry', 'entries'],
}
