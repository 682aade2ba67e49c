import { padEnd } from '../../../report/width.ts'
import { ROW_NAMES } from '../../lists/sources.ts'
import type { ViewId } from '../../state.ts'
import { span } from '../../text/line.ts'
import { counted, type PageContext } from '../context.ts'
import type { PageWriter } from '../document.ts'

type Listed = Exclude<ViewId, 'overview'>

/** Where a list is empty since reading was stopped: none is something else than not read. */
export const notReadText = (view: Listed): string =>
  `Reading was stopped before any ${ROW_NAMES[view][1]} were read: whether there are any is not known. r reads again.`

/** How much of each kind was read before it was stopped, each a line that leads to the list. */
export function writeReadUntilThen(out: PageWriter, { report }: PageContext): void {
  const counts: readonly (readonly [Listed, number])[] = [
    ['images', report.images.length],
    ['layers', report.layers.length],
    ['containers', report.containers.length],
    ['volumes', report.volumes.length],
    ['cache', report.cacheRecords.length],
  ]
  for (const [view, count] of counts) {
    const [one, several] = ROW_NAMES[view]
    out.item(`read ${view}`, { kind: 'list', view }, () =>
      out.add(
        span(`  ${padEnd(count === 0 ? several : counted(count, one, several), 24)}`),
        span(count === 0 ? 'not known' : 'and what was not read', 'faint'),
      ),
    )
  }
}
