import type { ReportCacheRecord } from '../schema.ts'
import { ageCell, bytesCell, type Table, textCell } from '../table.ts'
import { truncate } from '../width.ts'

/** The build cache as `docker system df -v` lists it, with disk bytes and what each record is. */
export const cacheTable: Table<ReportCacheRecord> = {
  sort: 'last-used:asc',
  columns: [
    {
      key: 'id',
      title: 'CACHE ID',
      cell: ({ id }, display) => textCell(display.truncate ? id.slice(0, 12) : id, id),
    },
    { key: 'type', title: 'CACHE TYPE', cell: ({ type }) => textCell(type) },
    { key: 'size', title: 'SIZE', align: 'right', cell: ({ size }, d) => bytesCell(size.content, d) },
    { key: 'disk', title: 'DISK', align: 'right', cell: ({ size }, d) => bytesCell(size.disk, d) },
    {
      key: 'created',
      title: 'CREATED',
      kind: 'time',
      cell: ({ createdAt }, display) => ageCell(createdAt, display),
    },
    {
      key: 'last-used',
      title: 'LAST USED',
      kind: 'time',
      cell: ({ lastUsedAt }, display) => ageCell(lastUsedAt, display),
    },
    {
      key: 'usage',
      title: 'USAGE',
      names: ['uses'],
      align: 'right',
      cell: ({ usageCount }) => textCell(String(usageCount), usageCount),
    },
    { key: 'shared', title: 'SHARED', kind: 'flag', cell: ({ shared }) => textCell(String(shared), shared) },
    {
      key: 'description',
      title: 'DESCRIPTION',
      names: ['build-cache', 'name'],
      cell: ({ description }, display) =>
        textCell(display.truncate ? truncate(description, 60) : description, description),
    },
    { key: 'path', title: 'DIRECTORY', hidden: true, cell: ({ path }) => textCell(path ?? '', path) },
    {
      key: 'in-use',
      title: 'IN USE',
      kind: 'flag',
      hidden: true,
      cell: ({ inUse }) => textCell('', inUse),
    },
    {
      key: 'unused',
      title: 'UNUSED',
      kind: 'flag',
      hidden: true,
      // Not known is neither.
      cell: ({ inUse }) => textCell('', inUse === null ? null : !inUse),
    },
    {
      key: 'mutable',
      title: 'MUTABLE',
      kind: 'flag',
      hidden: true,
      cell: ({ mutable }) => textCell('', mutable),
    },
    { key: 'store', title: 'STORE', hidden: true, cell: ({ store }) => textCell(store) },
  ],
}
