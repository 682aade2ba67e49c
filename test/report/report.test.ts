import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { renderDeletedFiles, renderEngineView, renderLedger } from '../../src/report/df.ts'
import { historyRows } from '../../src/report/history.ts'
import { renderTable } from '../../src/report/table.ts'
import { cacheTable } from '../../src/report/tables/cache.ts'
import { containerTable } from '../../src/report/tables/containers.ts'
import { historyTable } from '../../src/report/tables/history.ts'
import { imageRows, imageTable } from '../../src/report/tables/images.ts'
import { layerTable } from '../../src/report/tables/layers.ts'
import { orphanTable } from '../../src/report/tables/orphans.ts'
import { volumeTable } from '../../src/report/tables/volumes.ts'
import {
  cacheRecord,
  claim,
  container,
  digest,
  image,
  layer,
  ROOT,
  reportFrom,
  survey,
  volume,
} from '../analysis/build-model.ts'

const finding = (id: string) =>
  ({
    code: 'layer-size-unknown',
    root: ROOT,
    subject: { kind: 'layer', id },
    path: `x/${id}`,
    message: id,
    hint: null,
  }) as const

const parts = {
  layers: ['a', 'b', 'c'].map((id) => layer(digest(id), id === 'a' ? null : digest('a'), 5)),
  images: ['a', 'b', 'c'].map((id) => image(digest(id), [digest('a')], { tags: [`${id}:1`] })),
  containers: ['a', 'b', 'c'].map((id) => container(id, { image: digest('a'), volumes: ['v'] })),
  volumes: ['v', 'w'].map((name) => volume(name)),
  cacheRecords: ['r', 's'].map((id) => cacheRecord(id, { layer: digest('a') })),
  findings: ['a', 'b', 'c'].map(finding),
}

describe('the report', () => {
  it('is the same in whatever order things were read', () => {
    const shuffled = <T>(items: readonly T[]) =>
      fc.shuffledSubarray([...items], { minLength: items.length, maxLength: items.length })
    const expected = JSON.stringify(reportFrom(parts))
    fc.assert(
      fc.property(
        fc.record({
          layers: shuffled(parts.layers),
          images: shuffled(parts.images),
          containers: shuffled(parts.containers),
          volumes: shuffled(parts.volumes),
          cacheRecords: shuffled(parts.cacheRecords),
          findings: shuffled(parts.findings),
        }),
        (mixed) => {
          expect(JSON.stringify(reportFrom(mixed))).toBe(expected)
        },
      ),
    )
  })

  it('says null, not 0, of what was not measured', () => {
    const { images, layers, containers, volumes, cacheRecords, ledger, engineView } = reportFrom(parts)
    expect(images[0]?.size).toMatchObject({ content: 5, disk: null, freedIfRemoved: { disk: null } })
    expect(layers[0]?.size).toEqual({ content: 5, disk: null, files: null })
    const nothing = { content: null, disk: null, files: null }
    expect(containers[0]?.size).toEqual({
      writable: nothing,
      layer: nothing,
      init: null,
      logs: nothing,
      other: nothing,
      total: nothing,
    })
    expect(volumes[0]?.size).toEqual(nothing)
    expect(cacheRecords[0]?.size.disk).toBeNull()
    expect(engineView?.containers.size).toBeNull()
    expect(ledger.measured).toBe(false)
  })

  it('says 0, not null, of what was measured and is empty', () => {
    const { layers, volumes } = reportFrom(parts, [survey([[claim(''), 0, 4096, 1]])])
    expect(layers[0]?.size).toEqual({ content: 5, disk: 0, files: 0 })
    expect(volumes[0]?.size).toEqual({ content: 0, disk: 0, files: 0 })
  })

  it('is incomplete where a walk was, though no record was lost', () => {
    const whole = survey([[claim(''), 0, 4096, 1]])
    const broken = { ...whole, measurement: whole.measurement && { ...whole.measurement, complete: false } }
    expect(reportFrom({}, [whole]).complete).toBe(true)
    expect(reportFrom({}, [broken]).complete).toBe(false)
  })

  it('keeps labels whose keys mean something to JavaScript', () => {
    const labels = new Map([
      ['__proto__', 'polluted'],
      ['constructor', 'x'],
      ['a', 'first'],
    ])
    const { images } = reportFrom({ images: [image('i', [], { labels })] })
    const copy: unknown = JSON.parse(JSON.stringify(images[0]?.labels))
    expect(Object.entries(copy ?? {})).toEqual([
      ['__proto__', 'polluted'],
      ['a', 'first'],
      ['constructor', 'x'],
    ])
  })
})

describe('names from a hostile disk', () => {
  const evil = '\u001b]0;owned\u0007\u001b[2J\r\n\u009b31m\u202egpj.exe\u200b\ud800'
  const hostile = reportFrom(
    {
      layers: [layer('l', null, 5, { path: `overlay2/${evil}`, cacheId: evil })],
      images: [
        image('i', ['l'], {
          tags: [`${evil}:1`],
          digests: [`${evil}@sha256:${evil}`],
          labels: new Map([[evil, evil]]),
          created: evil,
          history: [{ created: evil, createdBy: evil, comment: evil, emptyLayer: false, layer: 'l' }],
        }),
      ],
      containers: [
        container(evil, { name: evil, imageName: evil, created: evil, layerPath: evil, baseLayer: 'l' }),
      ],
      volumes: [volume(evil, { driver: evil, recorded: false })],
      cacheRecords: [cacheRecord(evil, { type: evil, description: evil, path: evil })],
    },
    [
      {
        ...survey([[claim(`overlay2/${evil}`, { place: 'unclaimed' }), 1, 1, 1]]),
        strays: [{ path: `overlay2/${evil}`, kind: 'directory', modifiedMs: 0, inDoubt: false }],
        deletedFiles: [
          {
            root: ROOT,
            path: evil,
            sizeBytes: 1,
            diskBytes: 1,
            processes: [{ pid: 1, command: evil, container: null }],
          },
        ],
      },
    ],
  )

  it.each([true, false])('never reach a table as they are (cut: %s)', (truncate) => {
    const display = { units: 'decimal', truncate, nowMs: 0 } as const
    const tables = [
      renderTable(imageTable, imageRows(hostile.images), display),
      renderTable(layerTable(hostile), hostile.layers, display),
      renderTable(containerTable, hostile.containers, display),
      renderTable(volumeTable(hostile), hostile.volumes, display),
      renderTable(cacheTable, hostile.cacheRecords, display),
      renderTable(orphanTable(hostile), hostile.orphans, display),
      ...hostile.images.map((each) => renderTable(historyTable, historyRows(hostile, each), display)),
      ...hostile.engineViews.map((view) => renderEngineView(view, display)),
      renderLedger(hostile, display),
      renderDeletedFiles(hostile, display),
    ]
    const unsafe = /[^\P{Cc}\n]|[\p{Bidi_Control}\p{Default_Ignorable_Code_Point}\p{Surrogate}]/u
    for (const table of tables) expect(table).not.toMatch(unsafe)
    // Each has its titles and one line for its one item: a newline in a name makes no line.
    expect(tables.slice(0, 5).map((table) => table.split('\n').length)).toEqual([2, 2, 2, 2, 2])
    expect(tables.join('\n')).toContain('\\e]0;owned\\x07')
  })
})
