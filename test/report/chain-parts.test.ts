import { beforeAll, describe, expect, test } from 'vitest'
import { type ChainPart, chainParts } from '../../src/report/chain-parts.ts'
import type { Report, ReportImage } from '../../src/report/schema.ts'
import type { FixtureName } from '../support/fixtures.ts'
import { reportOf } from '../tui/support/reports.ts'

const partsOf = (report: Report, image: ReportImage): ChainPart[] =>
  chainParts(image, {
    layer: (id) => report.layers.find((layer) => layer.store === image.store && layer.id === id),
    image: (id) => report.images.find((other) => other.store === image.store && other.id === id),
  })

const ROOTS: readonly FixtureName[] = ['overlay2-buildkit', 'legacy-aufs']

describe.each(ROOTS)('the parts of every image of %s', (name) => {
  let report: Report
  beforeAll(() => {
    report = reportOf([name])
  })

  test('are the whole chain, each layer once and in order', () => {
    for (const image of report.images) {
      let place = 1
      for (const { first, last, top } of partsOf(report, image)) {
        expect(first).toBe(place)
        expect(image.layers[last - 1]).toBe(top)
        place = last + 1
      }
      expect(place).toBe(image.layers.length + 1)
    }
  })

  test('weigh together what the image weighs', () => {
    for (const image of report.images) {
      const parts = partsOf(report, image)
      expect(parts.reduce((sum, { content }) => sum + (content ?? Number.NaN), 0)).toBe(image.size.content)
      expect(parts.reduce((sum, { disk }) => sum + (disk ?? Number.NaN), 0)).toBe(image.size.disk)
    }
  })

  test('name the containers that stand on them or on what is above them', () => {
    for (const image of report.images)
      for (const { containers, last } of partsOf(report, image)) {
        const above = new Set(image.layers.slice(last - 1))
        const standing = report.containers.filter(
          ({ baseLayer }) => baseLayer !== null && above.has(baseLayer),
        )
        expect(new Set(containers)).toEqual(new Set(standing.map(({ id }) => id)))
      }
  })

  test('name those images that have all layers of a part, and no others', () => {
    for (const image of report.images)
      for (const { others, top } of partsOf(report, image)) {
        const holders = report.images.filter(
          (other) => other !== image && !other.intermediate && other.layers.includes(top),
        )
        expect(new Set(others)).toEqual(new Set(holders.map(({ id }) => id)))
      }
  })
})
