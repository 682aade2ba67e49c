import type { Report, ReportOrphan } from '../schema.ts'
import { ageCell, bytesCell, type Table, textCell } from '../table.ts'
import { shortPath } from './layers.ts'

/** What has no owner, the largest first. */
export const orphanTable = (report: Report): Table<ReportOrphan> => ({
  sort: 'disk',
  columns: [
    { key: 'kind', title: 'KIND', cell: ({ kind }) => textCell(kind) },
    { key: 'certainty', title: 'CERTAINTY', cell: ({ certainty }) => textCell(certainty) },
    { key: 'disk', title: 'DISK', align: 'right', cell: ({ size }, d) => bytesCell(size.disk, d) },
    {
      key: 'files',
      title: 'INODES',
      align: 'right',
      cell: ({ size }) => textCell(size.files === null ? '-' : String(size.files), size.files),
    },
    {
      key: 'modified',
      title: 'MODIFIED',
      kind: 'time',
      cell: ({ modified }, display) => ageCell(modified, display),
    },
    {
      key: 'path',
      title: 'PATH',
      cell: ({ path, root }, { truncate }) => {
        const full = report.roots.length > 1 ? `${root}/${path}` : path
        return textCell(truncate ? shortPath(full) : full, full)
      },
    },
    {
      key: 'reason',
      title: 'WHAT IT IS',
      cell: ({ reason, command, mounted }) =>
        textCell(
          `${reason}${mounted === true ? '; it is mounted now' : ''}${command === null ? '' : ` (${command})`}`,
          reason,
        ),
    },
    {
      key: 'searched',
      title: 'SEARCHED',
      hidden: true,
      cell: ({ searched }) => textCell(searched.join(' ')),
    },
  ],
})
