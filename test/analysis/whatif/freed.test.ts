import { describe, expect, it } from 'vitest'
import type { Freed } from '../../../src/analysis/whatif/freed.ts'
import { parseDockerCommand } from '../../../src/analysis/whatif/parse-command.ts'
import type { Place, Survey } from '../../../src/model/places.ts'
import {
  cacheRecord,
  claim,
  container,
  image,
  layer,
  ROOT,
  STORE,
  store,
  survey,
  volume,
} from '../build-model.ts'
import { type Parts, simulatorOn } from './play-on.ts'

function freedBy(parts: Parts, surveys: readonly Survey[], ...commands: string[]): Freed {
  const simulator = simulatorOn(parts, {}, surveys)
  return simulator.simulate(commands.map((each) => parseDockerCommand(each.split(' '), simulator.rules)))
    .freed
}

const mine = (
  path: string,
  place: Place,
  [kind, id]: [kind: 'image' | 'layer' | 'container' | 'volume' | 'cache-record', id: string],
  content = false,
) =>
  claim(path, {
    place,
    owner: { kind, id },
    store: kind === 'image' || kind === 'layer' ? STORE : null,
    content,
  })

const parts: Parts = {
  layers: [layer('base', null, 100), layer('own', 'base', 20)],
  images: [image('one', ['base'], { tags: ['one:1'] }), image('two', ['base', 'own'], { tags: ['two:1'] })],
  containers: [
    container('c', {
      layerPath: 'overlay2/c',
      mountId: 'c',
      logs: [{ path: 'containers/c/c-json.log', rotated: false }] as never,
    }),
  ],
  volumes: [volume('data')],
  cacheRecords: [
    cacheRecord('alone', { recordedBytes: 7, path: 'overlay2/alone', cacheId: 'alone' }),
    cacheRecord('of-image', { recordedBytes: 3, layer: 'own' }),
  ],
}

const measured = survey([
  [mine('image/one', 'image-record', ['image', 'one']), 11, 4096, 1],
  [mine('image/two', 'image-record', ['image', 'two']), 12, 4096, 1],
  [mine('overlay2/base', 'layer-files', ['layer', 'base'], true), 100, 8192, 3],
  [mine('overlay2/own', 'layer-files', ['layer', 'own'], true), 20, 20_480, 4],
  [mine('layerdb/own', 'layer-record', ['layer', 'own']), 5, 12_288, 6],
  [mine('overlay2/c', 'writable-layer', ['container', 'c'], true), 50, 20_480, 5],
  [mine('overlay2/c-init', 'init-layer', ['container', 'c']), 0, 4096, 2],
  [mine('containers/c', 'container-files', ['container', 'c']), 9, 24_576, 7],
  [mine('containers/c/c-json.log', 'container-log', ['container', 'c']), 1000, 4096, 1],
  [mine('volumes/data', 'volume', ['volume', 'data'], true), 30, 28_672, 2],
  [mine('overlay2/alone', 'cache-files', ['cache-record', 'alone'], true), 7, 32_768, 3],
])

