import { createCatalog } from '../../../src/analysis/catalog.ts'
import { createReport } from '../../../src/report/report.ts'
import type { Report, ReportImage, ReportLayer } from '../../../src/report/schema.ts'
import { scan } from '../../../src/scan/scan.ts'
import { type FixtureName, fixtureRoot } from '../../support/fixtures.ts'

/** The report of fixtures, as the scan thread makes it. Ages count from a fixed day. */
export function reportOf(names: readonly FixtureName[], options = { measure: true }): Report {
  const { model, surveys } = scan(names.map(fixtureRoot), options)
  return createReport(createCatalog(model, surveys), {
    version: 'test',
    generatedAt: '2030-01-01T00:00:00.000Z',
  })
}

/** The recorded facts of the same, before anything is measured. */
export const recordedReportOf = (names: readonly FixtureName[]): Report => reportOf(names, { measure: false })

const hex = (number: number): string => number.toString(16).padStart(64, '0')

/** A report of made-up images on one layer each: as many as a test likes, named as it likes. */
export function reportOfImages(base: Report, names: readonly string[]): Report {
  const [image] = base.images
  const [layer] = base.layers
  if (image === undefined || layer === undefined) throw new Error('the base report has no image to copy')
  const layers = names.map(
    (_, index): ReportLayer => ({
      ...layer,
      id: `sha256:${hex(index)}`,
      parent: null,
      depth: 1,
      images: [`sha256:${hex(index)}`],
      size: { content: index * 1000, disk: index * 4096, files: 2 },
    }),
  )
  const images = names.map(
    (name, index): ReportImage => ({
      ...image,
      id: `sha256:${hex(index)}`,
      tags: [name],
      digests: [],
      intermediate: false,
      loaded: true,
      layers: [`sha256:${hex(index)}`],
      size: { ...image.size, engine: index * 1000, disk: index * 4096 },
    }),
  )
  return { ...base, images, layers }
}
