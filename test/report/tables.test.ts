import { describe, expect, it } from 'vitest'
import { describeRoot, renderEngineView, renderLedger, whyNoEngineView } from '../../src/report/df.ts'
import type { Report } from '../../src/report/schema.ts'
import { imageRows } from '../../src/report/tables/images.ts'
import { layerTable, shortPath } from '../../src/report/tables/layers.ts'
import { volumeTable } from '../../src/report/tables/volumes.ts'
import {
  claim,
  container,
  image,
  layer,
  model,
  reportFrom,
  STORE,
  store,
  survey,
  volume,
} from '../analysis/build-model.ts'

const DISPLAY = { units: 'decimal', truncate: true, nowMs: 0 } as const

const printedView = ({ engineViews }: Report): string =>
  engineViews.map((view) => renderEngineView(view, DISPLAY)).join('\n')

describe('imageRows', () => {
  const rowsOf = (over: Parameters<typeof image>[2]): string[] =>
    imageRows(reportFrom({ images: [image('i', [], over)] }).images).map(
      ({ repository, tag }) => `${repository} ${tag}`,
    )

  it('has a row for every tag, whose registry may have a port', () => {
    expect(rowsOf({ tags: ['app:1', 'localhost:5000/team/app:1'] })).toEqual([
      'app 1',
      'localhost:5000/team/app 1',
    ])
  })

  it('has a row for every repository of an image that only digests name', () => {
    const digests = ['app@sha256:00', 'app@sha256:11', 'localhost:5000/app@sha256:00']
    expect(rowsOf({ digests })).toEqual(['app <none>', 'localhost:5000/app <none>'])
    expect(rowsOf({ digests, tags: ['app:1'] })).toEqual(['app 1'])
  })

  it('has one row for an image without any name', () => {
    expect(rowsOf({})).toEqual(['<none> <none>'])
  })
})

describe('volumeTable', () => {
  it('counts the users that the engine lists, and names the others too', () => {
    const report = reportFrom({
      volumes: [volume('data')],
      containers: [
        container('seen', { name: 'seen', volumes: ['data'] }),
        container('other', { name: 'of-other-driver', volumes: ['data'], loaded: false }),
      ],
    })
    const cellOf = (key: string): string[] => {
      const column = volumeTable(report).columns.find((each) => each.key === key)
      return report.volumes.map((each) => column?.cell(each, DISPLAY).text ?? '')
    }
    expect(cellOf('links')).toEqual(['1'])
    expect(cellOf('users')).toEqual(['of-other-driver (not listed), seen'])
  })
})

describe('layerTable', () => {
  it('names the images that end at a layer, those of its own store only', () => {
    const report = reportFrom({
      stores: [store(), store({ id: 'other', driver: 'vfs' })],
      layers: [layer('a'), layer('b', 'a'), layer('a', null, 0, { store: 'other' })],
      images: [
        image('i', ['a', 'b'], { tags: ['app:1', 'app:2'] }),
        image('j', ['a'], { tags: ['hidden:1'], store: 'other' }),
        image('k', ['a']),
      ],
    })
    const table = layerTable(report)
    const top = table.columns.find(({ key }) => key === 'top')
    expect(report.layers.map((each) => [each.store, each.id, top?.cell(each, DISPLAY).text])).toEqual([
      [STORE, 'a', ''],
      [STORE, 'b', 'app:1, app:2'],
      ['other', 'a', 'hidden:1'],
    ])
  })

  it('cuts the ids in directories as it cuts ids', () => {
    expect(shortPath(`overlay2/${'a'.repeat(64)}`)).toMatch(/^overlay2\/a{12}[^a]+$/)
    expect(shortPath('overlay2/k1y2vv0nm1v4w7hr9pn8h8d2x')).toBe('overlay2/k1y2vv0nm1v4w7hr9pn8h8d2x')
  })
})

describe('the summary of a root', () => {
  const [root] = model().roots
  const fileSystem = {
    totalBytes: 1_000_000,
    freeBytes: 100_000,
    availableBytes: 40_000,
    totalInodes: 1000,
    freeInodes: 9,
  }
  const linesOf = (over: object): string[] => {
    const report = reportFrom({ ...(root === undefined ? {} : { roots: [{ ...root, ...over }] }) })
    return report.roots.flatMap((each) => describeRoot(report, each, DISPLAY))
  }

  it('says how full the file system is, for everyone and for root, in bytes and inodes', () => {
    expect(linesOf({ fileSystem })).toEqual([
      '/var/lib/docker: layerdb/overlay2',
      // 900 kB used of the 940 kB that are for everyone, rounded up as df does.
      '  file system 96% full: 40kB of 1MB free, 60kB more for root alone',
      '  inodes 99% used: 9 of 1000 free',
    ])
  })

  it('says nothing of inodes where the file system counts none, and of nothing that is unknown', () => {
    expect(linesOf({ fileSystem: { ...fileSystem, totalInodes: 0, freeInodes: 0 } })).toHaveLength(2)
    expect(linesOf({ fileSystem: null })).toEqual(['/var/lib/docker: layerdb/overlay2'])
  })

  it('says that an engine is at work, and which stores it does not use', () => {
    expect(linesOf({ engineRunning: true })[0]).toMatch(/engine is running/)
    const report = reportFrom({ stores: [store(), store({ id: 'old', driver: 'aufs', active: false })] })
    expect(report.roots.flatMap((each) => describeRoot(report, each, DISPLAY))[0]).toBe(
      '/var/lib/docker: layerdb/overlay2, layerdb/aufs (hidden)',
    )
  })

  it('prints shares as docker does: only of a size, and none for the cache', () => {
    const lines = printedView(
      reportFrom({ layers: [layer('a', null, 999)], images: [image('i', ['a'])] }),
    ).split('\n')
    expect(lines[1]).toMatch(/^Images +1 +0 +999B +999B \(100%\)$/)
    expect(lines[2]).toMatch(/^Containers +0 +0 +0B +0B$/)
    expect(lines[4]).toMatch(/^Build Cache +0 +0 +0B +0B$/)
  })

  it('says why no engine has a summary of a root', () => {
    const report = reportFrom({ stores: [store({ active: false })] })
    expect([report.engineView, report.engineViews]).toEqual([null, []])
    expect(report.roots.map((each) => whyNoEngineView(report, each))).toEqual([
      'No engine would list anything of /var/lib/docker: no image store there is in use.',
    ])
    const [root] = report.roots.map((each) => ({ ...each, kind: 'containerd' as const }))
    expect(root && whyNoEngineView(report, root)).toMatch(/containerd has no command for it/)
  })

  it('lists where the bytes are, the largest first, and their sum', () => {
    const report = reportFrom({}, [
      survey([
        [claim('a', { place: 'metadata' }), 1, 1000, 1],
        [claim('b', { place: 'volume' }), 2, 3000, 2],
      ]),
    ])
    expect(
      renderLedger(report, DISPLAY)
        .split('\n')
        .map((line) => line.replace(/ +/g, ' ')),
    ).toEqual([
      'CATEGORY DISK SHARE CONTENT INODES',
      'volumes 3kB 75% 2B 2',
      'metadata 1kB 25% 1B 1',
      'total 4kB 3B 3',
    ])
  })
})
