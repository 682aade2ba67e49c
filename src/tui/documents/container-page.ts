import { shortId } from '../../model/ids.ts'
import type { ReportContainer, ReportSize } from '../../report/schema.ts'
import { containerRef, imageRef, layerRef, objectName, volumeRef } from '../objects.ts'
import { span } from '../text/line.ts'
import { counted, type PageContext } from './context.ts'
import type { PageWriter } from './document.ts'
import { sizeText, writeEvidence, writeFiles, writeFindings, writeLabels } from './parts.ts'

/** A container: its state, what it wrote, its log, what it mounts and what it was made from. */
export function writeContainerPage(out: PageWriter, page: PageContext, container: ReportContainer): void {
  const ref = containerRef(container)
  out.field('Name', container.name, 'strong')
  out.id('Id', container.id)
  const ended =
    container.state === 'exited' ? ` with ${container.exitCode}, ${page.age(container.finishedAt)}` : ''
  out.field('State', `${container.state}${ended}${container.loaded ? '' : ', not listed by the engine'}`)
  out.field('Made', page.age(container.created))
  if (container.command !== '') out.field('Command', container.command)
  if (container.restartPolicy !== '') out.field('Restarts', container.restartPolicy)
  writeImage(out, page, container)
  writeWritable(out, page, container)
  writeLogs(out, page, container)
  writeMounts(out, page, container)
  writeLabels(out, 'Labels', container.labels)
  writeFindings(out, page, ref)
  writeEvidence(out, page, ref, container.evidence)
}

function writeImage(out: PageWriter, page: PageContext, container: ReportContainer): void {
  const home = container.store ?? ''
  const image =
    container.image === null ? undefined : page.index.image({ kind: 'image', home, id: container.image })
  if (image === undefined) out.field('Image', `${container.imageName}, which is not here any more`, 'warning')
  else
    out.link(
      'Image',
      'image',
      imageRef(image),
      span(
        image.tags.includes(container.imageName)
          ? container.imageName
          : objectName(page.report, imageRef(image)),
        'strong',
      ),
      span(`  ${shortId(image.id)}`, 'faint'),
    )
  const base =
    container.baseLayer === null
      ? undefined
      : page.index.layer({ kind: 'layer', home, id: container.baseLayer })
  if (base !== undefined) out.link('Stands on', 'base', layerRef(base), span(`layer ${shortId(base.id)}`))
}

function writeWritable(out: PageWriter, page: PageContext, container: ReportContainer): void {
  const root = page.index.rootOf(containerRef(container))
  const { writable, layer, init } = container.size
  const isSummed = init !== null && writable.disk !== null && writable.files !== null
  out.heading(
    'Writable layer',
    isSummed
      ? `${page.bytes(writable.disk)} on disk in ${counted(writable.files ?? 0, 'inode')}, with its init layer`
      : 'what it wrote into its own file system',
  )
  writeFiles(out, page, init === null ? writable : layer, {
    root,
    path: container.layerPath,
    missing: 'missing',
  })
  if (init !== null && container.initPath !== null) writeInit(out, page, root, container.initPath, init)
  // Most drivers name the directory by it.
  if (container.mountId !== null && container.layerPath?.includes(container.mountId) !== true)
    out.field('Mount id', container.mountId)
  const own = ownDirectory(container)
  const write = (): void => out.field('Its files', sizeText(container.size.other, page))
  if (own === null) write()
  else out.item('own files', { kind: 'directory', place: { root, path: own } }, write)
}

/** The layer below it, with the files that the engine puts into every container. */
function writeInit(out: PageWriter, page: PageContext, root: string, path: string, size: ReportSize): void {
  out.item(`directory ${path}`, { kind: 'directory', place: { root, path } }, () => {
    out.field('Init layer', sizeText(size, page))
    out.field('', path)
  })
}

/** The directory of its configuration, which bears its id; null where its files are known by no such directory. */
function ownDirectory({ id, evidence }: ReportContainer): string | null {
  const path = evidence.find((each) => each.includes(`/${id}/`))
  return path === undefined ? null : path.slice(0, path.indexOf(`/${id}/`) + 1 + id.length)
}

function writeLogs(out: PageWriter, page: PageContext, container: ReportContainer): void {
  out.heading('Logs', container.logDriver === null ? '' : `driver ${container.logDriver}`)
  if (container.logs.length === 0) {
    out.sentence('No log file is on this disk.', 'faint')
    return
  }
  for (const log of container.logs)
    out.path(page.bytes(log.disk ?? log.content), page.index.rootOf(containerRef(container)), log.path, true)
}

function writeMounts(out: PageWriter, page: PageContext, container: ReportContainer): void {
  if (container.mounts.length === 0) return
  out.heading('Mounts')
  // Two roots may have volumes of the same name.
  const root = page.index.rootOf(containerRef(container))
  const volumes = new Map(
    page.report.volumes.flatMap((volume) => (volume.root === root ? [[volume.name, volume] as const] : [])),
  )
  for (const [index, mount] of container.mounts.entries()) {
    const access = mount.readOnly ? '  read-only' : ''
    const volume = mount.volume === null ? undefined : volumes.get(mount.volume)
    if (volume === undefined) {
      out.add(
        span(mount.destination),
        span(`  ${mount.type} ${mount.volume ?? mount.source}${access}`, 'faint'),
      )
      continue
    }
    out.item(`mount ${index}`, { kind: 'object', ref: volumeRef(volume) }, () =>
      out.add(
        span(mount.destination),
        span('  volume '),
        span(volume.name, 'strong'),
        span(`  ${page.bytes(volume.size.disk)}${access}`, 'faint'),
      ),
    )
  }
}
