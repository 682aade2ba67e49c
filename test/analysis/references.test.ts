import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { LayerHolders } from '../../src/analysis/layer-holders.ts'
import { layerUsers, removedTogether, sharedRecords, sharedWith } from '../../src/analysis/references.ts'
import type { Image } from '../../src/model/model.ts'
import { cacheRecord, catalogOf, container, image, layer, looseMount, store } from './build-model.ts'

/** A store in which layers stand on earlier ones, and images, containers and records stand on some of them. */
const storePlan = fc
  .array(fc.option(fc.nat({ max: 15 }), { freq: 4 }), { minLength: 1, maxLength: 16 })
  .chain((parents) => {
    const top = fc.nat({ max: parents.length - 1 })
    return fc.record({
      parents: fc.constant(parents),
      images: fc.array(fc.option(top, { freq: 8 }), { maxLength: 8 }),
      containers: fc.array(fc.option(top), { maxLength: 2 }),
      records: fc.array(fc.option(top), { maxLength: 2 }),
      loose: fc.array(fc.option(top), { maxLength: 1 }),
      removed: fc.array(fc.boolean(), { minLength: 8, maxLength: 8 }),
      removedToo: fc.array(fc.boolean(), { minLength: 8, maxLength: 8 }),
    })
  })

type StorePlan = ReturnType<typeof storePlan.generate>['value']

const name = (index: number | null): string | null => (index === null ? null : `layer-${index}`)

function build(plan: StorePlan) {
  const parentOf = plan.parents.map((parent, index) => (parent === null || parent >= index ? null : parent))
  const chain = (top: number | null): string[] =>
    top === null ? [] : [...chain(parentOf[top] ?? null), `layer-${top}`]
  const built = catalogOf({
    layers: parentOf.map((parent, index) => layer(`layer-${index}`, name(parent))),
    images: plan.images.map((top, index) => image(`image-${index}`, chain(top))),
    containers: plan.containers.map((top, index) => container(`c${index}`, { baseLayer: name(top) })),
    cacheRecords: plan.records.map((top, index) => cacheRecord(`r${index}`, { layer: name(top) })),
    looseMounts: plan.loose.map((top, index) => looseMount(`m${index}`, name(top))),
  })
  const held = new Set([...plan.containers, ...plan.records, ...plan.loose].flatMap((top) => chain(top)))
  const all = parentOf.map((_, index) => `layer-${index}`)
  const inUse = new Set([...held, ...built.model.images.flatMap((each) => each.layers)])
  // What nobody names stays for ever, and so does what it stands on.
  const kept = new Set(all.flatMap((id, index) => (inUse.has(id) ? [] : chain(index))))
  return { ...built, held, inUse, kept, holders: new LayerHolders(built.at, built.model) }
}

const chosen = (images: readonly Image[], flags: readonly boolean[]): Image[] =>
  images.filter((_, index) => flags[index] === true)

describe('the layers that go with a set of images', () => {
  it('are those that nothing which stays needs, and only those', () => {
    fc.assert(
      fc.property(storePlan, (plan) => {
        const { model, held, kept, holders } = build(plan)
        const removed = chosen(model.images, plan.removed)
        const staying = model.images.filter((each) => !removed.includes(each))
        const needed = new Set([...held, ...kept, ...staying.flatMap((each) => each.layers)])
        const expected = new Set(removed.flatMap((each) => each.layers).filter((id) => !needed.has(id)))
        expect(new Set(holders.freedByRemoving(removed))).toEqual(expected)
      }),
      { numRuns: 500 },
    )
  })

  it('never become fewer when more images go', () => {
    fc.assert(
      fc.property(storePlan, (plan) => {
        const { model, holders } = build(plan)
        const few = chosen(model.images, plan.removed)
        const more = [...new Set([...few, ...chosen(model.images, plan.removedToo)])]
        const freed = new Set(holders.freedByRemoving(more))
        expect(holders.freedByRemoving(few).filter((id) => !freed.has(id))).toEqual([])
      }),
      { numRuns: 300 },
    )
  })

  it('are named once each, and never include one that is not there', () => {
    const { at, model } = catalogOf({
      layers: [layer('a')],
      images: [image('one', ['a', 'gone']), image('two', ['a', 'a'])],
    })
    const holders = new LayerHolders(at, model)
    expect(holders.freedByRemoving(model.images)).toEqual(['a'])
    expect(holders.freedByRemoving(model.images.slice(1))).toEqual([])
  })

  it('stay where a container or record of a damaged chain stands on them', () => {
    const { at, model } = catalogOf({
      layers: [layer('a', 'b'), layer('b', 'a')],
      images: [image('i', ['a', 'b'])],
      containers: [container('c', { baseLayer: 'b' })],
    })
    expect(new LayerHolders(at, model).freedByRemoving(model.images)).toEqual([])
  })

  it('stay although the containers and records of another store have the same ids', () => {
    const elsewhere = { store: 'other' }
    const { at, model } = catalogOf({
      layers: [layer('a')],
      images: [image('i', ['a']), image('j', ['a'], elsewhere)],
      containers: [container('c', { ...elsewhere, baseLayer: 'a' })],
      cacheRecords: [cacheRecord('r', { ...elsewhere, layer: 'a' })],
    })
    expect(new LayerHolders(at, model).freedByRemoving(model.images.slice(0, 1))).toEqual(['a'])
  })
})

