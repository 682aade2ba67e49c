import type { Report, ReportCacheRecord } from './schema.ts'

/** The disk bytes of records, every directory once; null where one of them is unknown. */
export interface CacheBytes {
  /** What no image holds too: the ledger books it to the build cache. */
  readonly own: number | null
  /** What the ledger books to the layers of images. */
  readonly withImages: number | null
}

const layersOfImages = new WeakMap<Report, ReadonlySet<string>>()

/** Tells what records of the build cache take by themselves from what they share with images. */
export function cacheBytes(report: Report, records: Iterable<ReportCacheRecord>): CacheBytes {
  const ofImages = imageLayers(report)
  const counted = new Set<string>()
  const sums: { own: number | null; withImages: number | null } = { own: 0, withImages: 0 }
  for (const { store, layer, path, size } of records) {
    if (path !== null && counted.size === counted.add(`${store}\0${path}`).size) continue
    const part = layer !== null && ofImages.has(`${store}\0${layer}`) ? 'withImages' : 'own'
    const sum = sums[part]
    sums[part] = sum === null || size.disk === null ? null : sum + size.disk
  }
  return sums
}

/** The layers that images hold, by store and id; looked for once per report. */
function imageLayers(report: Report): ReadonlySet<string> {
  const known = layersOfImages.get(report)
  if (known !== undefined) return known
  const found = new Set(
    report.layers.filter(({ images }) => images.length > 0).map(({ store, id }) => `${store}\0${id}`),
  )
  layersOfImages.set(report, found)
  return found
}
