import { shortId } from '../../model/ids.ts'
import type { ReportContainer } from '../schema.ts'
import { ageCell, bytesCell, labelColumn, type Table, textCell } from '../table.ts'

/** `docker ps -a -s`, with disk bytes, logs, and all that a container takes. */
export const containerTable: Table<ReportContainer> = {
  sort: 'created:desc',
  columns: [
    {
      key: 'id',
      title: 'CONTAINER ID',
      cell: ({ id }, { truncate }) => textCell(truncate ? shortId(id) : id, id),
    },
    { key: 'name', title: 'NAME', names: ['container'], cell: ({ name }) => textCell(name) },
    {
      key: 'image',
      title: 'IMAGE',
      cell: ({ imageName }, { truncate }) =>
        textCell(truncate && /^(sha256:)?[0-9a-f]{64}$/.test(imageName) ? shortId(imageName) : imageName),
    },
    {
      key: 'state',
      title: 'STATE',
      cell: ({ state, loaded }) => textCell(loaded ? state : `${state}, not listed`, state),
    },
    {
      key: 'created',
      title: 'CREATED',
      kind: 'time',
      cell: ({ created }, display) => ageCell(created, display),
    },
    {
      key: 'size',
      title: 'SIZE',
      align: 'right',
      cell: ({ size }, d) => bytesCell(size.writable.content, d),
    },
    { key: 'disk', title: 'DISK', align: 'right', cell: ({ size }, d) => bytesCell(size.writable.disk, d) },
    { key: 'logs', title: 'LOGS', align: 'right', cell: ({ size }, d) => bytesCell(size.logs.disk, d) },
    {
      key: 'volumes',
      title: 'VOLUMES',
      names: ['vols'],
      align: 'right',
      cell: ({ volumes }) => textCell(String(volumes.length), volumes.length),
    },
    {
      key: 'volume',
      title: 'VOLUME NAMES',
      hidden: true,
      cell: ({ volumes }) => textCell(volumes.join(',')),
    },
    {
      key: 'path',
      title: 'DIRECTORY',
      hidden: true,
      cell: ({ layerPath }) => textCell(layerPath ?? '', layerPath),
    },
    {
      key: 'image-id',
      title: 'IMAGE ID',
      hidden: true,
      searched: false,
      cell: ({ image }) => textCell(image ?? '', image),
    },
    {
      key: 'layer',
      title: 'LAYER ID',
      hidden: true,
      searched: false,
      cell: ({ baseLayer }) => textCell(baseLayer ?? '', baseLayer),
    },
    labelColumn(({ labels }) => labels),
    { key: 'store', title: 'STORE', hidden: true, cell: ({ store }) => textCell(store ?? '', store) },
    { key: 'total', title: 'TOTAL', align: 'right', cell: ({ size }, d) => bytesCell(size.total.disk, d) },
  ],
}
