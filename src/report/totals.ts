import { cacheBytes } from './cache-bytes.ts'
import type { Report, ReportCacheRecord, ReportImage, ReportSize } from './schema.ts'

/** What some objects of a list take together. */
export interface Total {
  readonly count: number
  /** Bytes on disk, of what was not measured the recorded ones. */
  readonly bytes: number
  readonly isMeasured: boolean
  /** False where of some the bytes are not known: then it is at least so much. */
  readonly isWhole: boolean
  /** Of the build cache, what images hold too: it comes on top. */
  readonly withImages?: number
}

/** The sum of what objects take of which no two have bytes in common. */
export function totalOf(report: Report, sizes: readonly Omit<ReportSize, 'files'>[]): Total {
  const isMeasured = report.ledger.measured
  let bytes = 0
  let isWhole = true
  for (const size of sizes) {
    const part = isMeasured ? size.disk : size.content
    if (part === null) isWhole = false
    else bytes += part
  }
  return { count: sizes.length, bytes, isMeasured, isWhole }
}

/** What images take together: each layer and each blob once, however many of them share it. */
export function totalOfImages(report: Report, images: readonly ReportImage[]): Total {
  const { parts, partsOf } = imageParts(report)
  const different = new Set(images)
  const seen = new Uint8Array(parts.length)
  const sizes: Omit<ReportSize, 'files'>[] = []
  for (const image of different)
    for (const part of partsOf.get(image) ?? []) {
      const size = parts[part]
      if (size === undefined || seen[part] === 1) continue
      seen[part] = 1
      sizes.push(size)
    }
  return { ...totalOf(report, sizes), count: different.size }
}

/** What records of the build cache take by themselves; all of them what the ledger books to the build cache. */
export function totalOfCache(report: Report, records: readonly ReportCacheRecord[]): Total {
  const total = totalOf(
    report,
    records.map(({ size }) => size),
  )
  const { own, withImages } = cacheBytes(report, records)
  if (!total.isMeasured || own === null || withImages === null) return total
  const isAll = records.length === report.cacheRecords.length
  return { ...total, bytes: isAll ? bookedToCache(report) : own, withImages }
}

const bookedToCache = ({ ledger }: Report): number =>
  ledger.entries.reduce((sum, { category, disk }) => (category === 'build-cache' ? sum + disk : sum), 0)

interface ImageParts {
  readonly parts: readonly Omit<ReportSize, 'files'>[]
  /** The places of an image's layers and blobs among the parts. */
  readonly partsOf: ReadonlyMap<ReportImage, readonly number[]>
}

const partsOfReports = new WeakMap<Report, ImageParts>()

function imageParts(report: Report): ImageParts {
  const known = partsOfReports.get(report) ?? collectParts(report)
  partsOfReports.set(report, known)
  return known
}

/** An image holds layers of other platforms too, which only the layers tell. */
function collectParts({ images, layers, stores }: Report): ImageParts {
  const parts: Omit<ReportSize, 'files'>[] = []
  const partsOf = new Map<ReportImage, number[]>(images.map((image) => [image, []]))
  const byKey = new Map(images.map((image) => [`${image.store}\0${image.id}`, partsOf.get(image)]))
  for (const layer of layers) {
    for (const image of layer.images) byKey.get(`${layer.store}\0${image}`)?.push(parts.length)
    parts.push(layer.size)
  }
  const rootOf = new Map(stores.map(({ id, root }) => [id, root]))
  const blobs = new Map<string, number>()
  for (const [image, own] of partsOf)
    for (const { digest, disk } of image.blobs) {
      const key = `${rootOf.get(image.store)}\0${digest}`
      const place = blobs.get(key) ?? parts.push({ content: 0, disk }) - 1
      blobs.set(key, place)
      own.push(place)
    }
  return { parts, partsOf }
}
