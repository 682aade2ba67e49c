import { readdirSync } from 'node:fs'
import { describe, expect, it } from 'vitest'
import { fixtureRoot, truthText } from '../support/fixtures.ts'
import { reportOf } from '../support/scan-fixture.ts'
import { expectEveryByteBooked, expectSound } from './books.ts'

const report = reportOf(fixtureRoot('containerd'))

/** The rows of a table that ctr printed, split at white space, without the heading. */
const rows = (file: string): string[][] =>
  truthText('containerd', file)
    .trim()
    .split('\n')
    .slice(1)
    .map((line) => line.trim().split(/\s+/))

/** As `ctr image ls` prints sizes: units of 1024, one digit after the point, a tie to the even one. */
function printed(bytes: number | null): string {
  if (bytes === null) return 'unknown'
  const tenths = (bytes / 1024) * 10
  const isTie = tenths % 1 === 0.5
  return `${((isTie ? 2 * Math.round(tenths / 2) : Math.round(tenths)) / 10).toFixed(1)} KiB`
}

const storesOf = (namespace: string) => report.stores.filter((store) => store.namespace === namespace)

describe.each(['default', 'k8s.io'])('namespace %s', (namespace) => {
  const ids = new Set(storesOf(namespace).map(({ id }) => id))
  const images = report.images.filter((image) => ids.has(image.store))

  it('has the images that ctr lists, with their digests and sizes', () => {
    const ours = images.flatMap((image) =>
      [...image.tags, ...image.digests].map((name) => [name, image.id, printed(image.size.engine)]),
    )
    const theirs = rows(`${namespace}/images.txt`).map(([name, , digest, size, unit]) => [
      name,
      digest,
      `${size} ${unit}`,
    ])
    expect(ours.sort()).toEqual(theirs.sort())
  })

  it.each(['overlayfs', 'native'])('has the snapshots of %s, with their usage', (driver) => {
    const store = storesOf(namespace).find((each) => each.driver === driver)
    const theirs = new Map(
      truthText('containerd', `${namespace}/usage-${driver}.txt`)
        .split('\n')
        .filter((line) => line !== '')
        .map((line) => line.trim().split(/\s+/))
        .map(([key = '', bytes]) => [key, Number(bytes)]),
    )
    const layers = report.layers.filter((layer) => layer.store === store?.id)
    const writable = report.containers.filter((container) => container.store === store?.id)
    expect([...layers, ...writable].map(({ id }) => id).sort()).toEqual([...theirs.keys()].sort())
    for (const layer of layers)
      if (layer.size.content !== null) expect(layer.size.content).toBe(theirs.get(layer.id))
  })

  it('has the containers that ctr lists', () => {
    const ours = report.containers.filter(({ store }) => store !== null && ids.has(store))
    expect(ours.map(({ id, imageName }) => [id, imageName])).toEqual(
      rows(`${namespace}/containers.txt`).map(([id, image]) => [id, image]),
    )
  })
})

it('has every blob of the content store once', () => {
  const digests = new Set(
    ['default', 'k8s.io'].flatMap((namespace) =>
      rows(`${namespace}/content.txt`).map(([digest = '']) => digest),
    ),
  )
  const files = readdirSync(`${fixtureRoot('containerd')}/io.containerd.content.v1.content/blobs/sha256`)
  expect(files.map((name) => `sha256:${name}`).sort()).toEqual([...digests].sort())
  const entry = report.ledger.entries.find(({ category }) => category === 'image-blobs')
  expect(entry?.files).toBe(digests.size)
})

it('is sound', () => expectSound(report))

it('books every byte', () => expectEveryByteBooked(report, fixtureRoot('containerd')))

it('makes no summary of an engine that has none', () => expect(report.engineView).toBeNull())
