import type { LayerSummary } from '../../analysis/files/layer-summaries.ts'
import { shortId } from '../../model/ids.ts'
import { bytesCell, type Column, type Table, textCell } from '../table.ts'

type CountKey = 'added' | 'changed' | 'removed'

const count = (key: CountKey): Column<LayerSummary> => ({
  key,
  title: key.toUpperCase(),
  align: 'right',
  cell: (layer) => textCell(String(layer[key]), layer[key]),
})

/** The layers of a chain, base first, with what each adds, changes and removes. */
export const layerSummaryTable: Table<LayerSummary> = {
  columns: [
    { key: 'layer', title: 'LAYER', align: 'right', cell: ({ number }) => textCell(String(number), number) },
    {
      key: 'id',
      title: 'ID',
      cell: ({ id, part }, { truncate }) => {
        const shown = truncate ? shortId(id) : id
        return textCell(part === 'layer' ? shown : `${shown} (${part})`, id)
      },
    },
    {
      key: 'disk',
      title: 'DISK',
      align: 'right',
      cell: ({ size }, d) => bytesCell(size?.diskBytes ?? null, d),
    },
    {
      key: 'content',
      title: 'CONTENT',
      align: 'right',
      cell: ({ size }, d) => bytesCell(size?.contentBytes ?? null, d),
    },
    count('added'),
    count('changed'),
    count('removed'),
    {
      key: 'wasted',
      title: 'WASTED',
      align: 'right',
      cell: ({ wasted }, d) => bytesCell(wasted.diskBytes ?? wasted.contentBytes, d),
    },
  ],
}
