import { shortId } from '../../model/ids.ts'
import type { HistoryRow } from '../history.ts'
import { ageCell, bytesCell, type Table, textCell } from '../table.ts'
import { truncate } from '../width.ts'
import { shortPath } from './layers.ts'

/** `docker history`, with the layer and the directory of each step. */
export const historyTable: Table<HistoryRow> = {
  columns: [
    {
      key: 'image',
      title: 'IMAGE',
      cell: ({ image }, display) =>
        image === null
          ? textCell('<missing>', null)
          : textCell(display.truncate ? shortId(image) : image, image),
    },
    {
      key: 'created',
      title: 'CREATED',
      kind: 'time',
      cell: ({ created }, display) => ageCell(created, display),
    },
    {
      key: 'created-by',
      title: 'CREATED BY',
      cell: ({ createdBy }, display) =>
        textCell(display.truncate ? truncate(createdBy, 45) : createdBy, createdBy),
    },
    {
      key: 'size',
      title: 'SIZE',
      align: 'right',
      cell: ({ layer, emptyLayer }, d) => bytesCell(emptyLayer ? 0 : (layer?.size.content ?? null), d),
    },
    {
      key: 'layer',
      title: 'LAYER',
      cell: ({ layer, emptyLayer }, display) =>
        layer === null
          ? textCell(emptyLayer ? 'empty' : 'unknown', null)
          : textCell(display.truncate ? shortId(layer.id) : layer.id, layer.id),
    },
    {
      key: 'path',
      title: 'DIRECTORY',
      cell: ({ layer }, display) => {
        if (layer === null) return textCell('', null)
        if (layer.path === null) return textCell('missing', null)
        return textCell(display.truncate ? shortPath(layer.path) : layer.path, layer.path)
      },
    },
    { key: 'comment', title: 'COMMENT', cell: ({ comment }) => textCell(comment) },
  ],
}
