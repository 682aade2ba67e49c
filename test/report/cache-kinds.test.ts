import { beforeAll, expect, test } from 'vitest'
import { createCatalog } from '../../src/analysis/catalog.ts'
import { bookedPaths } from '../../src/analysis/ledger.ts'
import { cacheBytes } from '../../src/report/cache-bytes.ts'
import { cacheKinds } from '../../src/report/cache-kinds.ts'
import type { Report } from '../../src/report/schema.ts'
import { scan } from '../../src/scan/scan.ts'
import { fixtureRoot } from '../support/fixtures.ts'
import { reportOf } from '../tui/support/reports.ts'

let report: Report
beforeAll(() => {
  report = reportOf(['overlay2-buildkit'])
})

test('every record stands under its kind, and what they come to together is what docker says', () => {
  const kinds = cacheKinds(report)
  expect(kinds.flatMap(({ records }) => records)).toHaveLength(report.cacheRecords.length)
  for (const { type, records } of kinds)
    expect(new Set(records.map((each) => each.type))).toEqual(new Set([type]))
  const reclaimable = kinds.reduce((sum, kind) => sum + (kind.reclaimable ?? Number.NaN), 0)
  expect(reclaimable).toBe(report.engineView?.buildCache.reclaimable)
})

test('what a build uses, or an image, cannot be reclaimed; the oldest use is the earliest', () => {
  const [first] = report.cacheRecords
  if (first === undefined) throw new Error('the fixture has no build cache')
  const record = { ...first, type: 'regular', size: { content: 10, disk: 4096 }, shared: false, inUse: null }
  const times = ['2020-05-01T00:00:00Z', '2019-05-01T00:00:00.123456789Z', null]
  const [kind] = cacheKinds({
    ...report,
    cacheRecords: [
      { ...record, lastUsedAt: times[0] ?? null },
      { ...record, lastUsedAt: times[1] ?? null, inUse: true },
      { ...record, lastUsedAt: null, shared: true },
    ],
  })
  expect(kind).toMatchObject({ content: 30, reclaimable: 10, oldestUse: times[1] })
})

test('an unknown part makes the sum unknown', () => {
  const [kind] = cacheKinds({
    ...report,
    cacheRecords: report.cacheRecords.map((record) => ({ ...record, size: { content: null, disk: null } })),
  })
  expect(kind).toMatchObject({ disk: { own: null }, content: null, reclaimable: null })
})

test('what images hold too is told from its own, which is what the ledger books to the build cache', () => {
  const kinds = cacheKinds(report)
  const own = kinds.reduce((sum, { disk }) => sum + (disk.own ?? Number.NaN), 0)
  const root = fixtureRoot('overlay2-buildkit')
  const { model, surveys } = scan([root], { measure: true })
  const paths = new Set(report.cacheRecords.map(({ path }) => path))
  // The directories of a content store are of no record.
  const booked = bookedPaths(createCatalog(model, surveys), [], root, 'build-cache').filter(
    ({ path }) => paths.has(path) || !path.startsWith('buildkit/content'),
  )
  expect(own).toBe(booked.reduce((sum, { tally }) => sum + tally.diskBytes, 0))
  expect(kinds.some(({ disk }) => (disk.withImages ?? 0) > 0)).toBe(true)
})

test('records of the same directory take its bytes once', () => {
  const [record] = report.cacheRecords.filter(({ path, layer }) => path !== null && layer === null)
  if (record === undefined) throw new Error('the fixture has no record of its own')
  const twin = { ...record, id: 'twin' }
  expect(cacheBytes(report, [record, twin])).toEqual({ own: record.size.disk, withImages: 0 })
})
