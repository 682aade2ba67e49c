import { utimesSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, it } from 'vitest'
import { integer, isObject, type JsonObject, list, text, texts } from '../../src/formats/fields.ts'
import { renderEngineView } from '../../src/report/df.ts'
import { copyOfFixture, fixtureRoot, isRoot, truth, truthText } from '../support/fixtures.ts'
import { reportOf } from '../support/scan-fixture.ts'
import { expectEveryByteBooked } from './books.ts'

const NAME = 'docker-containerd'
const report = reportOf(fixtureRoot(NAME))
const active = report.stores.find((store) => store.active === true)
const images = report.images.filter((image) => image.store === active?.id)

const objects = (value: unknown): JsonObject[] => (Array.isArray(value) ? value.filter(isObject) : [])
const answers = objects(truth(NAME, 'images-all.json'))
const df = truth(NAME, 'system-df.json')
const dfList = (key: string): JsonObject[] => (isObject(df) ? list(df, key).filter(isObject) : [])

describe('Docker with its images in containerd', () => {
  it('has the images of the engine, field by field', () => {
    const byId = new Map(images.map((image) => [image.id, image]))
    expect([...byId.keys()].sort()).toEqual(answers.map((image) => text(image, 'Id')).sort())
    for (const image of answers) {
      const own = byId.get(text(image, 'Id'))
      expect({
        parent: own?.parent ?? '',
        tags: own?.tags,
        digests: own?.digests,
        size: own?.size.engine,
        containers: own?.containers.length,
        created: Math.floor(Date.parse(own?.created ?? '') / 1000),
      }).toEqual({
        parent: text(image, 'ParentId'),
        tags: texts(image, 'RepoTags'),
        digests: texts(image, 'RepoDigests'),
        size: integer(image, 'Size'),
        containers: integer(image, 'Containers'),
        created: integer(image, 'Created'),
      })
    }
  })

  it('shares what docker system df calls shared', () => {
    const listed = dfList('Images')
    expect(images.filter(({ intermediate }) => !intermediate)).toHaveLength(listed.length)
    for (const image of listed) {
      const own = images.find(({ id }) => id === text(image, 'Id'))
      expect([own?.size.shared, own?.dangling]).toEqual([
        integer(image, 'SharedSize'),
        texts(image, 'RepoTags').length === 0,
      ])
    }
  })

  it('takes the rules of the version that the database of its containerd shows', () => {
    expect(report.engineView?.rule).toBe('28')
    expect(report.roots[0]?.engine.why).toMatch(/containerd 2/)
  })

  it('sums what docker system df sums, to the byte', () => {
    expect(report.engineView?.images.size).toBe(isObject(df) ? integer(df, 'LayersSize') : null)
  })

  it.runIf(isRoot)('prints docker system df as the engine prints it', () => {
    const lines = (table: string): string[] =>
      table
        .trim()
        .split('\n')
        .map((line) => line.trimEnd())
    const display = { units: 'decimal', truncate: true, nowMs: 0 } as const
    const printed = report.engineViews.map((view) => renderEngineView(view, display)).join('\n')
    expect(lines(printed)).toEqual(lines(truthText(NAME, 'system-df.txt')))
  })

  it('joins containers to their snapshots, and counts blocks as the engine does', () => {
    const theirs = objects(truth(NAME, 'containers.json'))
    expect(report.containers.map(({ id }) => id).sort()).toEqual(theirs.map(({ Id }) => Id).sort())
    for (const container of theirs) {
      const own = report.containers.find(({ id }) => id === container['Id'])
      expect([own?.image, own?.size.writable.content, own?.loaded]).toEqual([
        text(container, 'ImageID'),
        integer(container, 'SizeRw'),
        true,
      ])
      expect(own?.initPath).not.toBeNull()
    }
  })

  it('books every byte, and calls nothing but the store behind it hidden', () => {
    expectEveryByteBooked(report, fixtureRoot(NAME))
    expect(report.findings.filter(({ severity }) => severity !== 'info')).toEqual([])
    expect(report.orphans.map(({ path, kind }) => [path, kind])).toEqual([
      ['image/overlay2', 'hidden'],
      ['overlay2', 'hidden'],
    ])
  })

  it('takes the storage driver for the one in use where its images were written later', () => {
    const { root, dispose } = copyOfFixture(NAME)
    try {
      const later = new Date('2100-01-01')
      utimesSync(join(root, 'image/overlay2/repositories.json'), later, later)
      const switched = reportOf(root, { measure: false })
      expect(switched.stores.map(({ layout, active: isUsed }) => [layout, isUsed])).toEqual([
        ['containerd', false],
        ['layerdb', true],
      ])
    } finally {
      dispose()
    }
  })
})

it('makes no store of the containerd that a Docker with a storage driver runs', () => {
  const graph = reportOf(fixtureRoot('overlay2-buildkit'), { measure: false })
  expect(graph.stores.map(({ layout }) => layout)).toEqual(['layerdb'])
})
