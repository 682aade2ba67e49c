import { shortId } from '../../model/ids.ts'
import type { Report, ReportVolume } from '../schema.ts'
import { ageCell, bytesCell, labelColumn, type Table, textCell } from '../table.ts'

/** `docker volume ls` with sizes and users. */
export function volumeTable(report: Report): Table<ReportVolume> {
  const names = new Map(
    report.containers.map(({ id, name, loaded }) => [
      id,
      `${name || shortId(id)}${loaded ? '' : ' (not listed)'}`,
    ]),
  )
  // The engine counts no container that it cannot load: those of a store out of use are among them.
  const listed = new Set(report.containers.filter(({ loaded }) => loaded).map(({ id }) => id))
  const links = ({ containers }: ReportVolume): number => containers.filter((id) => listed.has(id)).length
  return {
    sort: 'disk',
    columns: [
      { key: 'driver', title: 'DRIVER', cell: ({ driver }) => textCell(driver) },
      { key: 'name', title: 'VOLUME NAME', names: ['volume'], cell: ({ name }) => textCell(name) },
      {
        key: 'created',
        title: 'CREATED',
        kind: 'time',
        cell: ({ created }, display) => ageCell(created, display),
      },
      {
        key: 'links',
        title: 'LINKS',
        align: 'right',
        cell: (volume) => textCell(String(links(volume)), links(volume)),
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
        kind: 'flag',
        cell: ({ anonymous }) =>
          textCell(anonymous === null ? 'unknown' : anonymous ? 'yes' : 'no', anonymous),
      },
      {
        key: 'unused',
        title: 'UNUSED',
        kind: 'flag',
        hidden: true,
        cell: ({ inUse }) => textCell('', inUse === null ? null : !inUse),
      },
      labelColumn(({ labels }) => labels),
      {
        key: 'users',
        title: 'USED BY',
        hidden: true,
        cell: ({ containers }) => textCell(containers.map((id) => names.get(id) ?? shortId(id)).join(', ')),
      },
      { key: 'store', title: 'ROOT', hidden: true, cell: ({ root }) => textCell(root) },
      { key: 'path', title: 'DIRECTORY', hidden: true, cell: ({ path }) => textCell(path ?? '', path) },
    ],
  }
}
