import { readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { afterEach, describe, expect, it } from 'vitest'
import type { Report, ReportImage } from '../../src/report/schema.ts'
import { copyOfFixture, type FixtureName, fixtureRoot } from '../support/fixtures.ts'
import { reportOf } from '../support/scan-fixture.ts'

const PAGE = 4096

const cleanups: (() => void)[] = []
afterEach(() => {
  for (const dispose of cleanups.splice(0)) dispose()
})

type Figures = Readonly<Record<string, number | null | undefined>>

const figuresOf = ({ size, layers }: ReportImage, healthy: ReportImage | undefined): Figures => ({
  content: size.content,
  engine: size.engine,
  shared: size.shared,
  unique: size.unique,
  freed: size.freedIfRemoved.content,
  // Layers that are not shown are not summed as if there were none.
  layers: size.content === null ? null : layers.length - (healthy?.layers.length ?? 0),
})

/** Ids of stores end with the path of the root. */
const named = (store: string): string => store.replace(/@.*$/, '')

const rowsOf = ({ engineView }: Report): Figures => ({
  images: engineView?.images.size,
  ofImages: engineView?.images.reclaimable,
  cache: engineView?.buildCache.size,
})

/** What is neither unknown nor as it is in the whole root. */
const wrong = (figures: Figures, right: Figures): string[] =>
  Object.entries(figures).flatMap(([name, figure]) =>
    figure == null || figure === right[name] ? [] : [`${name}: ${figure} instead of ${right[name]}`],
  )

const roots: readonly (readonly [name: FixtureName, base: string])[] = [
  ['containerd', ''],
  ['docker-containerd', 'containerd/daemon/'],
]

describe.each(roots)('a damaged page of a database of containerd, in %s', (name, base) => {
  const healthy = reportOf(fixtureRoot(name))
  const same = (image: ReportImage): ReportImage | undefined =>
    healthy.images.find(({ id, store }) => id === image.id && named(store) === named(image.store))

  it.each(['io.containerd.metadata.v1.bolt/meta.db', 'io.containerd.snapshotter.v1.overlayfs/metadata.db'])(
    'makes no figure wrong, wherever it lies in %s: what is not known is null',
    (file) => {
      const { root, dispose } = copyOfFixture(name)
      cleanups.push(dispose)
      const path = join(root, `${base}${file}`)
      const sound = readFileSync(path)
      const problems: string[] = []
      let unknown = 0
      for (let page = 2; page < sound.length / PAGE && page < 120; page++) {
        const damaged = Buffer.from(sound)
        damaged.fill(0xee, page * PAGE, (page + 1) * PAGE)
        writeFileSync(path, damaged)
        const report = reportOf(root)
        const found = report.images.flatMap((image) => {
          const right = same(image)
          // One of which no snapshot is known is shown in the first store of its namespace.
          return right === undefined ? [] : wrong(figuresOf(image, right), figuresOf(right, right))
        })
        problems.push(
          ...[...found, ...wrong(rowsOf(report), rowsOf(healthy))].map((each) => `page ${page}: ${each}`),
        )
        unknown += report.images.filter(({ size }) => size.engine === null || size.content === null).length
      }
      expect(problems).toEqual([])
      expect(unknown).toBeGreaterThan(0)
    },
  )
})
