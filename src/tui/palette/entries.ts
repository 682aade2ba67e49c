import { escapeText } from '../../report/escape.ts'
import { codesTogether } from '../../report/finding-groups.ts'
import { byGravity } from '../../report/gravity.ts'
import type { Report } from '../../report/schema.ts'
import type { Target } from '../documents/document.ts'
import { cacheRef, containerRef, imageRef, layerRef, type ObjectRef, volumeRef } from '../objects.ts'

/** Something that can be found by name. */
export interface Entry {
  readonly kind: 'image' | 'layer' | 'container' | 'volume' | 'cache record' | 'finding' | 'path'
  readonly target: Target
  /** The line of the page that is opened. */
  readonly item: string | null
  readonly bytes: number | null
  /** Its names, ids and paths in lower case, each between line ends, the one that it goes by first. */
  readonly text: string
  /** The directory of its files, relative to its root. */
  readonly path: string | null
}

/** The entries of a report, made one after the other as they are asked for. */
export interface Entries {
  readonly count: number
  at(index: number): Entry
  /** Makes entries ahead for that long; true when all are made. */
  prepare(milliseconds: number): boolean
}

const made = new WeakMap<Report, Entries>()

/** The same entries for as long as the report is the same. */
export function entriesOf(report: Report): Entries {
  const known = made.get(report) ?? createEntries(report)
  made.set(report, known)
  return known
}

function createEntries(report: Report): Entries {
  const findings = byGravity(report.findings)
  const together = codesTogether(findings)
  const parts: readonly Part[] = [
    part(report.images, (image) =>
      object('image', imageRef(image), image.size.engine, [...image.tags, image.id, ...image.digests]),
    ),
    part(report.containers, (container) => {
      const { name, id, mountId, layerPath, size } = container
      return object('container', containerRef(container), size.writable.disk, [name, id, mountId], layerPath)
    }),
    part(report.volumes, (volume) =>
      object('volume', volumeRef(volume), sizeOf(volume.size), [volume.name], volume.path),
    ),
    part(report.layers, (layer) => {
      const { id, diffId, cacheId, path } = layer
      return object('layer', layerRef(layer), sizeOf(layer.size), [id, diffId, cacheId], path)
    }),
    part(report.cacheRecords, (record) => {
      const { id, description, twins, path } = record
      return object('cache record', cacheRef(record), sizeOf(record.size), [description, id, ...twins], path)
    }),
    part(findings, ({ code, message, path }, index) => ({
      kind: 'finding',
      target: together.has(code) ? { kind: 'findings', code } : { kind: 'findings' },
      item: `finding ${index}`,
      bytes: null,
      text: textOf([message, code, path]),
      path: null,
    })),
    part(report.orphans, ({ path, kind, size }) => ({
      kind: 'path',
      target: { kind: 'category', category: CATEGORY_OF[kind] },
      item: `orphan ${path}`,
      bytes: size.disk,
      text: textOf([path, kind]),
      path,
    })),
  ]
  const count = parts.reduce((sum, each) => sum + each.count, 0)
  const entries: (Entry | undefined)[] = []
  let prepared = 0
  const make = (index: number): Entry => {
    let at = index
    for (const each of parts) {
      const entry = at < each.count ? each.make(at) : undefined
      if (entry !== undefined) return entry
      at -= each.count
    }
    throw new RangeError(`entry ${index} of ${count}`)
  }
  const at = (index: number): Entry => {
    const entry = entries[index] ?? make(index)
    entries[index] = entry
    return entry
  }
  return {
    count,
    at,
    prepare(milliseconds) {
      const endAtMs = performance.now() + milliseconds
      while (prepared < count) {
        for (let made = 0; made < 16 && prepared < count; made++) at(prepared++)
        if (performance.now() > endAtMs) return false
      }
      return true
    },
  }
}

const CATEGORY_OF = { orphan: 'orphans', leftover: 'temporary', hidden: 'hidden-stores' } as const

/** Things of one kind, each an entry when it is asked for. */
interface Part {
  readonly count: number
  readonly make: (index: number) => Entry | undefined
}

const part = <T>(items: readonly T[], entryOf: (item: T, index: number) => Entry): Part => ({
  count: items.length,
  make: (index) => {
    const item = items[index]
    return item === undefined ? undefined : entryOf(item, index)
  },
})

const sizeOf = (size: { readonly disk: number | null; readonly content: number | null }): number | null =>
  size.disk ?? size.content

const object = (
  kind: Entry['kind'],
  ref: ObjectRef,
  bytes: number | null,
  names: readonly (string | null)[],
  path: string | null = null,
): Entry => ({
  kind,
  target: { kind: 'object', ref },
  item: null,
  bytes,
  text: textOf([...names, path]),
  path,
})

/** An id goes without the name of its hash, and is looked for without it. */
function textOf(names: readonly (string | null)[]): string {
  const known = names.flatMap((name) => (name === null || name === '' ? [] : [withoutHash(escapeText(name))]))
  return `\n${known.join('\n').toLowerCase()}\n`
}

export const withoutHash = (id: string): string => id.replace(/^sha256:/, '')
