import { describe, expect, it } from 'vitest'
import { store } from '../build-model.ts'
import { finding, foundIn, orphansOf, stray } from './root-of.ts'

const HEX = 'a'.repeat(64)
const SNAPSHOT = 'abcdefghij0123456789klmno'
const CONTAINERD = 'containerd/daemon/io.containerd.snapshotter.v1.overlayfs'

const containerd = store({
  id: 'containerd',
  layout: 'containerd',
  driver: 'overlayfs',
  path: CONTAINERD,
})

const reasonFor = (path: string, over: Parameters<typeof stray>[1] = {}): string | undefined =>
  foundIn({}, { strays: [stray(path, over)] })[0]?.reason

describe('what lies there and is claimed by nobody', () => {
  it.each([
    [`overlay2/${HEX}`, {}, 'a directory that no layer, container or cache record claims'],
    [`overlay2/${HEX}`, { kind: 'file' }, 'a file that no layer, container or cache record claims'],
    [`overlay2/l/x`, { kind: 'other' }, 'a special file that no layer, container or cache record claims'],
    [
      `overlay2/${HEX}-init`,
      {},
      "a directory of the kind that lies below a container's writable layer; no container has it",
    ],
    [`overlay2/${SNAPSHOT}`, {}, 'a directory named as BuildKit names its snapshots; no cache record has it'],
    [`overlay2/${SNAPSHOT}p`, {}, 'a directory that no layer, container or cache record claims'],
    [`overlay2/P${SNAPSHOT}`, {}, 'a directory that no layer, container or cache record claims'],
    [`containers/${HEX}`, {}, 'a container directory without a config'],
    ['vfs/dir/x', {}, 'the data of a volume that no record and no container names'],
    [
      `${CONTAINERD}/snapshots/new-12`,
      {},
      'an unpacking that did not end: containerd removes it at its next collection',
    ],
    [
      `${CONTAINERD}/snapshots/new`,
      {},
      'data that no record of any namespace names: containerd removes it at its next collection',
    ],
    [
      'io.containerd.content.v1.content/blobs/x',
      {},
      'data that no record of any namespace names: containerd removes it at its next collection',
    ],
    [`overlay2/a-init-b`, {}, 'a directory that no layer, container or cache record claims'],
    ['a-io.containerd.content.v1.x', {}, 'a directory that no layer, container or cache record claims'],
  ] as const)('is named: %s', (path, over, reason) => {
    expect(reasonFor(path, over)).toBe(reason)
  })

  it('is no volume where the driver keeps its layers there', () => {
    const stores = [store({ driver: 'vfs', path: 'image/vfs' }), store({ id: 'x', root: '/other' })]
    const [found] = foundIn({ stores: [...stores, store()] }, { strays: [stray('vfs/dir/x')] })
    expect(found).toMatchObject({ reason: expect.stringContaining('no layer, container'), kind: 'orphan' })
  })

  it('tells of which store it is and where an owner was looked for', () => {
    const [found] = foundIn({}, { strays: [stray('overlay2/x', { modifiedMs: 7 })] })
    expect(found).toMatchObject({
      path: 'overlay2/x',
      store: store().id,
      kind: 'orphan',
      modifiedMs: 7,
      searched: [
        'image/overlay2/layerdb/sha256/*/cache-id',
        'image/overlay2/layerdb/mounts/*/{mount-id,init-id}',
        'buildkit/metadata_v2.db',
        'buildkit/snapshots.db',
      ],
    })
  })

  it("is a leftover where containerd's collector takes it", () => {
    const [found] = foundIn({}, { strays: [stray(`${CONTAINERD}/snapshots/7`)] })
    expect(found).toMatchObject({ kind: 'leftover', store: null })
  })

  it.each([
    [{}, [], 'proven'],
    [{ inDoubt: true }, [], 'likely'],
    [{ inDoubt: true }, ['overlay2/x'], 'in-flux'],
    [{}, ['overlay2/x/merged'], 'in-flux'],
    [{}, ['overlay2/xy'], 'proven'],
  ] as const)('is as sure as it can be: %j with mounts %j', (over, mounted, certainty) => {
    expect(foundIn({}, { strays: [stray('overlay2/x', over)], mounted })[0]?.certainty).toBe(certainty)
  })
})

describe('where an owner may stand in what cannot be read', () => {
  const withheld = (path: string, ...findings: readonly ReturnType<typeof finding>[]) =>
    orphansOf({ findings }, { strays: [stray(path)] }).withheld.map(({ because }) => because)

  it('says so and names nothing', () => {
    const { found, withheld: kept } = orphansOf(
      { findings: [finding('unreadable', 'image/overlay2/layerdb/sha256/x')] },
      { strays: [stray('overlay2/x')] },
    )
    expect(found).toEqual([])
    expect(kept).toEqual([
      {
        root: '/var/lib/docker',
        path: 'overlay2/x',
        because: 'unreadable at image/overlay2/layerdb/sha256/x',
      },
    ])
  })

  it('takes no finding for it that is elsewhere, that hides nothing, or that has no place', () => {
    expect(withheld('overlay2/x', finding('unreadable', 'image/overlay2/layerdb', '/other'))).toEqual([])
    expect(withheld('overlay2/x', finding('image-records-missing', 'image/overlay2/layerdb'))).toEqual([])
    expect(withheld('overlay2/x', finding('unreadable', null))).toEqual([])
    expect(withheld('overlay2/x', finding('unreadable', 'volumes'))).toEqual([])
  })

  it('is no matter of containers, whose config stands beside them', () => {
    expect(withheld('containers/x', finding('unreadable', 'image/overlay2/layerdb'))).toEqual([])
  })

  it('is told of containerd without stores where its database cannot be read', () => {
    const path = `${CONTAINERD}/snapshots/7`
    const database = 'containerd/daemon/io.containerd.metadata.v1.bolt/meta.db'
    expect(withheld(path, finding('database-damaged', database))).toEqual([`database-damaged at ${database}`])
    expect(withheld(path, finding('database-damaged', 'buildkit/cache.db'))).toEqual([])
    expect(withheld(path, finding('database-damaged', null))).toEqual([])
    expect(withheld('elsewhere/x', finding('database-damaged', database))).toEqual([])
  })

  it('is told of the store that the path lies in', () => {
    const findings = [finding('unreadable', 'image/overlay2/layerdb')]
    const parts = { stores: [containerd, store()], findings }
    const strays = [stray(`${CONTAINERD}/snapshots/7`), stray('overlay2/x')]
    expect(orphansOf(parts, { strays }).withheld.map(({ path }) => path)).toEqual(['overlay2/x'])
  })
})
