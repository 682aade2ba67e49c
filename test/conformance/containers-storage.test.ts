import { describe, expect, it } from 'vitest'
import { renderEngineView } from '../../src/report/df.ts'
import type { Report } from '../../src/report/schema.ts'
import { type FixtureName, fixtureRoot, isRoot, truth, truthText } from '../support/fixtures.ts'
import { reportOf } from '../support/scan-fixture.ts'
import { expectEveryByteBooked, expectSound } from './books.ts'
import { compareWithPodman } from './compare-podman.ts'

const STORES: readonly FixtureName[] = ['podman-overlay', 'podman-vfs']

describe.each(STORES)('%s', (name) => {
  const report = reportOf(fixtureRoot(name))

  it('says what podman said, figure by figure', () => {
    const { compared, differences } = compareWithPodman(report, {
      imagesAll: truth(name, 'images-all.json'),
      containers: truth(name, 'containers.json'),
      inspectContainers: truth(name, 'inspect-containers.json'),
      volumes: truth(name, 'volumes.json'),
      history: truth(name, 'history.json'),
      df: truthText(name, 'system-df.json')
        .trim()
        .split('\n')
        .map((line) => JSON.parse(line)),
    })
    expect(differences).toEqual([])
    expect(compared).toBeGreaterThan(100)
  })

  it('prints the three rows of podman system df, with a share in each', () => {
    const lines = renderEngineViews(report)
    expect(lines[0]).toMatch(/^TYPE +TOTAL +ACTIVE +SIZE +RECLAIMABLE$/)
    expect(lines.slice(1).map((line) => /^(\w+(?: \w+)?) .* \(\d+%\)$/.exec(line)?.[1])).toEqual([
      'Images',
      'Containers',
      'Local Volumes',
    ])
  })

  it('is sound', () => expectSound(report))

  it('books every byte', () => expectEveryByteBooked(report, fixtureRoot(name)))

  it('prints the sizes of podman system df -v', () => {
    const theirs = truthText(name, 'system-df-v.txt').split('\n')
    for (const image of report.images) {
      const line = theirs.find((each) => each.includes(` ${image.id.slice(0, 12)} `))
      const [shared, unique] = (line ?? '').trim().split(/ {2,}/).slice(-3, -1)
      expect([podmanSize(image.size.shared), podmanSize(image.size.unique)]).toEqual([shared, unique])
    }
  })

  it.runIf(isRoot)('knows every layer by its directory', () => {
    expect(report.layers.filter((layer) => layer.path === null)).toEqual([])
  })
})

const renderEngineViews = ({ engineViews }: Report): string[] =>
  engineViews.flatMap((view) =>
    renderEngineView(view, { units: 'decimal', truncate: true, nowMs: 0 })
      .split('\n')
      .map((line) => line.trimEnd()),
  )

/** Four significant digits, a tie to the even one, and a unit of 1000 without a space. */
function podmanSize(bytes: number | null): string {
  if (bytes === null) return 'unknown'
  if (bytes < 1000) return `${bytes}B`
  const scale = bytes < 10_000 ? 1 : bytes < 100_000 ? 10 : 100
  const units = bytes / scale
  const isTie = units % 1 === 0.5
  return `${((isTie ? 2 * Math.round(units / 2) : Math.round(units)) * scale) / 1000}kB`
}
