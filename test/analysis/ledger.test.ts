import { describe, expect, it } from 'vitest'
import { bookedPaths, createLedger } from '../../src/analysis/ledger.ts'
import type { Claim, Place } from '../../src/model/places.ts'
import { claimsOf } from '../support/claims.ts'
import { cacheRecord, catalogOf, claim, image, layer, ROOT, STORE, store, survey } from './build-model.ts'

const layerFiles = (id: string, over: Partial<Claim> = {}): Claim =>
  claim(`overlay2/${id}`, { place: 'layer-files', owner: { kind: 'layer', id }, store: STORE, ...over })

/** Category → disk bytes, of a root where the n-th claim has 2ⁿ bytes. */
function booked(
  claims: readonly Claim[],
  parts: Parameters<typeof catalogOf>[0] = {},
  withheld: Parameters<typeof createLedger>[1] = [],
): Record<string, number> {
  const { catalog } = catalogOf(parts, [
    survey(claims.map((each, index) => [each, 1000 * 2 ** index, 2 ** index, 1])),
  ])
  const { entries, total } = createLedger(catalog, withheld)
  expect(total.diskBytes).toBe(2 ** claims.length - 1)
  return Object.fromEntries(entries.map(({ category, tally }) => [category, tally.diskBytes]))
}

describe('the ledger', () => {
  it('books every place to its category', () => {
    const places: readonly (readonly [Place, string])[] = [
      ['layer-record', 'metadata'],
      ['writable-layer', 'writable-layers'],
      ['init-layer', 'writable-layers'],
      ['container-log', 'container-logs'],
      ['container-files', 'container-files'],
      ['volume', 'volumes'],
      ['cache-files', 'build-cache'],
      ['build-cache-blobs', 'build-cache'],
      ['thin-pool', 'image-layers'],
      ['image-blobs', 'image-blobs'],
      ['plugins', 'plugins'],
      ['network', 'network'],
      ['swarm', 'swarm'],
      ['leftover', 'temporary'],
      ['unclaimed', 'orphans'],
      ['orphaned', 'orphans'],
      ['foreign-driver', 'hidden-stores'],
      ['other', 'other'],
    ]
    for (const [place, category] of places) expect(booked([claim('x', { place })])).toEqual({ [category]: 1 })
  })

  it('sums the claims of one category, and what it books is all that there is', () => {
    expect(
      booked([
        claim('', { place: 'other' }),
        claim('image', { place: 'metadata' }),
        claim('a', { place: 'layer-record' }),
        claim('b', { place: 'volume' }),
      ]),
    ).toEqual({ other: 1, metadata: 6, volumes: 8 })
  })

  it('gives layer files to the image that has them, to the build cache where only that does', () => {
    const parts = {
      layers: [layer('of-image'), layer('of-both'), layer('of-cache'), layer('of-none')],
      images: [image('i', ['of-both', 'of-image'])],
      cacheRecords: [cacheRecord('s', { layer: 'of-cache' }), cacheRecord('r', { layer: 'of-both' })],
    }
    const claims = ['of-image', 'of-both', 'of-cache', 'of-none'].map((id) => layerFiles(id))
    expect(booked(claims, parts)).toEqual({ 'image-layers': 1 + 2 + 8, 'build-cache': 4 })
  })

  it('calls hidden whatever belongs to a store that the engine does not use', () => {
    const hidden = store({ id: 'hidden', driver: 'vfs', active: false })
    const unknown = store({ id: 'unknown', driver: 'aufs', active: null })
    const claims = [
      layerFiles('a', { store: 'hidden' }),
      claim('m', { place: 'mount-record', store: 'hidden' }),
      claim('w', { place: 'writable-layer', store: 'unknown' }),
      claim('l', { place: 'leftover', store: 'hidden' }),
    ]
    expect(booked(claims, { stores: [store(), hidden, unknown] })).toEqual({
      'hidden-stores': 1 + 2 + 8,
      'writable-layers': 4,
    })
  })

  it('calls nothing an orphan whose owner could not be looked for', () => {
    const claims = [claim('overlay2/a', { place: 'unclaimed' }), claim('overlay2/b', { place: 'unclaimed' })]
    const withheld = [{ root: ROOT, path: 'overlay2/a', because: 'the layer database cannot be read' }]
    expect(booked(claims, {}, withheld)).toEqual({ other: 1, orphans: 2 })
  })

  it('takes what was withheld in one root for judged in another', () => {
    const claims = [claim('overlay2/a', { place: 'unclaimed' })]
    const withheld = [{ root: '/other', path: 'overlay2/a', because: 'the layer database cannot be read' }]
    expect(booked(claims, {}, withheld)).toEqual({ orphans: 1 })
  })

  it('has no line for a category of which nothing is there, or nothing was reached', () => {
    const walked = survey([
      [claim('a', { place: 'volume' }), 0, 0, 0],
      [claim('b', { place: 'plugins' }), 0, 4096, 1],
    ])
    const cut = { ...walked, claims: claimsOf([...walked.claims, claim('c', { place: 'swarm' })]) }
    expect(createLedger(catalogOf({}, [cut]).catalog).entries.map(({ category }) => category)).toEqual([
      'plugins',
    ])
  })

  it('books the files of a store that nobody knows, and of a layer without a name, to image layers', () => {
    const claims = [layerFiles('a', { store: 'of another root' }), layerFiles('b', { owner: null })]
    expect(booked(claims, { cacheRecords: [cacheRecord('r')] })).toEqual({ 'image-layers': 3 })
  })

  it('keeps the roots apart and sums them', () => {
    const { catalog } = catalogOf({}, [
      survey([[claim('', { place: 'other' }), 1, 10, 1]]),
      survey([[claim('', { place: 'other' }), 2, 20, 2]], new Map(), '/other'),
    ])
    const { entries, total, measured } = createLedger(catalog)
    expect(entries.map(({ root, tally }) => [root, tally.diskBytes])).toEqual([
      [ROOT, 10],
      ['/other', 20],
    ])
    expect(total).toEqual({ contentBytes: 3, diskBytes: 30, files: 3 })
    expect(measured).toBe(true)
  })

  it('says so where nothing was measured', () => {
    const unmeasured = { ...survey([]), measurement: null }
    expect(createLedger(catalogOf({}, [unmeasured]).catalog)).toMatchObject({ measured: false, entries: [] })
    const measured = survey([[claim('x'), 1, 1, 1]], new Map(), '/other')
    const both = createLedger(catalogOf({}, [unmeasured, measured]).catalog)
    expect([both.measured, both.entries.map(({ root }) => root)]).toEqual([true, ['/other']])
  })
})

