import type { Change, ComparedSize } from '../../analysis/compare.ts'
import { type Cell, type Display, type Table, textCell } from '../table.ts'
import { formatBytes } from '../units.ts'

/** What grew most first. Disk bytes where both reports have them, else content bytes. */
export const compareTable: Table<Change> = {
  sort: 'growth',
  columns: [
    {
      key: 'growth',
      title: 'GROWTH',
      align: 'right',
      cell: ({ growth }, d) => {
        const value = growth.disk ?? growth.content
        return { value, text: signedBytes(value, d) }
      },
    },
    {
      key: 'before',
      title: 'BEFORE',
      align: 'right',
      cell: (change, d) => sizeCell(change, change.before, d),
    },
    { key: 'after', title: 'AFTER', align: 'right', cell: (change, d) => sizeCell(change, change.after, d) },
    { key: 'state', title: 'STATE', cell: ({ state }) => textCell(state) },
    { key: 'kind', title: 'KIND', cell: ({ kind }) => textCell(kind) },
    { key: 'name', title: 'NAME', cell: ({ name }) => textCell(name) },
    { key: 'id', title: 'ID', hidden: true, cell: ({ id }) => textCell(id) },
    {
      key: 'content',
      title: 'CONTENT GROWTH',
      hidden: true,
      cell: ({ growth }, d) => ({ value: growth.content, text: signedBytes(growth.content, d) }),
    },
  ],
}

function sizeCell({ growth }: Change, size: ComparedSize | null, { units }: Display): Cell {
  if (size === null) return textCell('', null)
  const value = growth.disk === null ? size.content : size.disk
  return { value, text: formatBytes(value, units) }
}

/** `+1.2GB`, `-30MB`, `0B`; a dash where it is unknown. */
export function signedBytes(bytes: number | null, { units }: Pick<Display, 'units'>): string {
  if (bytes === null || bytes === 0) return formatBytes(bytes, units)
  return `${bytes > 0 ? '+' : '-'}${formatBytes(Math.abs(bytes), units)}`
}