describe('a layer that is held', () => {
  it('belongs to an image, or lies below something that someone stands on or that nobody names', () => {
    fc.assert(
      fc.property(storePlan, (plan) => {
        const { model, inUse, kept, holders } = build(plan)
        const children = new Set(model.layers.flatMap((each) => (each.parent === null ? [] : [each.parent])))
        for (const { id } of model.layers)
          expect(holders.isHeld(id)).toBe(inUse.has(id) || (kept.has(id) && children.has(id)))
      }),
      { numRuns: 300 },
    )
  })
})

describe('the images that go with one', () => {
  // base:1 ← one ← two ← app, each a step of the same build.
  const steps = [
    image('base', [], { tags: ['base:1'] }),
    image('one', [], { parent: 'base' }),
    image('two', [], { parent: 'one' }),
    image('app', [], { tags: ['app:1'], parent: 'two' }),
  ]
  const goneWith = (
    images: readonly Image[],
    id = 'app',
    more: Parameters<typeof catalogOf>[0] = {},
  ): string[] => {
    const { at } = catalogOf({ images, ...more })
    const wanted = at.images.get(id)
    return wanted === undefined ? [] : removedTogether(at, wanted).map((each) => each.id)
  }

  it('are its unnamed parents, up to the first with a name', () => {
    expect(goneWith(steps)).toEqual(['app', 'two', 'one'])
  })

  it('end below a parent that has a digest only', () => {
    const digests = ['base@sha256:00']
    expect(goneWith(steps.map((each) => (each.id === 'one' ? { ...each, digests } : each)))).toEqual([
      'app',
      'two',
    ])
  })

  it('end below a parent that a container was made from, stopped or not listed', () => {
    for (const loaded of [true, false])
      expect(goneWith(steps, 'app', { containers: [container('c', { image: 'one', loaded })] })).toEqual([
        'app',
        'two',
      ])
  })

  it('end below a parent on which another image stands', () => {
    expect(goneWith([...steps, image('sibling', [], { tags: ['x:1'], parent: 'one' })])).toEqual([
      'app',
      'two',
    ])
  })

  it('go on past a child that the engine does not load', () => {
    expect(goneWith([...steps, image('broken', [], { parent: 'one', loaded: false })])).toEqual([
      'app',
      'two',
      'one',
    ])
  })

  it('end where a parent is missing or the parents run in a circle', () => {
    expect(goneWith([image('app', [], { parent: 'gone' })])).toEqual(['app'])
    expect(goneWith([image('app', [], { parent: 'one' }), image('one', [], { parent: 'app' })])).toEqual([
      'app',
      'one',
    ])
    expect(goneWith([image('app', [], { parent: 'app' })])).toEqual(['app'])
  })
})

describe('the cache records that the engine calls shared', () => {
  const sharedOf = (images: readonly Image[]): string[] => {
    const { at, model } = catalogOf({
      images,
      cacheRecords: [
        cacheRecord('base', { layer: 'a' }),
        cacheRecord('source'),
        cacheRecord('merged', { parents: ['base', 'source'] }),
        cacheRecord('top', { layer: 'b', parents: ['merged', 'pruned'] }),
        cacheRecord('above', { parents: ['top'] }),
        cacheRecord('ring-one', { layer: 'a', parents: ['ring-two'] }),
        cacheRecord('ring-two', { parents: ['ring-one'] }),
      ],
    })
    return [...sharedRecords(at, model.cacheRecords)].sort()
  }

  it('are those whose layer an image has, with all that they were made from', () => {
    expect(sharedOf([image('i', ['a', 'b'])])).toEqual([
      'base',
      'merged',
      'ring-one',
      'ring-two',
      'source',
      'top',
    ])
    expect(sharedOf([image('i', ['a'])])).toEqual(['base', 'ring-one', 'ring-two'])
  })

  it('are none where the engine does not load the image', () => {
    expect(sharedOf([image('i', ['a', 'b'], { loaded: false })])).toEqual([])
  })
})

describe('an image that the engine does not load', () => {
  it('takes an unnamed parent along that nothing else stands on', () => {
    const damaged = image('damaged', [], { loaded: false, parent: 'step' })
    const { at } = catalogOf({ images: [image('step', []), damaged] })
    expect(removedTogether(at, damaged).map(({ id }) => id)).toEqual(['damaged', 'step'])
  })
})