describe('the paths of a category', () => {
  const pathsOf = (claims: readonly Claim[], category: string, root = ROOT): Record<string, number> => {
    const { catalog } = catalogOf({}, [
      survey(claims.map((each, index) => [each, 1000 * 2 ** index, 2 ** index, 1])),
    ])
    return Object.fromEntries(
      bookedPaths(catalog, [], root, category).map(({ path, tally }) => [path, tally.diskBytes]),
    )
  }

  it('are those that it is booked from, one inside another counted with it', () => {
    const claims = [
      claim('image', { place: 'metadata' }),
      claim('image/overlay2/layerdb/a', { place: 'layer-record' }),
      claim('image-of-another', { place: 'metadata' }),
      claim('volumes/a', { place: 'volume' }),
    ]
    expect(pathsOf(claims, 'metadata')).toEqual({ image: 3, 'image-of-another': 4 })
    expect(pathsOf(claims, 'volumes')).toEqual({ 'volumes/a': 8 })
  })

  it('are not swallowed by the root, which is one of its own', () => {
    const claims = [claim('', { place: 'other' }), claim('tmp/x', { place: 'other' })]
    expect(pathsOf(claims, 'other')).toEqual({ '': 1, 'tmp/x': 2 })
  })

  it('are none where the category or the root is not there', () => {
    expect(pathsOf([claim('a', { place: 'volume' })], 'swarm')).toEqual({})
    expect(pathsOf([claim('a', { place: 'volume' })], 'volumes', '/other')).toEqual({})
  })
})
