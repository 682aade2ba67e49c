import type { RolledChange } from '../../analysis/files/roll-up.ts'
import type { WastedFile } from '../../analysis/files/stack-layers.ts'
import { bytesCell, type Table, textCell } from '../table.ts'

/** What the layers of a chain add, change and remove, the largest first. */
export const fileTable: Table<RolledChange> = {
  sort: 'disk',
  columns: [
    { key: 'disk', title: 'DISK', align: 'right', cell: ({ diskBytes }, d) => bytesCell(diskBytes, d) },
    {
      key: 'content',
      title: 'CONTENT',
      align: 'right',
      cell: ({ contentBytes }, d) => bytesCell(contentBytes, d),
    },
    {
      key: 'hides',
      title: 'HIDES',
      align: 'right',
      cell: ({ hidesEntries, hidesBytes }, d) =>
        hidesEntries === 0 ? textCell('', 0) : bytesCell(hidesBytes, d),
    },
    { key: 'layer', title: 'LAYER', align: 'right', cell: ({ layer }) => textCell(String(layer), layer) },
    { key: 'what', title: 'WHAT', cell: ({ what }) => textCell(what) },
    {
      key: 'entries',
      title: 'ENTRIES',
      hidden: true,
      cell: ({ entries }) => textCell(String(entries), entries),
    },
    { key: 'kind', title: 'KIND', hidden: true, cell: ({ kind }) => textCell(kind) },
    {
      key: 'path',
      title: 'PATH',
      cell: ({ path, kind }) => textCell(kind === 'directory' ? `${path}/` : path, path),
    },
  ],
}

/** Files that later layers hide, the largest first. */
export const wastedTable: Table<WastedFile> = {
  sort: 'disk',
  columns: [
    { key: 'disk', title: 'DISK', align: 'right', cell: ({ diskBytes }, d) => bytesCell(diskBytes, d) },
    {
      key: 'content',
      title: 'CONTENT',
      align: 'right',
      cell: ({ contentBytes }, d) => bytesCell(contentBytes, d),
    },
    { key: 'layer', title: 'LAYER', align: 'right', cell: ({ layer }) => textCell(String(layer), layer) },
    {
      key: 'hidden-by',
      title: 'HIDDEN BY',
      cell: ({ how, hiddenBy }) => textCell(`${how} in layer ${hiddenBy}`, hiddenBy),
    },
    { key: 'path', title: 'PATH', cell: ({ path }) => textCell(path) },
  ],
}
