import { shortId } from '../../model/ids.ts'
import type { Report, ReportLayer } from '../schema.ts'
import { bytesCell, type Table, textCell } from '../table.ts'

/** The layers with their sizes, users and directories. */
export function layerTable(report: Report): Table<ReportLayer> {
  const names = topNames(report)
  const count = (ids: readonly string[]) => textCell(String(ids.length), ids.length)
  return {
    sort: 'disk',
    columns: [
      {
        key: 'id',
        title: 'LAYER ID',
        names: ['layer'],
        cell: ({ id }, { truncate }) => textCell(truncate ? shortId(id) : id, id),
      },
      {
        key: 'parent',
        title: 'PARENT',
        cell: ({ parent }, { truncate }) =>
          parent === null ? textCell('-', null) : textCell(truncate ? shortId(parent) : parent, parent),
      },
      { key: 'depth', title: 'DEPTH', align: 'right', cell: ({ depth }) => textCell(String(depth), depth) },
      { key: 'size', title: 'SIZE', align: 'right', cell: ({ size }, d) => bytesCell(size.content, d) },
      { key: 'disk', title: 'DISK', align: 'right', cell: ({ size }, d) => bytesCell(size.disk, d) },
      {
        key: 'files',
        title: 'FILES',
        align: 'right',
        cell: ({ size }) => textCell(size.files === null ? '-' : String(size.files), size.files),
      },
      { key: 'images', title: 'IMAGES', align: 'right', cell: ({ images }) => count(images) },
      { key: 'containers', title: 'CONTAINERS', align: 'right', cell: ({ containers }) => count(containers) },
      { key: 'cache', title: 'CACHE', align: 'right', cell: ({ cacheRecords }) => count(cacheRecords) },
      {
        key: 'top',
        title: 'TOP LAYER OF',
        names: ['name'],
        cell: ({ id, store }) => textCell(names.get(`${store}\0${id}`) ?? ''),
      },
      {
        key: 'path',
        title: 'DIRECTORY',
        cell: ({ path }, { truncate }) =>
          path === null ? textCell('missing', null) : textCell(truncate ? shortPath(path) : path, path),
      },
      {
        key: 'image',
        title: 'IMAGE IDS',
        hidden: true,
        searched: false,
        cell: ({ images }) => textCell(images.join(',')),
      },
      {
        key: 'unused',
        title: 'UNUSED',
        kind: 'flag',
        hidden: true,
        cell: ({ images, containers, cacheRecords }) =>
          textCell('', images.length + containers.length + cacheRecords.length === 0),
      },
      { key: 'store', title: 'STORE', hidden: true, cell: ({ store }) => textCell(store) },
    ],
  }
}

/** Store and layer id → the names of the images that end there. */
function topNames(report: Report): Map<string, string> {
  const names = new Map<string, string>()
  for (const image of report.images) {
    const top = image.layers.at(-1)
    const own = image.tags.length > 0 ? image.tags : image.digests
    if (top === undefined || own.length === 0) continue
    const key = `${image.store}\0${top}`
    names.set(key, [names.get(key), ...own].filter((name) => name !== undefined).join(', '))
  }
  return names
}

/** A directory with its 64 characters cut to 12, as ids are. */
export const shortPath = (path: string): string =>
  path.replace(/[0-9a-f]{64}/g, (hex) => `${hex.slice(0, 12)}…`)
