import { bytesCell, cellOf, type Table, textCell } from '../table.ts'
import { formatAge } from '../units.ts'

/** An entry of a directory; what lies below is part of it. Null is not known yet, or cannot be. */
export interface DirectoryRow {
  readonly name: string
  readonly kind: string
  readonly contentBytes: number | null
  readonly diskBytes: number | null
  readonly inodes: number | null
  readonly modifiedMs: number
  /** How many names the inode has, where it is no directory. */
  readonly links: number
}

/** The marks that `ls -F` puts behind names. */
const MARKS: Readonly<Record<string, string>> = {
  directory: '/',
  mount: '/ (mounted: not entered)',
  symlink: '@',
  fifo: '|',
  socket: '=',
}

/** The entries of a directory, of which all together take `totalDisk` bytes. */
export const directoryTable = (totalDisk: number): Table<DirectoryRow> => ({
  sort: 'disk',
  columns: [
    { key: 'disk', title: 'DISK', align: 'right', cell: ({ diskBytes }, d) => bytesCell(diskBytes, d) },
    {
      key: 'share',
      title: 'SHARE',
      align: 'right',
      cell: ({ diskBytes }) =>
        diskBytes === null || totalDisk === 0
          ? textCell('', diskBytes)
          : { value: diskBytes, text: `${((diskBytes * 100) / totalDisk).toFixed(1)}%` },
    },
    { key: 'size', title: 'SIZE', align: 'right', cell: ({ contentBytes }, d) => bytesCell(contentBytes, d) },
    {
      key: 'count',
      title: 'INODES',
      align: 'right',
      cell: ({ inodes }) => textCell(inodes === null ? '-' : String(inodes), inodes),
    },
    {
      key: 'age',
      title: 'MODIFIED',
      kind: 'time',
      cell: ({ modifiedMs }, { nowMs }) =>
        cellOf(modifiedMs, () => formatAge(new Date(modifiedMs).toISOString(), nowMs)),
    },
    {
      key: 'name',
      title: 'NAME',
      cell: ({ name, kind, links }) =>
        cellOf(name, () => `${name}${MARKS[kind] ?? ''}${links > 1 ? `  (${links} names)` : ''}`),
    },
    { key: 'kind', title: 'KIND', hidden: true, cell: ({ kind }) => textCell(kind) },
  ],
})