describe('with containerd, the records that an image is made of', () => {
  const manifest = (...layerBlobs: readonly string[]) => ({
    digest: 'm',
    isAttestation: false,
    blobs: [],
    layerBlobs,
    layers: [],
    labels: null,
  })
  const records = [
    cacheRecord('base', { blob: 'b1' }),
    cacheRecord('middle', { blob: 'b2', parents: ['base'] }),
    cacheRecord('top', { blob: 'b3', parents: ['middle'] }),
    cacheRecord('without parents', { blob: 'b3' }),
    cacheRecord('not compressed', { parents: ['base'] }),
    cacheRecord('on one not compressed', { blob: 'b3', parents: ['not compressed'] }),
    cacheRecord('on one that is gone', { blob: 'b3', parents: ['gone'] }),
    cacheRecord('merged', { parents: ['top', 'without parents'], twins: ['twin of merged'] }),
    cacheRecord('on the merged', { blob: 'b4', parents: ['twin of merged'] }),
    cacheRecord('difference', { blob: 'b5', parents: ['base', 'middle'], blobParents: [] }),
    cacheRecord('difference as it stands', { parents: ['base', 'middle'], blobParents: ['middle'] }),
    cacheRecord('ring one', { blob: 'b1', parents: ['ring two'] }),
    cacheRecord('ring two', { blob: 'b2', parents: ['ring one'] }),
  ]
  const madeOf = (images: readonly Image[]): string[] => {
    const { at } = catalogOf({ stores: [store({ layout: 'containerd' })] })
    const isShared = sharedWith(at, images, new Map(records.map((record) => [record.id, record])))
    return records.filter(isShared).map(({ id }) => id)
  }

  it('are those whose compressed layers, base first, are all that a manifest of its has', () => {
    expect(madeOf([image('i', [], { manifests: [manifest('b1', 'b2', 'b3')] })])).toEqual(['top'])
    expect(madeOf([image('i', [], { manifests: [manifest('x'), manifest('b2', 'b1')] })])).toEqual([])
    expect(madeOf([image('i', [], { manifests: [manifest('b3', 'b2', 'b1')] })])).toEqual([])
  })

  it('are what stands on one of the same compressed layers and has none of its own', () => {
    expect(madeOf([image('i', [], { manifests: [manifest('b1')] })])).toEqual(['base', 'not compressed'])
    expect(madeOf([image('i', [], { manifests: [manifest('b1', 'b3')] })])).toEqual(['on one not compressed'])
  })

  it('are what was merged of several, with the compressed layers of all of them, one after the other', () => {
    expect(madeOf([image('i', [], { manifests: [manifest('b1', 'b2', 'b3', 'b3')] })])).toEqual(['merged'])
    expect(madeOf([image('i', [], { manifests: [manifest('b1', 'b2', 'b3', 'b3', 'b4')] })])).toEqual([
      'on the merged',
    ])
  })

  it('are what differs between two, compressed by itself or else the upper one', () => {
    expect(madeOf([image('i', [], { manifests: [manifest('b5')] })])).toEqual(['difference'])
    expect(madeOf([image('i', [], { manifests: [manifest('b1', 'b2')] })])).toEqual([
      'middle',
      'difference as it stands',
    ])
  })

  it('are not those of more layers than any manifest has, however often records are merged', () => {
    const doubled = Array.from({ length: 60 }, (_, index) =>
      cacheRecord(`m${index}`, index === 0 ? { blob: 'b' } : { parents: [`m${index - 1}`, `m${index - 1}`] }),
    )
    const { at } = catalogOf({ stores: [store({ layout: 'containerd' })] })
    const images = [image('i', [], { manifests: [manifest('b', 'b')] })]
    const isShared = sharedWith(at, images, new Map(doubled.map((record) => [record.id, record])))
    expect(doubled.filter(isShared).map(({ id }) => id)).toEqual(['m1'])
  })

  it('are not those that lack a part of it', () => {
    expect(madeOf([image('i', [], { manifests: [manifest('b3')] })])).toEqual(['without parents'])
    const { at } = catalogOf({ stores: [store({ layout: 'containerd' })] })
    const empty = image('from scratch', [], { manifests: [manifest()] })
    expect([cacheRecord('r')].filter(sharedWith(at, [empty], new Map()))).toEqual([])
  })

  it('are none of an image without manifests, whatever layers it has', () => {
    const layered = records.map((record) => ({ ...record, layer: 'a' }))
    expect(madeOf([image('i', ['a'])])).toEqual([])
    const { at } = catalogOf({ stores: [store({ layout: 'containerd' })] })
    expect(layered.filter(sharedWith(at, [image('i', ['a'])], new Map()))).toEqual([])
  })
})

describe('the users of a layer', () => {
  it('are the images whose chain has it, and who stands on it directly', () => {
    const { at, model } = catalogOf({
      layers: [layer('a'), layer('b', 'a')],
      images: [image('i', ['a', 'b']), image('j', ['a'])],
      containers: [container('c', { baseLayer: 'b' }), container('d', { baseLayer: 'b', store: 'other' })],
      cacheRecords: [cacheRecord('r', { layer: 'a' })],
    })
    const users = layerUsers(at, model)
    expect(users.images.get('a')).toEqual(['i', 'j'])
    expect(users.images.get('b')).toEqual(['i'])
    expect(users.containers.get('b')).toEqual(['c'])
    expect(users.containers.get('a')).toBeUndefined()
    expect(users.cacheRecords.get('a')).toEqual(['r'])
  })
})
