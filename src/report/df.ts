import { shortId } from '../model/ids.ts'
import type { Report, ReportEngineRow, ReportRoot } from './schema.ts'
import { type Display, layOut } from './table.ts'
import { formatBytes, percent } from './units.ts'

/** `docker system df` as the engine prints it. Percentages stand only where there is a size, and not for the cache. */
export function renderEngineView(report: Report, display: Display): string {
  const view = report.engineView
  if (view === null) return 'No engine would list anything here: no image store of this root is in use.'
  const row = (
    name: string,
    { total, active, size, reclaimable }: ReportEngineRow,
    share: boolean,
  ): string[] => [
    name,
    String(total),
    String(active),
    formatBytes(size, display.units),
    formatBytes(reclaimable, display.units) +
      (share && size !== null && reclaimable !== null && size > 0 ? ` (${percent(reclaimable, size)})` : ''),
  ]
  return layOut(
    ['TYPE', 'TOTAL', 'ACTIVE', 'SIZE', 'RECLAIMABLE'],
    [
      row('Images', view.images, true),
      row('Containers', view.containers, true),
      row('Local Volumes', view.volumes, true),
      row('Build Cache', view.buildCache, false),
    ],
  )
}

/** Where the bytes of the disk are, largest first, with the sum that `du -sx` prints. */
export function renderLedger(report: Report, display: Display): string {
  const { entries, total } = report.ledger
  const severalRoots = report.roots.length > 1
  const rows = entries
    .toSorted((a, b) => b.disk - a.disk)
    .map((entry) => [
      entry.category,
      formatBytes(entry.disk, display.units),
      percent(entry.disk, total.disk),
      formatBytes(entry.content, display.units),
      String(entry.files),
      ...(severalRoots ? [entry.root] : []),
    ])
  const sum = [
    'total',
    formatBytes(total.disk, display.units),
    '',
    formatBytes(total.content, display.units),
    String(total.files),
  ]
  return layOut(
    ['CATEGORY', 'DISK', 'SHARE', 'CONTENT', 'INODES', ...(severalRoots ? ['ROOT'] : [])],
    [...rows, severalRoots ? [...sum, ''] : sum],
    [false, true, true, true, true],
  )
}

/** What a root is, and how full its file system: a line, and one more where inodes run short. */
export function describeRoot(report: Report, root: ReportRoot, display: Display): string[] {
  const stores = report.stores
    .filter((store) => store.root === root.path)
    .map((store) => `${store.layout}/${store.driver}${store.active === false ? ' (hidden)' : ''}`)
  const running = root.engine.running === true ? '; an engine is running on it' : ''
  const lines = [`${root.path}: ${stores.length === 0 ? 'no image store' : stores.join(', ')}${running}`]
  const { filesystem } = root
  if (filesystem === null) return lines
  const { totalBytes, freeBytes, availableBytes, totalInodes, freeInodes } = filesystem
  const bytes = (value: number): string => formatBytes(value, display.units)
  const reserve =
    freeBytes > availableBytes ? `, ${bytes(freeBytes - availableBytes)} more for root alone` : ''
  lines.push(
    `  file system ${percent(totalBytes - freeBytes, totalBytes)} full: ${bytes(availableBytes)} of ${bytes(totalBytes)} free${reserve}`,
  )
  if (totalInodes > 0)
    lines.push(
      `  inodes ${percent(totalInodes - freeInodes, totalInodes)} used: ${freeInodes} of ${totalInodes} free`,
    )
  return lines
}

/** Files that were deleted while a process has them open, the largest first; empty where there are none. */
export function renderDeletedFiles(report: Report, display: Display): string {
  if (report.deletedFiles.length === 0) return ''
  return layOut(
    ['DISK', 'PATH', 'HELD OPEN BY'],
    report.deletedFiles.map(({ size, path, processes }) => [
      formatBytes(size.disk, display.units),
      path,
      processes
        .map(
          ({ pid, command, container }) =>
            `${command} (pid ${pid}${container === null ? '' : `, container ${shortId(container)}`})`,
        )
        .join(', '),
    ]),
    [true],
  )
}
