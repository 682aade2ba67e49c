import { groupBy } from '../model/group-by.ts'
import { shortId } from '../model/ids.ts'
import { imageLabel } from '../report/forest.ts'
import type {
  Report,
  ReportCacheRecord,
  ReportContainer,
  ReportFinding,
  ReportImage,
  ReportLayer,
  ReportVolume,
} from '../report/schema.ts'

export type ObjectKind = 'image' | 'layer' | 'container' | 'volume' | 'cache-record'

/** Which object is meant, across refreshes. `home` is its store; of a volume or a storeless container, its root or ''. */
export interface ObjectRef {
  readonly kind: ObjectKind
  readonly home: string
  readonly id: string
}

export const refKey = ({ kind, home, id }: ObjectRef): string => `${kind}\0${home}\0${id}`

export const imageRef = (image: ReportImage): ObjectRef => ({
  kind: 'image',
  home: image.store,
  id: image.id,
})
export const layerRef = (layer: ReportLayer): ObjectRef => ({
  kind: 'layer',
  home: layer.store,
  id: layer.id,
})
export const containerRef = (container: ReportContainer): ObjectRef => ({
  kind: 'container',
  home: container.store ?? '',
  id: container.id,
})
export const volumeRef = (volume: ReportVolume): ObjectRef => ({
  kind: 'volume',
  home: volume.root,
  id: volume.name,
})
export const cacheRef = (record: ReportCacheRecord): ObjectRef => ({
  kind: 'cache-record',
  home: record.store,
  id: record.id,
})

/** The report's objects by what names them; made once per report. */
export interface ReportIndex {
  image(ref: ObjectRef): ReportImage | undefined
  layer(ref: ObjectRef): ReportLayer | undefined
  container(ref: ObjectRef): ReportContainer | undefined
  volume(ref: ObjectRef): ReportVolume | undefined
  cacheRecord(ref: ObjectRef): ReportCacheRecord | undefined
  children(layer: ReportLayer): readonly ReportLayer[]
  findings(ref: ObjectRef): readonly ReportFinding[]
  /** The root that the paths of an object are relative to. */
  rootOf(ref: ObjectRef): string
}

const indexes = new WeakMap<Report, ReportIndex>()

export function indexOf(report: Report): ReportIndex {
  const known = indexes.get(report)
  if (known !== undefined) return known
  const index = createIndex(report)
  indexes.set(report, index)
  return index
}

function createIndex(report: Report): ReportIndex {
  const images = new Map(report.images.map((image) => [refKey(imageRef(image)), image]))
  const layers = new Map(report.layers.map((layer) => [refKey(layerRef(layer)), layer]))
  const containers = new Map(
    report.containers.map((container) => [refKey(containerRef(container)), container]),
  )
  const volumes = new Map(report.volumes.map((volume) => [refKey(volumeRef(volume)), volume]))
  const records = new Map(report.cacheRecords.map((record) => [refKey(cacheRef(record)), record]))
  const roots = new Map(report.stores.map((store) => [store.id, store.root]))
  const children = groupBy(report.layers, (layer) => `${layer.store}\0${layer.parent}`)
  const findings = groupBy(report.findings, ({ subject }) => `${subject?.kind}\0${subject?.id}`)
  const rootOf = (ref: ObjectRef): string =>
    ref.kind === 'volume' ? ref.home : (roots.get(ref.home) ?? report.roots[0]?.path ?? '')
  return {
    image: (ref) => images.get(refKey(ref)),
    layer: (ref) => layers.get(refKey(ref)),
    container: (ref) => containers.get(refKey(ref)),
    volume: (ref) => volumes.get(refKey(ref)),
    cacheRecord: (ref) => records.get(refKey(ref)),
    children: (layer) => children.get(`${layer.store}\0${layer.id}`) ?? [],
    findings: (ref) =>
      (findings.get(`${ref.kind}\0${ref.id}`) ?? []).filter(({ root }) => root === rootOf(ref)),
    rootOf,
  }
}

/** How an object is called in a sentence or a trail of pages, unescaped. */
export function objectName(report: Report, ref: ObjectRef): string {
  const index = indexOf(report)
  switch (ref.kind) {
    case 'image': {
      const image = index.image(ref)
      return image === undefined ? shortId(ref.id) : imageLabel(image)
    }
    case 'container':
      return index.container(ref)?.name || shortId(ref.id)
    case 'volume':
      return ref.id
    case 'layer':
    case 'cache-record':
      return shortId(ref.id)
  }
}

export const KIND_NAMES: Readonly<Record<ObjectKind, string>> = {
  image: 'image',
  layer: 'layer',
  container: 'container',
  volume: 'volume',
  'cache-record': 'cache record',
}

/** Where an object's files are, as an absolute path; null where no directory is known. */
export function objectDirectory(report: Report, ref: ObjectRef): string | null {
  const place = objectPlace(report, ref)
  return place === null ? null : `${place.root}/${place.path}`
}

/** The same as a path of its root. */
export function objectPlace(
  report: Report,
  ref: ObjectRef,
): { readonly root: string; readonly path: string } | null {
  const index = indexOf(report)
  const relative = ((): string | null | undefined => {
    switch (ref.kind) {
      case 'image': {
        const image = index.image(ref)
        const top = image?.layers.at(-1)
        return top === undefined ? null : index.layer({ kind: 'layer', home: ref.home, id: top })?.path
      }
      case 'layer':
        return index.layer(ref)?.path
      case 'container':
        return index.container(ref)?.layerPath
      case 'volume':
        return index.volume(ref)?.path
      case 'cache-record':
        return index.cacheRecord(ref)?.path
    }
  })()
  return relative === null || relative === undefined ? null : { root: index.rootOf(ref), path: relative }
}

/** The log files of a container, as paths of the root of the engine that runs it. */
export function logPlaces(
  report: Report,
  ref: ObjectRef,
): { readonly root: string; readonly paths: string[] } {
  const index = indexOf(report)
  const engineRoot = report.stores.find(({ id }) => id === ref.home)?.usedBy
  const logs = ref.kind === 'container' ? (index.container(ref)?.logs ?? []) : []
  return { root: engineRoot ?? index.rootOf(ref), paths: logs.map(({ path }) => path) }
}
