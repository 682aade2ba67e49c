import { shortId } from '../../model/ids.ts'
import type { ReportFinding, ReportSize } from '../../report/schema.ts'
import { padEnd } from '../../report/width.ts'
import { containerRef, imageRef, type ObjectRef, objectName, refKey } from '../objects.ts'
import { type Style, span } from '../text/line.ts'
import { counted, type PageContext } from './context.ts'
import type { PageWriter, Target } from './document.ts'

export const SEVERITY_STYLES: Readonly<Record<ReportFinding['severity'], Style>> = {
  error: 'error',
  warning: 'warning',
  info: 'strong',
}

/** `13MB on disk, 12.98MB in 24 files`. */
export function sizeText({ content, disk, files }: ReportSize, page: PageContext): string {
  const inodes = files === null ? '' : ` in ${counted(files, 'inode')}`
  if (disk === null) return content === null ? 'not measured' : `${page.bytes(content)} recorded`
  return `${page.bytes(disk)} on disk, ${page.bytes(content)} of content${inodes}`
}

/** What something weighs and the directory of the files that are weighed, to which it leads. */
export function writeFiles(
  out: PageWriter,
  page: PageContext,
  size: ReportSize,
  place: { readonly root: string; readonly path: string | null; readonly missing: string },
  missingStyle: Style = 'error',
): void {
  const { root, path, missing } = place
  if (path === null) {
    out.field('Size', sizeText(size, page))
    out.field('Directory', missing, missingStyle)
    return
  }
  out.item(`directory ${path}`, { kind: 'directory', place: { root, path } }, () => {
    out.field('Size', sizeText(size, page))
    out.field('Directory', path)
  })
}

/** The findings about an object, in full. */
export function writeFindings(out: PageWriter, page: PageContext, ref: ObjectRef): void {
  const findings = page.index.findings(ref)
  if (findings.length === 0) return
  out.heading('Findings')
  for (const finding of findings) {
    out.add(span(finding.severity, SEVERITY_STYLES[finding.severity]), span(`  ${finding.code}`, 'faint'))
    out.sentence(finding.message, 'plain', 2)
    if (finding.hint !== null) out.sentence(finding.hint, 'plain', 2)
  }
}

/** The files that say what is shown. */
export function writeEvidence(
  out: PageWriter,
  page: PageContext,
  ref: ObjectRef,
  paths: readonly string[],
): void {
  if (paths.length === 0) return
  out.heading('Read from', page.index.rootOf(ref))
  for (const path of paths) out.sentence(path, 'plain', 2)
}

export function writeLabels(out: PageWriter, title: string, labels: Readonly<Record<string, string>>): void {
  const entries = Object.entries(labels)
  if (entries.length === 0) return
  out.heading(title)
  for (const [key, value] of entries) out.sentence(`${key}=${value}`, 'plain', 2)
}

const SHOWN_USERS = 200

/** The images that use something, one line each. */
export function writeImages(
  out: PageWriter,
  page: PageContext,
  title: string,
  home: string,
  ids: readonly string[],
  list: Target,
): void {
  if (ids.length === 0) return
  out.heading(title, String(ids.length))
  const images = ids
    .map((id) => page.index.image({ kind: 'image', home, id }))
    .filter((image) => image !== undefined)
    .sort((a, b) => Number(a.intermediate) - Number(b.intermediate) || b.tags.length - a.tags.length)
  for (const image of images.slice(0, SHOWN_USERS)) {
    const ref = imageRef(image)
    const steps = image.intermediate ? '  a step of a build' : image.dangling ? '  dangling' : ''
    out.item(`image ${refKey(ref)}`, { kind: 'object', ref }, () =>
      out.add(
        span(`${page.bytesColumn(image.size.engine)}  `),
        span(objectName(page.report, ref)),
        span(steps, 'faint'),
      ),
    )
  }
  if (images.length > SHOWN_USERS) writeMore(out, title, images.length - SHOWN_USERS, list)
}

/** The containers that use something, one line each. */
export function writeContainers(
  out: PageWriter,
  page: PageContext,
  title: string,
  home: string,
  ids: readonly string[],
  list: Target,
): void {
  if (ids.length === 0) return
  out.heading(title, String(ids.length))
  for (const id of ids.slice(0, SHOWN_USERS)) {
    const container = page.index.container({ kind: 'container', home, id })
    if (container === undefined) {
      out.add(span(shortId(id)))
      continue
    }
    const ref = containerRef(container)
    out.item(`container ${refKey(ref)}`, { kind: 'object', ref }, () =>
      out.add(
        span(`${page.bytesColumn(container.size.writable.disk)}  `),
        span(padEnd(container.name || shortId(id), 24)),
        span(`  ${container.state}  ${page.age(container.created)}`, 'faint'),
      ),
    )
  }
  if (ids.length > SHOWN_USERS) writeMore(out, title, ids.length - SHOWN_USERS, list)
}

/** Where not all are named, the list of all of them. */
function writeMore(out: PageWriter, title: string, count: number, list: Target): void {
  out.item(`more ${title}`, list, () => out.add(span(`and ${count} more`, 'faint')))
}
