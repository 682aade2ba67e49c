import type { ReportVolume } from '../../report/schema.ts'
import { containerRef, volumeRef } from '../objects.ts'
import { span } from '../text/line.ts'
import type { PageContext } from './context.ts'
import type { PageWriter } from './document.ts'
import { writeEvidence, writeFiles, writeFindings, writeLabels } from './parts.ts'

/** A volume: what it weighs, where it lies, and which containers mount it where. */
export function writeVolumePage(out: PageWriter, page: PageContext, volume: ReportVolume): void {
  const ref = volumeRef(volume)
  out.field('Name', volume.name, 'strong')
  out.field('Driver', volume.driver)
  writeFiles(out, page, volume.size, {
    root: volume.root,
    path: volume.path,
    missing: 'none on this disk',
  })
  out.field('Made', page.age(volume.created))
  const anonymous = volume.anonymous === null ? 'not known' : volume.anonymous ? 'yes' : 'no'
  out.field('Anonymous', anonymous)
  writeLabels(out, 'Options', volume.options ?? {})
  writeLabels(out, 'Labels', volume.labels)
  writeUsers(out, page, volume)
  writeFindings(out, page, ref)
  writeEvidence(out, page, ref, volume.evidence)
}

function writeUsers(out: PageWriter, page: PageContext, volume: ReportVolume): void {
  const users = new Set(volume.containers)
  const containers = page.report.containers.filter(({ id }) => users.has(id))
  out.heading('Containers', String(containers.length))
  if (containers.length === 0) out.sentence('No container uses this volume.', 'warning')
  for (const container of containers) {
    const mounts = container.mounts.filter(({ volume: name }) => name === volume.name)
    const where = mounts
      .map(({ destination, readOnly }) => destination + (readOnly ? ' read-only' : ''))
      .join(', ')
    const ref = containerRef(container)
    out.item(`container ${container.id}`, { kind: 'object', ref }, () =>
      out.add(
        span(container.name || container.id, 'strong'),
        span(`  ${container.state}`),
        span(`  ${where}`, 'faint'),
      ),
    )
  }
}
