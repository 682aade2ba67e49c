import { summaryRulesOf } from '../../analysis/summary-rules.ts'
import { groupBy } from '../../model/group-by.ts'
import {
  describeRoot,
  renderDeletedFiles,
  renderEngineView,
  renderLedger,
  whyNoEngineView,
} from '../../report/df.ts'
import { escapeText } from '../../report/escape.ts'
import { byGravity } from '../../report/gravity.ts'
import { hiddenStoresSentence } from '../../report/hidden-stores.ts'
import { engineViewsOf } from '../../report/parts/engine-views.ts'
import type { Report, ReportRoot } from '../../report/schema.ts'
import { sortItems } from '../../report/select.ts'
import { type Display, renderTable } from '../../report/table.ts'
import { cacheTable } from '../../report/tables/cache.ts'
import { containerTable } from '../../report/tables/containers.ts'
import { imageRows, imageTable } from '../../report/tables/images.ts'
import { volumeTable } from '../../report/tables/volumes.ts'
import { formatBytes } from '../../report/units.ts'
import { UserError } from '../exit.ts'
import { findingLine } from '../findings.ts'
import { type CommonOptions, displayOf } from '../options.ts'
import { renderJson } from '../render.ts'
import type { Session } from '../session.ts'

/**
 * `df`: the engine's own summary beside what the disk says; with `verbose` every object, with `engine` the summary of
 * another docker than the root shows.
 */
export function df(
  read: Session,
  options: CommonOptions,
  { verbose, engine }: { verbose: boolean; engine?: string },
): string {
  const session = engine === undefined ? read : asEngine(read, engine)
  const { report } = session
  if (options.format === 'json' || options.format === 'ndjson') {
    const { roots, stores, engineView, engineViews, ledger, findings, complete } = report
    const summary = { roots, stores, engineView, engineViews, ledger, findings, complete }
    return options.format === 'json' ? renderJson(summary) : JSON.stringify(summary)
  }
  if (options.format === 'csv')
    return [
      'category,root,disk,content,files',
      ...report.ledger.entries.map(({ category, root, disk, content, files }) =>
        [category, JSON.stringify(root), disk, content, files].join(','),
      ),
    ].join('\n')
  return summaryText(session, options, verbose).join('\n')
}

/** The session with the summaries that this version of docker would print. Throws UserError where there are none. */
function asEngine(session: Session, version: string): Session {
  const { catalog, report } = session
  const rules = summaryRulesOf(version)
  if (rules === null)
    throw new UserError(
      `${JSON.stringify(version)} is no version of docker that is known here.`,
      'There are 20.10, 23, 26, 28 and 29; the figures changed within these with 28.2, 29.4, 29.5 and 29.6.',
    )
  for (const { root } of report.engineViews) {
    const layout = catalog.storeInUse(root)?.store.layout
    if (layout === 'containerd' && ['legacy', '20.10', '23'].includes(rules.rule))
      throw new UserError(`How docker ${version} sums up images in containerd is not known here.`)
    if (layout !== 'containers-storage' && (layout === 'graph') !== (rules.rule === 'legacy'))
      throw new UserError(`${root} does not have the layout that docker ${version} reads.`)
  }
  const engineViews = engineViewsOf(catalog, rules)
  return { ...session, report: { ...report, engineViews, engineView: engineViews[0] ?? null } }
}

function summaryText(session: Session, options: CommonOptions, verbose: boolean): string[] {
  const { report, catalog, nowMs } = session
  const display = displayOf(options, nowMs)
  const lines = report.roots.flatMap((root) => describeRoot(report, root, display).map(escapeText))
  const hidden = hiddenStoresSentence(report, (bytes) => formatBytes(bytes, display.units))
  if (hidden !== null) lines.push('', escapeText(hidden))
  lines.push(...report.roots.flatMap((root) => ['', ...engineText(report, root, display)]))
  if (report.ledger.measured) {
    const exact = catalog.surveys.every((survey) => survey.measurement?.exact !== false)
    lines.push(
      '',
      exact
        ? 'Where the space is (measured, every inode once)'
        : 'Where the space is (estimated from an archive, in blocks of 4 KiB)',
    )
    lines.push(renderLedger(report, display))
  } else lines.push('', 'Nothing was measured: the sizes above are those that the engine recorded.')
  const deleted = renderDeletedFiles(report, display)
  if (deleted !== '')
    lines.push(
      '',
      'Deleted but held open: the file system counts it, du does not, and restarting the holder frees it',
      deleted,
    )
  if (verbose) lines.push(...verboseText(session, options))
  return [...lines, ...findingsText(session)]
}

/** The summary of the root's own engine, under its command's name. */
function engineText(report: Report, root: ReportRoot, display: Display): string[] {
  const view = report.engineViews.find((each) => each.root === root.path)
  if (view === undefined) return [escapeText(whyNoEngineView(report, root))]
  const ofRoot = report.roots.length > 1 ? ` of ${root.path}` : ''
  const why = view.rule === root.engine.rule ? root.engine.why : 'as asked for'
  const heading = `What ${view.command} prints${ofRoot} (rules of ${view.rule}: ${why})`
  return [escapeText(heading), renderEngineView(view, display)]
}

function verboseText({ report, nowMs }: Session, options: CommonOptions): string[] {
  const display = displayOf(options, nowMs)
  const listed = imageRows(report.images.filter((image) => !image.intermediate && image.loaded))
  return [
    '',
    'Images',
    renderTable(imageTable, sortItems(imageTable, listed, undefined, display), display),
    '',
    'Containers',
    renderTable(containerTable, sortItems(containerTable, report.containers, undefined, display), display),
    '',
    'Local volumes',
    renderTable(
      volumeTable(report),
      sortItems(volumeTable(report), report.volumes, undefined, display),
      display,
    ),
    '',
    'Build cache',
    renderTable(cacheTable, sortItems(cacheTable, report.cacheRecords, undefined, display), display),
  ]
}

/** One line for each kind of finding, the gravest first; a lone one in full. */
function findingsText({ report }: Session): string[] {
  if (report.findings.length === 0) return []
  const kinds = groupBy(byGravity(report.findings), (finding) => finding.code)
  const lines = [...kinds.values()].map(([first, ...more]) =>
    first === undefined
      ? ''
      : `${findingLine(first)}${more.length > 0 ? ` … and ${more.length} more like it.` : ''}`,
  )
  return ['', 'Findings', ...lines, 'All of them: layerscope report --json | jq .findings']
}
