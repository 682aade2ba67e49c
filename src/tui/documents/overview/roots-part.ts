import { fillOf } from '../../../report/fill.ts'
import { hiddenStoresSentence } from '../../../report/hidden-stores.ts'
import type { ReportRoot, ReportStore } from '../../../report/schema.ts'
import { percent } from '../../../report/units.ts'
import { columnsOf } from '../../../report/width.ts'
import { gauge, type Span, type Style, span } from '../../text/line.ts'
import type { PageContext } from '../context.ts'
import type { PageWriter } from '../document.ts'

/** On fewer columns than that the less important figures are left out. */
export const NARROW = 56

/** Of which root something is, where there are several: the end of its path, which tells roots apart. */
export function ofRoot({ report, glyphs }: PageContext, root: string, width: number): string {
  if (report.roots.length < 2) return ''
  const before = '  of '
  const room = Math.max(8, width - before.length)
  const letters = [...root]
  return before + (columnsOf(root) <= room ? root : glyphs.ellipsis + letters.slice(1 - room).join(''))
}

/** Each root with its stores, and how full its file system is: it leads to all that lies there. */
export function writeRoots(out: PageWriter, page: PageContext): void {
  for (const root of page.report.roots) {
    const stores = page.report.stores.filter(
      (store) => store.root === root.path || store.usedBy === root.path,
    )
    out.aside(`root ${root.path}`, { kind: 'directory', place: { root: root.path, path: '' } }, () => {
      out.add(span(root.path, 'strong'), span('  '), ...storeSpans(stores))
      if (root.filesystem === null) return
      out.add(...fillSpans(root.filesystem, page, out.width))
      writeInodes(out, root.filesystem)
    })
  }
  const hidden = hiddenStoresSentence(page.report, page.bytes)
  if (hidden !== null) out.sentence(hidden, 'warning')
}

function storeSpans(stores: readonly ReportStore[]): Span[] {
  if (stores.length === 0) return [span('no image store', 'faint')]
  return stores.flatMap(({ layout, driver, active }, index) => [
    span(`${index > 0 ? ', ' : ''}${layout}/${driver}`),
    ...(active === false ? [span(' (hidden)', 'warning')] : []),
  ])
}

type FileSystem = NonNullable<ReportRoot['filesystem']>

function fillSpans(fileSystem: FileSystem, page: PageContext, width: number): Span[] {
  const { totalBytes, availableBytes } = fileSystem
  const { usedBytes, usableBytes, percent: fullPercent } = fillOf(fileSystem)
  const style: Style = fullPercent >= 95 ? 'error' : fullPercent >= 85 ? 'warning' : 'bar'
  const isNarrow = width < NARROW
  return [
    span(isNarrow ? '' : 'file system ', 'faint'),
    span(gauge(usedBytes, usableBytes, width >= 76 ? 24 : isNarrow ? 8 : 12, page.look), style),
    span(` ${fullPercent}% full`, fullPercent >= 85 ? 'strong' : 'plain'),
    span(`, ${page.bytes(availableBytes)} ${isNarrow ? '' : `of ${page.bytes(totalBytes)} `}free`),
  ]
}

const FEW_INODES = 0.85

/** A disk can be full with bytes to spare: where inodes run short, that is said too. */
function writeInodes(out: PageWriter, { totalInodes, freeInodes }: FileSystem): void {
  const used = totalInodes - freeInodes
  if (totalInodes === 0 || used / totalInodes < FEW_INODES) return
  const style: Style = freeInodes === 0 ? 'error' : 'warning'
  const free = freeInodes === 0 ? 'no inode is free' : `${freeInodes} of ${totalInodes} inodes free`
  out.add(
    span(out.width < NARROW ? '' : 'inodes ', 'faint'),
    span(`${percent(used, totalInodes)} used, ${free}`, style),
    span(freeInodes === 0 && out.width >= NARROW ? ': no file can be made, whatever bytes are free' : ''),
  )
}
