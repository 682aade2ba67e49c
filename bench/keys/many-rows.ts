import type { Report, ReportImage, ReportLayer } from '../../src/report/schema.ts'

/** Layers of one image: each stands on the one before it. */
const CHAIN = 20

/** A report with so many images and as many layers, in chains, each like one of the report's own. */
export function withManyRows(report: Report, rows: number): Report {
  const image = report.images.find(({ tags }) => tags.length > 0) ?? report.images[0]
  const layer = report.layers[0]
  if (image === undefined || layer === undefined) throw new Error('the report has no image to copy')
  const numbers = Array.from({ length: rows }, (_, number) => number)
  return {
    ...report,
    images: numbers.map((number) => imageOf(image, number)),
    layers: numbers.map((number) => layerOf(layer, number, rows)),
  }
}

const hex = (number: number): string => number.toString(16).padStart(64, '0')

const topOf = (number: number, rows: number): number =>
  Math.min(rows, (Math.floor(number / CHAIN) + 1) * CHAIN) - 1

/** Sizes in no order, so that there is something to sort. */
const bytesOf = (number: number): number => ((number * 7919) % 99_991) * 1024

const imageOf = (like: ReportImage, number: number): ReportImage => ({
  ...like,
  id: `sha256:${hex(number)}`,
  tags: [`registry.example.com/team/app-${number}:latest`],
  digests: [],
  intermediate: false,
  loaded: true,
  containers: [],
  layers: Array.from({ length: (number % CHAIN) + 1 }, (_, step) =>
    hex(Math.floor(number / CHAIN) * CHAIN + step),
  ),
  size: { ...like.size, engine: bytesOf(number), disk: bytesOf(number) },
})

const layerOf = (like: ReportLayer, number: number, rows: number): ReportLayer => ({
  ...like,
  id: hex(number),
  diffId: `sha256:${hex(number)}`,
  cacheId: hex(number),
  path: `overlay2/${hex(number)}`,
  parent: number % CHAIN === 0 ? null : hex(number - 1),
  depth: (number % CHAIN) + 1,
  images: number === topOf(number, rows) ? [`sha256:${hex(number)}`] : [],
  containers: [],
  cacheRecords: [],
  size: { content: bytesOf(number), disk: bytesOf(number), files: 2 },
})
