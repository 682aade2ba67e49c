import { describe, expect, test } from 'vitest'
import type { Report } from '../../src/report/schema.ts'
import { totalOf, totalOfCache, totalOfImages } from '../../src/report/totals.ts'
import { image, layer, reportFrom } from '../analysis/build-model.ts'
import { recordedReportOf, reportOf } from '../tui/support/reports.ts'

const booked = (report: Report, ...categories: string[]): number =>
  report.ledger.entries.reduce(
    (sum, { category, disk }) => (categories.includes(category) ? sum + disk : sum),
    0,
  )

describe('what images take together', () => {
  test.each(['overlay2-buildkit', 'containerd', 'podman-overlay'] as const)(
    'in %s is each layer and each blob once, as the ledger books them',
    (name) => {
      const report = reportOf([name])
      const blobs = report.images.flatMap(({ blobs }) => blobs)
      const unused = report.layers.filter(({ images }) => images.length === 0)
      const layers =
        booked(report, 'image-layers') - unused.reduce((sum, { size }) => sum + (size.disk ?? 0), 0)
      const total = totalOfImages(report, report.images)
      expect(total.count).toBe(report.images.length)
      expect(total.bytes).toBe(layers + (blobs.length > 0 ? booked(report, 'image-blobs') : 0))
      for (const one of report.images) expect(totalOfImages(report, [one, one]).bytes).toBe(one.size.disk)
    },
  )

  test('is the recorded bytes where nothing was measured, and at least so much where some are not known', () => {
    const report = recordedReportOf(['overlay2-buildkit'])
    const content = report.layers.reduce(
      (sum, { images, size }) => sum + (images.length > 0 ? (size.content ?? 0) : 0),
      0,
    )
    expect(totalOfImages(report, report.images)).toMatchObject({
      bytes: content,
      isMeasured: false,
      isWhole: true,
    })
    const unknown = reportFrom({
      layers: [layer('a', null, 1), layer('b', 'a', null)],
      images: [image('i', ['a', 'b']), image('j', ['a'])],
    })
    expect(totalOfImages(unknown, unknown.images)).toMatchObject({ bytes: 1, isWhole: false })
  })
})

test('the sum of other things is a plain sum', () => {
  const report = reportOf(['overlay2-buildkit'])
  const sizes = report.containers.map(({ size }) => size.total)
  expect(totalOf(report, sizes)).toMatchObject({
    count: sizes.length,
    bytes: booked(report, 'writable-layers', 'container-logs', 'container-files'),
    isWhole: true,
  })
  expect(totalOf(report, [{ content: 1, disk: null }])).toMatchObject({ bytes: 0, isWhole: false })
})

test('the whole build cache is what the ledger books to it, and what images hold comes on top', () => {
  const report = reportOf(['overlay2-buildkit'])
  const total = totalOfCache(report, report.cacheRecords)
  expect(total.bytes).toBe(booked(report, 'build-cache'))
  expect(total.withImages).toBeGreaterThan(0)
  const unshared = report.cacheRecords.filter(({ shared }) => !shared)
  expect(totalOfCache(report, unshared)).toMatchObject({ count: unshared.length, withImages: 0 })
})
