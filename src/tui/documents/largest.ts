import { shortId } from '../../model/ids.ts'
import type { Report } from '../../report/schema.ts'
import {
  cacheRef,
  containerRef,
  indexOf,
  layerRef,
  type ObjectRef,
  objectName,
  volumeRef,
} from '../objects.ts'
import type { Target } from './document.ts'

/** One of the things that hold the most space. */
export interface LargeThing {
  /** What names it across refreshes. */
  readonly key: string
  readonly target: Target
  readonly what: string
  readonly name: string
  readonly bytes: number
}

/** The largest single things, no byte twice: layers rather than images, and each log apart from its container. */
export function largestThings(report: Report, count: number): LargeThing[] {
  const things: { ref: ObjectRef; what: string; bytes: number }[] = []
  for (const layer of report.layers)
    things.push({ ref: layerRef(layer), what: 'layer', bytes: layer.size.disk ?? layer.size.content ?? 0 })
  for (const container of report.containers) {
    const ref = containerRef(container)
    things.push({ ref, what: 'container', bytes: container.size.writable.disk ?? 0 })
    things.push({ ref, what: 'log', bytes: container.size.logs.disk ?? 0 })
  }
  for (const volume of report.volumes)
    things.push({ ref: volumeRef(volume), what: 'volume', bytes: volume.size.disk ?? 0 })
  for (const record of report.cacheRecords)
    if (record.layer === null)
      things.push({
        ref: cacheRef(record),
        what: 'build cache',
        bytes: record.size.disk ?? record.size.content ?? 0,
      })
  const objects = largestOf(things, count).map(
    ({ ref, what, bytes }): LargeThing => ({
      key: `${what} ${ref.home} ${ref.id}`,
      target: { kind: 'object', ref },
      what,
      bytes,
      name: nameInList(report, ref),
    }),
  )
  return largestOf([...objects, ...withoutOwner(report)], count)
}

function largestOf<T extends { readonly bytes: number }>(things: readonly T[], count: number): T[] {
  return things
    .filter(({ bytes }) => bytes > 0)
    .sort((a, b) => b.bytes - a.bytes)
    .slice(0, count)
}

/** What nobody owns, and what was deleted while a process still holds it. */
function withoutOwner(report: Report): LargeThing[] {
  const orphans = report.orphans.map(
    ({ kind, root, path, size }): LargeThing => ({
      key: `${kind} ${root} ${path}`,
      target: {
        kind: 'category',
        category: kind === 'hidden' ? 'hidden-stores' : kind === 'orphan' ? 'orphans' : 'temporary',
      },
      what: kind,
      bytes: size.disk ?? 0,
      name: path,
    }),
  )
  const deleted = report.deletedFiles.map(
    ({ root, path, size, processes }): LargeThing => ({
      key: `deleted ${root} ${path}`,
      target: { kind: 'category', category: 'deleted-files' },
      what: 'deleted',
      bytes: size.disk,
      name: `${path}, held open by ${processes.map(({ command, pid }) => `${command} (${pid})`).join(', ')}`,
    }),
  )
  return [...orphans, ...deleted]
}

/** How an object is called in a list of objects of all kinds. */
export function nameInList(report: Report, ref: ObjectRef): string {
  const index = indexOf(report)
  const name = objectName(report, ref)
  if (ref.kind === 'cache-record') return `${name} ${index.cacheRecord(ref)?.description ?? ''}`.trim()
  if (ref.kind !== 'layer') return name
  const images = (index.layer(ref)?.images ?? []).map((id) =>
    index.image({ kind: 'image', home: ref.home, id }),
  )
  const known = images.find((image) => image !== undefined && image.tags.length > 0) ?? images[0]
  if (known === undefined) return `${name} in no image`
  const label = known.tags[0] ?? `<none> ${shortId(known.id)}`
  return `${name} in ${label}${images.length > 1 ? ` and ${images.length - 1} more` : ''}`
}