describe('what the disk gets back', () => {
  it('is what the things that go have, by what it was for, the largest part first', () => {
    expect(freedBy(parts, [measured], 'rmi two:1')).toEqual({
      content: 0,
      disk: 4096,
      files: 1,
      parts: [{ kind: 'records', disk: 4096, files: 1 }],
    })
    expect(freedBy(parts, [measured], 'rmi two:1', 'builder prune -a')).toEqual({
      content: 20 + 7,
      disk: 20_480 + 12_288 + 4096 + 32_768,
      files: 4 + 6 + 1 + 3,
      parts: [
        { kind: 'build cache', disk: 32_768, files: 3 },
        { kind: 'layers', disk: 20_480, files: 4 },
        { kind: 'records', disk: 16_384, files: 7 },
      ],
    })
  })

  it('is of a container its writable layer with the one below, its logs, and what is kept for it', () => {
    expect(freedBy(parts, [measured], 'rm c')).toEqual({
      content: 50 + 1000,
      disk: 20_480 + 4096 + 24_576 + 4096,
      files: 5 + 2 + 7 + 1,
      parts: [
        { kind: 'writable layers', disk: 24_576, files: 7 },
        { kind: 'container files', disk: 24_576, files: 7 },
        { kind: 'logs', disk: 4096, files: 1 },
      ],
    })
  })

  it('is of a volume all that lies in it', () => {
    expect(freedBy(parts, [measured], 'volume rm data')).toEqual({
      content: 30,
      disk: 28_672,
      files: 2,
      parts: [{ kind: 'volumes', disk: 28_672, files: 2 }],
    })
  })

  it('is nothing where nothing goes, and no part of nothing is told', () => {
    const nothing = { content: 0, disk: 0, files: 0, parts: [] }
    expect(freedBy(parts, [measured], 'rmi none:1')).toEqual(nothing)
    const empty = survey([[mine('overlay2/own', 'layer-files', ['layer', 'own'], true), 0, 0, 0]])
    expect(freedBy({ ...parts, cacheRecords: [] }, [empty], 'rmi two:1')).toMatchObject({
      disk: 0,
      parts: [],
    })
  })

  it('is unknown where nothing was measured, but for what the records say of layers', () => {
    const unknown = { disk: null, files: null, parts: [] }
    expect(freedBy(parts, [], 'rmi two:1', 'builder prune -a')).toEqual({ content: 27, ...unknown })
    expect(freedBy(parts, [], 'volume rm data')).toEqual({ content: null, ...unknown })
    expect(freedBy(parts, [], 'rm c')).toEqual({ content: null, ...unknown })
    // What is unknown once stays unknown, whatever comes after it.
    expect(freedBy(parts, [], 'volume rm data', 'rmi two:1', 'rm c')).toEqual({ content: null, ...unknown })
  })

  it('is content that nobody knows where the record of a layer says nothing', () => {
    const lost = { ...parts, layers: [layer('base', null, 100), layer('own', 'base', null)] }
    expect(freedBy(lost, [measured], 'rmi two:1', 'builder prune -a')).toMatchObject({
      content: null,
      disk: 69_632,
    })
  })

  it('is unknown where a layer or container lies on a file system of its own that is not walked', () => {
    const unknown = { disk: null, files: null, parts: [] }
    const apart = (path: string): Survey => ({ ...measured, mounted: [path] })
    const gone = ['rmi two:1', 'builder prune -a'] as const
    expect(freedBy(parts, [apart('overlay2/own')], ...gone)).toMatchObject({ content: 27, ...unknown })
    expect(freedBy(parts, [apart('overlay2/base')], ...gone).disk).toBe(69_632)
    expect(freedBy(parts, [apart('overlay2/c')], 'rm c')).toMatchObject(unknown)
    expect(freedBy(parts, [apart('overlay2/c')], ...gone).disk).toBe(69_632)
  })

  it('is unknown where the driver keeps files where nobody sees them', () => {
    const thin = { stores: [store({ driver: 'devicemapper' })] }
    const bare = { layers: [layer('own', null, 20, { path: null })], containers: [container('c')] }
    const images = [image('two', ['own'], { tags: ['two:1'] })]
    expect(freedBy({ ...thin, ...bare, images }, [survey([])], 'rmi two:1')).toMatchObject({
      content: 20,
      disk: null,
    })
    expect(freedBy({ ...thin, ...bare, images }, [survey([])], 'rm c')).toMatchObject({
      disk: null,
      parts: [],
    })
    expect(freedBy({ ...bare, images }, [survey([])], 'rmi two:1')).toMatchObject({ content: 20, disk: 0 })
  })

  it('of a store is not that of an object with the same id in another store', () => {
    const elsewhere = claim('image/vfs/two', {
      place: 'image-record',
      owner: { kind: 'image', id: 'two' },
      store: `layerdb/vfs@${ROOT}`,
    })
    const both = survey([[elsewhere, 1, 1_000_000, 50]])
    expect(freedBy(parts, [both], 'rmi two:1')).toMatchObject({ disk: 0 })
  })
})
