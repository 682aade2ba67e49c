import { shortId } from '../model/ids.ts'
import { fillLines } from './fill.ts'
import type { Report, ReportEngineRow, ReportEngineView, ReportRoot } from './schema.ts'
import { type Display, layOut } from './table.ts'
import { formatBytes, percent, share } from './units.ts'

/** An engine's summary as the engine prints it; podman has no build cache to list. */
export function renderEngineView(view: ReportEngineView, display: Display): string {
  const row = (name: string, figures: ReportEngineRow, hasShare: boolean): string[] => [
    name,
    countText(figures.total),
    countText(figures.active),
    formatBytes(figures.size, display.units),
    formatBytes(figures.reclaimable, display.units) + (hasShare ? reclaimableShare(view, figures) : ''),
  ]
  return layOut(
    ['TYPE', 'TOTAL', 'ACTIVE', 'SIZE', 'RECLAIMABLE'],
    [
      row('Images', view.images, true),
      row('Containers', view.containers, true),
      row('Local Volumes', view.volumes, true),
      ...(view.engine === 'docker' ? [row('Build Cache', view.buildCache, false)] : []),
    ],
  )
}

/** A number of things; a dash where it is unknown. */
export const countText = (count: number | null): string => (count === null ? '-' : String(count))

/** The share that can be reclaimed: docker cuts it off and prints none of nothing, podman rounds and always prints it. */
export function reclaimableShare(
  { engine }: ReportEngineView,
  { size, reclaimable }: ReportEngineRow,
): string {
  if (size === null || reclaimable === null) return ''
  if (engine === 'docker') return size > 0 ? ` (${percent(reclaimable, size)})` : ''
  return ` (${size > 0 ? Math.round((reclaimable / size) * 100) : 0}%)`
}

/** Why there is no engine's summary of a root, in a sentence. */
export function whyNoEngineView(report: Report, root: ReportRoot): string {
  if (root.kind === 'containerd')
    return (
      usersOf(report, root) ?? `No engine prints a summary of ${root.path}: containerd has no command for it.`
    )
  const missing = report.findings.find((each) => each.code === 'records-missing' && each.root === root.path)
  return missing === undefined
    ? `No engine would list anything of ${root.path}: no image store there is in use.`
    : `What the engine's summary of ${root.path} would be is unknown: ${missing.path} lists nothing of what is there.`
}

function usersOf(report: Report, root: ReportRoot): string | null {
  const users = report.stores.flatMap((store) =>
    store.root === root.path && store.usedBy !== null ? [store.usedBy] : [],
  )
  return users.length === 0
    ? null
    : `What docker keeps in ${root.path} is in the summary of ${[...new Set(users)].join(' and ')}.`
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
      share(entry.disk, total.disk),
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
  const elsewhere = report.stores
    .filter((store) => store.usedBy === root.path)
    .map((store) => `${store.layout}/${store.driver} in ${store.root}`)
  const all = [...stores, ...elsewhere]
  const lines = [`${root.path}: ${all.length === 0 ? 'no image store' : all.join(', ')}${running}`]
  const { filesystem } = root
  return filesystem === null
    ? lines
    : [...lines, ...fillLines(filesystem, display.units).map((each) => `  ${each}`)]
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
