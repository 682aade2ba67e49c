import type { Report, ReportImage, ReportLayer } from './schema.ts'

/** What keeps the layers of an image on disk when it is removed. */
export type Holder = 'containers' | 'other images' | 'build cache'

const keyOf = (store: string, id: string): string => `${store}\0${id}`

/** Bytes on disk of what removing an image frees, of what was not measured the recorded ones; null where neither is known. */
export const freedBytes = ({ size: { freedIfRemoved } }: ReportImage): number | null =>
  freedIfRemoved.disk ?? freedIfRemoved.content

interface Holdings {
  readonly layers: ReadonlyMap<string, ReportLayer>
  readonly images: ReadonlyMap<string, ReportImage>
  /** Layers that a container or a record of the build cache stands on, and all below them. */
  readonly ofContainers: ReadonlySet<string>
  readonly ofCache: ReadonlySet<string>
}

const holdingsOfReports = new WeakMap<Report, Holdings>()

/** Who holds the topmost layer of an image that takes bytes; nobody where none of its layers does. */
export function holdersOf(report: Report, image: ReportImage): Holder[] {
  const holdings = holdingsOfReports.get(report) ?? holdingsIn(report)
  holdingsOfReports.set(report, holdings)
  const { layers, ofContainers, ofCache } = holdings
  const top = image.layers
    .map((id) => layers.get(keyOf(image.store, id)))
    .findLast((layer) => layer !== undefined && (layer.size.disk ?? layer.size.content) !== 0)
  if (top === undefined) return []
  const key = keyOf(top.store, top.id)
  const goes = removedWith(holdings.images, image)
  const holders: Holder[] = []
  if (ofContainers.has(key)) holders.push('containers')
  if (top.images.some((id) => !goes.has(id))) holders.push('other images')
  if (ofCache.has(key)) holders.push('build cache')
  return holders
}

/** The steps of its build have no names and go with the image. */
function removedWith(images: Holdings['images'], image: ReportImage): Set<string> {
  const gone = new Set<string>()
  for (let at: ReportImage | undefined = image; at !== undefined && !gone.has(at.id); ) {
    gone.add(at.id)
    const parent: ReportImage | undefined =
      at.parent === null ? undefined : images.get(keyOf(at.store, at.parent))
    at = parent?.intermediate === true ? parent : undefined
  }
  return gone
}

function holdingsIn(report: Report): Holdings {
  const layers = new Map(report.layers.map((layer) => [keyOf(layer.store, layer.id), layer]))
  const withBelow = (isHeld: (layer: ReportLayer) => boolean): Set<string> => {
    const held = new Set<string>()
    for (const layer of report.layers) {
      if (!isHeld(layer)) continue
      for (let at: ReportLayer | undefined = layer; at !== undefined; ) {
        const key = keyOf(at.store, at.id)
        // What is below is held already.
        if (held.has(key)) break
        held.add(key)
        at = at.parent === null ? undefined : layers.get(keyOf(at.store, at.parent))
      }
    }
    return held
  }
  return {
    layers,
    images: new Map(report.images.map((image) => [keyOf(image.store, image.id), image])),
    ofContainers: withBelow(({ containers }) => containers.length > 0),
    ofCache: withBelow(({ cacheRecords }) => cacheRecords.length > 0),
  }
}
