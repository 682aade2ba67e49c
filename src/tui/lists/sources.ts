import { imageLabel } from '../../report/forest.ts'
import type { Report } from '../../report/schema.ts'
import { type Display, type Table, textCell } from '../../report/table.ts'
import { containerTable } from '../../report/tables/containers.ts'
import { type ImageRow, imageRows, imageTable } from '../../report/tables/images.ts'
import { volumeTable } from '../../report/tables/volumes.ts'
import { containerRef, imageRef, type ObjectRef, refKey, volumeRef } from '../objects.ts'
import type { ListViewId } from '../state.ts'
import { cacheSource } from './cache-rows.ts'
import { forestSource } from './forest-rows.ts'
import { createListData, type ListData, type ListSource } from './list-data.ts'

const known = new WeakMap<Report, Map<string, ListData>>()

/** The rows of a list; the same object for as long as the report and the units are the same. */
export function listData(
  report: Report,
  page: { view: Exclude<ListViewId, 'files'>; all: boolean },
  display: Display,
): ListData {
  const lists = known.get(report) ?? new Map<string, ListData>()
  known.set(report, lists)
  const name = `${page.view} ${page.all} ${display.units}`
  const data = lists.get(name) ?? createData(report, page.view, page.all, display)
  lists.set(name, data)
  return data
}

/** An image without a name goes by its short id: the column of ids is the first to go on a narrow screen. */
const namedImages: Table<ImageRow> = {
  columns: imageTable.columns.map((column) =>
    column.key !== 'name'
      ? column
      : {
          ...column,
          cell: (row, display) =>
            row.image.tags.length > 0 ? column.cell(row, display) : textCell(imageLabel(row.image)),
        },
  ),
}

function createData(
  report: Report,
  view: Exclude<ListViewId, 'files'>,
  all: boolean,
  display: Display,
): ListData {
  switch (view) {
    case 'images':
      return createListData(
        {
          rows: imageRows(report.images.filter((image) => all || (!image.intermediate && image.loaded))),
          table: namedImages,
          key: ({ image, repository, tag }) => `${refKey(imageRef(image))}\0${repository}:${tag}`,
          ref: ({ image }) => imageRef(image),
        },
        display,
      )
    case 'layers':
      return createListData(forestSource(report), display)
    case 'containers':
      return createListData(plainSource(report.containers, containerTable, containerRef), display)
    case 'volumes':
      return createListData(plainSource(report.volumes, volumeTable(report), volumeRef), display)
    case 'cache':
      return createListData(cacheSource(report, display), display)
  }
}

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
