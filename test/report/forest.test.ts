import { describe, expect, it } from 'vitest'
import { imageLabel, layerForest } from '../../src/report/forest.ts'
import type { Report } from '../../src/report/schema.ts'
import { image, layer, reportFrom, STORE, store } from '../analysis/build-model.ts'

/** Depth, guides and id of every line: `1 |. b` stands one level in, with more siblings on the level above. */
const drawn = (report: Report, imageId?: string): string[] =>
  layerForest(
    report,
    STORE,
    report.images.find(({ id }) => id === imageId),
  ).map(
    ({ layer: { id }, depth, guides, isLast, continuesChain }) =>
      `${depth}${guides.map((more) => (more ? '|' : '.')).join('')}${isLast ? ' last' : ''}${continuesChain ? ' chain' : ''} ${id}`,
  )

describe('layerForest', () => {
  it('draws a chain straight down and a branch to the right, the heaviest first', () => {
    const report = reportFrom({
      layers: [
        layer('base', null, 1000),
        layer('light', 'base', 10),
        layer('heavy', 'base', 5),
        layer('heavy-top', 'heavy', 100),
        layer('other', null, 500),
      ],
    })
    expect(drawn(report)).toEqual([
      '0 base',
      '1| heavy',
      '1| chain heavy-top',
      '1| last light',
      '0 last other',
    ])
  })

  it('keeps the guides of a level on which more siblings follow, past a chain too', () => {
    const report = reportFrom({
      layers: [
        layer('base', null, 1),
        layer('first', 'base', 900),
        layer('straight', 'first', 1),
        layer('fork-a', 'straight', 20),
        layer('fork-b', 'straight', 10),
        layer('second', 'base', 1),
        layer('second-a', 'second', 9),
        layer('second-b', 'second', 8),
      ],
    })
    expect(drawn(report)).toEqual([
      '0 last base',
      '1. first',
      '1. chain straight',
      '2.| fork-a',
      '2.| last fork-b',
      '1. last second',
      '2.. second-a',
      '2.. last second-b',
    ])
  })

  it('orders equals by id, whatever order they come in', () => {
    const layers = ['b', 'a', 'c'].map((id) => layer(id, null, 5))
    expect(drawn(reportFrom({ layers }))).toEqual(['0 a', '0 b', '0 last c'])
  })

  it('takes a layer whose parent is missing for a root', () => {
    expect(drawn(reportFrom({ layers: [layer('b', 'gone', 1), layer('c', 'b', 1)] }))).toEqual([
      '0 last b',
      '0 last chain c',
    ])
  })

  it('shows every layer of a circle once', () => {
    const layers = [layer('a', 'c'), layer('b', 'a'), layer('c', 'b'), layer('self', 'self'), layer('fine')]
    const ids = layerForest(reportFrom({ layers }), STORE).map((line) => line.layer.id)
    expect(ids.toSorted()).toEqual(['a', 'b', 'c', 'fine', 'self'])
    expect(ids[0]).toBe('fine')
  })

  it('shows the chain of one image alone, base first', () => {
    const report = reportFrom({
      layers: [layer('base'), layer('app', 'base'), layer('side', 'base'), layer('unrelated')],
      images: [image('app', ['base', 'app'])],
    })
    expect(drawn(report, 'app')).toEqual(['0 last base', '0 last chain app'])
  })

  it('leaves out the layers of other stores', () => {
    const report = reportFrom({
      stores: [store(), store({ id: 'other', driver: 'vfs' })],
      layers: [layer('ours'), layer('theirs', null, 0, { store: 'other' })],
    })
    expect(drawn(report)).toEqual(['0 last ours'])
  })

  it('says which images end at a layer: by their tags, else by what they have', () => {
    const report = reportFrom({
      layers: [layer('base'), layer('top', 'base')],
      images: [
        image('sha256:aaaaaaaaaaaaaaaa', ['base', 'top'], { tags: ['app:1', 'app:latest'] }),
        image('sha256:bbbbbbbbbbbbbbbb', ['base', 'top']),
        image('sha256:cccccccccccccccc', ['base'], { digests: [`app@sha256:${'d'.repeat(64)}`] }),
        // A step of a build names no layer.
        image('step', ['base']),
        image('child', ['base', 'top'], { tags: ['child:1'], parent: 'step' }),
      ],
    })
    const tops = Object.fromEntries(layerForest(report, STORE).map((line) => [line.layer.id, line.topOf]))
    expect(tops).toEqual({
      base: ['app@sha256:dddddddddddd'],
      top: ['child:1', 'app:1', 'app:latest', '<none> bbbbbbbbbbbb'],
    })
    expect(report.images.map(imageLabel)).toContain('<none> bbbbbbbbbbbb')
  })

  it('takes thousands of layers in one chain', () => {
    const report = reportFrom({ layers: [layer('l0')] })
    const layers = report.layers.flatMap((base) =>
      Array.from({ length: 20_000 }, (_, index) => ({
        ...base,
        id: `l${index}`,
        parent: index === 0 ? null : `l${index - 1}`,
        depth: index + 1,
      })),
    )
    expect(layerForest({ ...report, layers }, STORE).map((line) => line.layer.depth)).toEqual(
      layers.map(({ depth }) => depth),
    )
  })
})
