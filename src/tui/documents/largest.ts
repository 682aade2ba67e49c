import { shortId } from '../../model/ids.ts'
import type { Report, ReportContainer } from '../../report/schema.ts'
import {
  cacheRef,
  containerRef,
  imageRef,
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
  readonly bytes: number
  /** Made where it is shown: of thousands of things few are. */
  name(): string
}

const known = new WeakMap<Report, readonly LargeThing[]>()

/** The single things, the largest first, no byte twice: layers rather than images, and each log apart from its container. */
export function largestThings(report: Report): readonly LargeThing[] {
  const things = known.get(report) ?? largestFirst([...objectsOf(report), ...withoutOwner(report)])
  known.set(report, things)
  return things
}

export const largestFirst = (things: readonly LargeThing[]): readonly LargeThing[] =>
  things.filter(({ bytes }) => bytes > 0).sort((a, b) => b.bytes - a.bytes)

/** Each image by what goes if it alone is removed. */
export const imagesAlone = (report: Report): LargeThing[] =>
  report.images.map((image) =>
    thing(report, imageRef(image), 'image alone', image.size.freedIfRemoved.disk ?? 0),
  )

function thing(report: Report, ref: ObjectRef, what: string, bytes: number, item?: string): LargeThing {
  return {
    key: `${what} ${ref.home} ${ref.id}`,
    target: item === undefined ? { kind: 'object', ref } : { kind: 'object', ref, item },
    what,
    bytes,
    name: () => nameInList(report, ref),
  }
}

function objectsOf(report: Report): LargeThing[] {
  const things: LargeThing[] = []
  for (const layer of report.layers)
    things.push(thing(report, layerRef(layer), 'layer', layer.size.disk ?? layer.size.content ?? 0))
  for (const container of report.containers) {
    const ref = containerRef(container)
    things.push(thing(report, ref, 'container', container.size.writable.disk ?? 0))
    things.push(thing(report, ref, 'log', container.size.logs.disk ?? 0, largestLog(container)))
  }
  for (const volume of report.volumes)
    things.push(thing(report, volumeRef(volume), 'volume', volume.size.disk ?? 0))
  for (const record of report.cacheRecords)
    if (record.layer === null)
      things.push(
        thing(report, cacheRef(record), 'build cache', record.size.disk ?? record.size.content ?? 0),
      )
  return things
}

/** The line of a container's page that is about its largest log. */
function largestLog({ logs }: ReportContainer): string | undefined {
  const [largest] = logs.toSorted((a, b) => (b.disk ?? b.content ?? 0) - (a.disk ?? a.content ?? 0))
  return largest === undefined ? undefined : `entry ${largest.path}`
}

/** What nobody owns, and what was deleted while a process still holds it. */
function withoutOwner(report: Report): LargeThing[] {
  const orphans = report.orphans.map(
    ({ kind, root, path, size }): LargeThing => ({
      key: `${kind} ${root} ${path}`,
      target: {
        kind: 'category',
        category: kind === 'hidden' ? 'hidden-stores' : kind === 'orphan' ? 'orphans' : 'temporary',
        item: `orphan ${path}`,
      },
      what: kind,
      bytes: size.disk ?? 0,
      name: () => path,
    }),
  )
  const deleted = report.deletedFiles.map(
    ({ root, path, size, processes }): LargeThing => ({
      key: `deleted ${root} ${path}`,
      target: { kind: 'category', category: 'deleted-files' },
      what: 'deleted',
      bytes: size.disk,
      name: () =>
        `${path}, held open by ${processes.map(({ command, pid }) => `${command} (${pid})`).join(', ')}`,
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
