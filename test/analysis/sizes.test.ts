import { describe, expect, it } from 'vitest'
import { MeasuredSizes } from '../../src/analysis/sizes.ts'
import type { Claim } from '../../src/model/places.ts'
import { claimsOf } from '../support/claims.ts'
import { claim, ROOT, survey } from './build-model.ts'

const owned = (id: string, place: Claim['place'], content = false): Partial<Claim> => ({
  owner: { kind: 'layer', id },
  place,
  content,
})

// A layer's directory with its files, a volume in two places, a log inside a container's directory.
const measured = (): MeasuredSizes =>
  new MeasuredSizes([
    survey([
      [claim('', { place: 'other' }), 1, 4096, 1],
      [claim('overlay2', { place: 'metadata' }), 2, 4096, 1],
      [claim('overlay2/x', owned('x', 'layer-files')), 30, 8192, 3],
      [claim('overlay2/x/diff', owned('x', 'layer-files', true)), 400, 40_960, 5],
      [claim('overlay2/y', owned('y', 'layer-files')), 7, 4096, 1],
      [
        claim('containers/c', { owner: { kind: 'container', id: 'c' }, place: 'container-files' }),
        50,
        4096,
        4,
      ],
      [
        claim('containers/c/c-json.log', { owner: { kind: 'container', id: 'c' }, place: 'container-log' }),
        9000,
        12_288,
        1,
      ],
      [claim('metadata/deep/part', { place: 'metadata' }), 5, 512, 1],
      [claim('metadata', { place: 'metadata' }), 6, 1024, 1],
    ]),
  ])

describe('what was measured of a path', () => {
  it('is all below it with the same owner and purpose', () => {
    const sizes = measured()
    expect(sizes.total(ROOT, 'overlay2/x')).toEqual({ contentBytes: 430, diskBytes: 49_152, files: 8 })
    expect(sizes.total(ROOT, 'overlay2/x/diff')).toEqual({ contentBytes: 400, diskBytes: 40_960, files: 5 })
    expect(sizes.total(ROOT, 'metadata')).toEqual({ contentBytes: 11, diskBytes: 1536, files: 2 })
  })

  it('leaves out what lies below with an owner or a purpose of its own', () => {
    const sizes = measured()
    expect(sizes.total(ROOT, 'overlay2')?.diskBytes).toBe(4096)
    expect(sizes.total(ROOT, 'containers/c')?.contentBytes).toBe(50)
    expect(sizes.total(ROOT, 'containers/c/c-json.log')?.contentBytes).toBe(9000)
  })

  it('is nothing where nothing lies, and unknown where nothing was measured', () => {
    const sizes = measured()
    expect(sizes.total(ROOT, 'overlay2/gone')).toEqual({ contentBytes: 0, diskBytes: 0, files: 0 })
    expect(sizes.total(ROOT, null)).toEqual({ contentBytes: 0, diskBytes: 0, files: 0 })
    expect(sizes.total('/elsewhere', 'overlay2/x')).toBeNull()
    expect(sizes.sum('/elsewhere', ['overlay2/x'])).toBeNull()
    expect(sizes.content('/elsewhere', 'overlay2/x')).toBeNull()
    expect([sizes.isMeasured(ROOT), sizes.isMeasured('/elsewhere')]).toEqual([true, false])
  })

  it('has as content only what lies among the owner’s own files', () => {
    const sizes = measured()
    expect(sizes.content(ROOT, 'overlay2/x')).toBe(400)
    expect(sizes.content(ROOT, 'overlay2/x/diff')).toBe(400)
    expect(sizes.content(ROOT, 'overlay2/y')).toBe(0)
  })

  it('sums several paths, each once', () => {
    const sizes = measured()
    expect(sizes.sum(ROOT, ['overlay2/x', 'overlay2/y', 'overlay2/x', null])).toEqual({
      contentBytes: 437,
      diskBytes: 53_248,
      files: 9,
    })
  })

  it('is unknown where the walk was not made, and nothing where it did not come', () => {
    const all = survey([[claim('overlay2/x'), 1, 1, 1]])
    const none = new MeasuredSizes([{ ...all, measurement: null }])
    expect([none.isMeasured(ROOT), none.total(ROOT, 'overlay2/x')]).toEqual([false, null])
    const cut = new MeasuredSizes([{ ...all, claims: claimsOf([...all.claims, claim('overlay2/y')]) }])
    expect(cut.total(ROOT, 'overlay2/y')).toEqual({ contentBytes: 0, diskBytes: 0, files: 0 })
    expect([cut.content(ROOT, null), cut.content(ROOT, 'gone')]).toEqual([0, 0])
  })

  it('is unknown on a file system of its own, which a walk does not enter', () => {
    const all = survey([
      [claim('btrfs/subvolumes/x', owned('x', 'layer-files', true)), 0, 0, 0],
      [claim('volumes/v', owned('v', 'volume', true)), 1, 512, 1],
    ])
    const sizes = new MeasuredSizes([{ ...all, mounted: ['btrfs', 'volumes/v/_data/inside'] }])
    expect(sizes.total(ROOT, 'btrfs/subvolumes/x')).toBeNull()
    expect(sizes.content(ROOT, 'btrfs/subvolumes/x')).toBeNull()
    expect(sizes.sum(ROOT, ['btrfs/subvolumes/x', 'volumes/v'])).toBeNull()
    // What is mounted inside is not part of it.
    expect(sizes.total(ROOT, 'volumes/v')?.diskBytes).toBe(512)
    expect([sizes.isApart(ROOT, 'btrfs'), sizes.isApart('/other', 'btrfs')]).toEqual([true, false])
  })

  it('leaves out what lies below for the same purpose with another owner', () => {
    const nested = new MeasuredSizes([
      survey([
        [claim('vfs/dir/x', owned('x', 'layer-files')), 1, 512, 1],
        [claim('vfs/dir/x/y', owned('y', 'layer-files')), 20, 1024, 1],
      ]),
    ])
    expect(nested.total(ROOT, 'vfs/dir/x')?.diskBytes).toBe(512)
  })

  it('is not lent from one root to another', () => {
    const two = new MeasuredSizes([
      survey([[claim('overlay2/x'), 1, 1, 1]]),
      survey([[claim('overlay2/x'), 20, 20, 20]], new Map([['vfs/dir/w', 7]]), '/other'),
    ])
    expect(two.total(ROOT, 'overlay2/x')?.diskBytes).toBe(1)
    expect(two.total('/other', 'overlay2/x')?.diskBytes).toBe(20)
    expect(two.changed('/other', 'vfs/dir/w')).toBe(7)
    expect(two.changed(ROOT, 'vfs/dir/w')).toBeUndefined()
    expect(two.changed('/other', null)).toBeUndefined()
    expect(two.changed('/third', 'vfs/dir/w')).toBeUndefined()
  })

  it('is unknown in a directory that cannot be listed', () => {
    const all = survey([[claim('overlay2/x', owned('x', 'layer-files', true)), 1, 512, 1]])
    const sizes = new MeasuredSizes([{ ...all, unlisted: ['overlay2'] }])
    expect([sizes.total(ROOT, 'overlay2/x'), sizes.content(ROOT, 'overlay2/x')]).toEqual([null, null])
    expect(sizes.isApart(ROOT, 'overlay')).toBe(false)
  })
})
