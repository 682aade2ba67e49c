import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { Claims } from '../../src/model/claims.ts'
import { claimsOn } from '../support/claims.ts'

describe('Claims', () => {
  it('has claims in their order, of which the first on a path stays', () => {
    const claims = new Claims()
    claims.add('', 'other', null, null)
    claims.add('a/b', 'volume', { kind: 'volume', id: 'v' }, 's', { content: true })
    claims.add('a/b', 'swarm', null, null)
    claims.add('a', 'plugins', null, 's')
    expect([...claims]).toEqual([
      { path: '', place: 'other', owner: null, store: null, content: false },
      { path: 'a/b', place: 'volume', owner: { kind: 'volume', id: 'v' }, store: 's', content: true },
      { path: 'a', place: 'plugins', owner: null, store: 's', content: false },
    ])
    expect([...claims.ofPlace('plugins')].map(({ path }) => path)).toEqual(['a'])
    expect([claims.size, claims.at(3), claims.at(-1)]).toEqual([3, undefined, undefined])
  })

  it('finds the claim on a path, and the deepest on the way to it', () => {
    const claims = claimsOn(['a/b/c', 'a', 'a/x'])
    const found = ['a/b/c', 'a', 'a/x', 'a/b', 'a/b/c/d', '', 'b'].map((path) => [
      claims.indexAt(path),
      claims.deepestAt(path),
    ])
    expect(found).toEqual([
      [0, 0],
      [1, 1],
      [2, 2],
      [-1, 1],
      [-1, 0],
      [-1, -1],
      [-1, -1],
    ])
    expect(claimsOn(['', 'a']).deepestAt('b/c')).toBe(0)
  })

  it('has a node where a claim lies on it or below, and nowhere else', () => {
    const claims = claimsOn(['a/b/c', 'a/x'])
    const at = (path: string): boolean => claims.nodeAt(path) !== -1
    expect(['', 'a', 'a/b', 'a/b/c', 'a/x'].map(at)).toEqual([true, true, true, true, true])
    expect(['b', 'a/c', 'a/x/c', 'a/b/c/d', 'a/'].map(at)).toEqual([false, false, false, false, false])
    expect([...claims.below(claims.nodeAt('a'))].sort()).toEqual([0, 1])
    expect([...claims.below(claims.nodeAt('a/x'))]).toEqual([])
    expect([...claims.below(claims.nodeAt('gone'))]).toEqual([])
  })

  it('tells names apart that objects know of their own', () => {
    const claims = claimsOn(['__proto__/x', '__proto__/y'])
    expect([claims.indexAt('__proto__/x'), claims.indexAt('__proto__/constructor')]).toEqual([0, -1])
    expect([claims.indexAt('constructor'), claims.indexAt('__proto__/toString')]).toEqual([-1, -1])
  })

  it('gives some another purpose, and no other that shares theirs', () => {
    const claims = claimsOn(['a', 'b'])
    claims.setPlace('temporary', ['b', 'gone'])
    expect([...claims].map(({ path, place }) => `${place} ${path}`)).toEqual(['other a', 'temporary b'])
  })

  it('may be many', () => {
    const paths = Array.from({ length: 20_000 }, (_, index) => `store/${index}`)
    const claims = claimsOn(paths)
    expect([claims.size, claims.nodeCount]).toEqual([20_000, 20_002])
    expect([0, 8191, 8192, 19_999].map((index) => claims.at(index)?.path)).toEqual(
      [0, 8191, 8192, 19_999].map((index) => paths[index]),
    )
    expect([claims.indexAt('store/16384'), claims.at(20_000)]).toEqual([16_384, undefined])
  })

  it('is the same on the other side of a thread', () => {
    const claims = new Claims()
    claims.add('a/b', 'volume', { kind: 'volume', id: 'v' }, 's', { content: true, name: 'b' })
    claims.add('a/c', 'swarm', null, null)
    const crossed = new Claims(structuredClone(claims.columns))
    expect([...crossed]).toEqual([...claims])
    crossed.add('a/d', 'swarm', null, null)
    expect([crossed.indexAt('a/d'), crossed.indexAt('a/b'), claims.size]).toEqual([2, 0, 2])
  })

  it('gives every path back', () => {
    const part = fc.constantFrom('a', 'b', 'c', 'a-name-longer-than-twelve', '__proto__', ':x:')
    const path = fc.array(part, { maxLength: 4 }).map((parts) => parts.join('/'))
    fc.assert(
      fc.property(fc.uniqueArray(path, { maxLength: 30 }), part, (paths, name) => {
        const claims = new Claims()
        for (const each of paths) claims.add(each, 'other', null, null, { name })
        expect([...claims].map((claim) => claim.path)).toEqual(paths)
        expect(paths.map((each) => claims.indexAt(each))).toEqual(paths.map((_each, index) => index))
        for (const each of paths) {
          const below = paths.flatMap((other, index) =>
            other !== each && (each === '' || other.startsWith(`${each}/`)) ? [index] : [],
          )
          expect([...claims.below(claims.nodeAt(each))].sort((a, b) => a - b)).toEqual(below)
        }
      }),
    )
  })
})
