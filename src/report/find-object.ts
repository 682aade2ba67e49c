import type {
  Report,
  ReportCacheRecord,
  ReportContainer,
  ReportImage,
  ReportLayer,
  ReportVolume,
} from './schema.ts'

/** An object of the report with its kind. */
export type Found =
  | { readonly kind: 'image'; readonly object: ReportImage }
  | { readonly kind: 'layer'; readonly object: ReportLayer }
  | { readonly kind: 'container'; readonly object: ReportContainer }
  | { readonly kind: 'volume'; readonly object: ReportVolume }
  | { readonly kind: 'cache-record'; readonly object: ReportCacheRecord }

/**
 * What a name may mean: an exact name or id wins over prefixes. In the old layout an image and its layer have one id: it
 * means the image there, and `layer:ID` the layer; so may any kind stand before what it is a name of.
 */
export function findObjects(report: Report, query: string, kinds?: readonly Found['kind'][]): Found[] {
  const found = findCalled(report, query, kinds)
  if (found.length > 0) return withoutLayersOfImages(found)
  const [, kind, rest = ''] = /^([a-z-]+):(.+)$/s.exec(query) ?? []
  const meant = (kinds ?? FOUND_KINDS).find((each) => each === kind)
  return meant === undefined ? [] : findCalled(report, rest, [meant])
}

export const FOUND_KINDS: readonly Found['kind'][] = ['image', 'container', 'layer', 'volume', 'cache-record']

function withoutLayersOfImages(found: readonly Found[]): Found[] {
  const isImage = ({ id, store }: ReportLayer): boolean =>
    found.some(({ kind, object }) => kind === 'image' && object.id === id && object.store === store)
  return found.filter(({ kind, object }) => kind !== 'layer' || !isImage(object))
}

function findCalled(report: Report, query: string, kinds?: readonly Found['kind'][]): Found[] {
  const candidates = allObjects(report).filter(({ kind }) => kinds === undefined || kinds.includes(kind))
  const exact = candidates.filter((found) => namesOf(found).includes(query) || idsOf(found).includes(query))
  if (exact.length > 0) return exact
  const tagged = candidates.filter((found) => namesOf(found).includes(`${query}:latest`))
  if (tagged.length > 0) return tagged
  const short = candidates.filter(
    (found) => found.kind === 'image' && namesOf(found).some(isShortFor(withoutRegistry(query))),
  )
  if (short.length > 0) return short
  const bare = query.replace(/^sha256:/, '')
  if (!/^[0-9a-z]{2,}$/.test(bare)) return []
  return candidates.filter((found) =>
    idsOf(found).some((id) => id.startsWith(query) || id.replace(/^sha256:/, '').startsWith(bare)),
  )
}

function allObjects(report: Report): Found[] {
  return [
    ...report.images.map((object): Found => ({ kind: 'image', object })),
    ...report.containers.map((object): Found => ({ kind: 'container', object })),
    ...report.layers.map((object): Found => ({ kind: 'layer', object })),
    ...report.volumes.map((object): Found => ({ kind: 'volume', object })),
    ...report.cacheRecords.map((object): Found => ({ kind: 'cache-record', object })),
  ]
}

/** The names that a person knows an object by. */
function namesOf(found: Found): string[] {
  switch (found.kind) {
    case 'image':
      return [...found.object.tags, ...found.object.digests]
    case 'container':
      return [found.object.name, `/${found.object.name}`]
    case 'volume':
      return [found.object.name]
    default:
      return []
  }
}

/** Containerd and podman keep names in full, docker does not; people write the registry that is meant, or leave it out. */
const isShortFor =
  (asked: readonly string[]) =>
  (name: string): boolean =>
    asked.includes(short(name))

const short = (name: string): string => name.replace(/^(docker\.io\/library|docker\.io|localhost)\//, '')

const withoutRegistry = (query: string): string[] => [short(query), `${short(query)}:latest`]

/** The ids that an object is known by: also diff IDs, twins, and the names of the directories that hold its data. */
function idsOf(found: Found): string[] {
  switch (found.kind) {
    case 'volume':
      return [found.object.name]
    case 'layer':
      return [found.object.id, found.object.diffId, found.object.cacheId].filter((id) => id !== null)
    case 'container':
      return [found.object.id, found.object.mountId, found.object.initId].filter((id) => id !== null)
    case 'cache-record':
      return [found.object.id, ...found.object.twins]
    case 'image':
      // Kubernetes names an image by its config, too.
      return [found.object.id, ...found.object.digests.filter((digest) => digest.startsWith('sha256:'))]
  }
}

/** The name that a person knows an object by, that which was asked for before others; null where it has none. */
export function nameOf(found: Found, query: string): string | null {
  const names = namesOf(found).filter((name) => name !== '')
  const asked = [query, `${query}:latest`]
  return (
    names.find((name) => asked.includes(name)) ??
    names.find(isShortFor(withoutRegistry(query))) ??
    names[0] ??
    null
  )
}

/** An object in words: `image app:1 (344bb75a1fc9)`. */
export function describeFound(found: Found): string {
  const id = found.kind === 'volume' ? '' : ` (${idsOf(found)[0]})`
  return `${found.kind} ${namesOf(found)[0] ?? ''}${id}`.replace('  ', ' ')
}
