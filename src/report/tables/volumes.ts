import type { ReportVolume } from '../schema.ts'
import { bytesCell, type Table, textCell } from '../table.ts'
import { formatAge } from '../units.ts'

/** `docker volume ls` with sizes and users. */
export const volumeTable: Table<ReportVolume> = {
  sort: 'disk',
  columns: [
    { key: 'driver', title: 'DRIVER', cell: ({ driver }) => textCell(driver) },
    { key: 'name', title: 'VOLUME NAME', cell: ({ name }) => textCell(name) },
    {
      key: 'created',
      title: 'CREATED',
      cell: ({ created }, { nowMs }) => textCell(formatAge(created, nowMs), created),
    },
    {
      key: 'links',
      title: 'LINKS',
      align: 'right',
      cell: ({ containers }) => textCell(String(containers.length), containers.length),
    },
    { key: 'size', title: 'SIZE', align: 'right', cell: ({ size }, d) => bytesCell(size.content, d) },
    { key: 'disk', title: 'DISK', align: 'right', cell: ({ size }, d) => bytesCell(size.disk, d) },
    {
      key: 'files',
      title: 'FILES',
      align: 'right',
      cell: ({ size }) => textCell(size.files === null ? '-' : String(size.files), size.files),
    },
    {
      key: 'anonymous',
      title: 'ANONYMOUS',
      cell: ({ anonymous }) => textCell(anonymous === null ? 'unknown' : anonymous ? 'yes' : 'no', anonymous),
    },
    {
      key: 'unused',
      title: 'UNUSED',
      hidden: true,
      cell: ({ containers }) => textCell('', containers.length === 0),
    },
    { key: 'path', title: 'DIRECTORY', hidden: true, cell: ({ path }) => textCell(path ?? '', path) },
  ],
}
