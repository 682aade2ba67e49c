import { describe, expect, it } from 'vitest'
import { recordFilter } from '../../../src/analysis/whatif/filter-records.ts'
import { addFilter } from '../../../src/analysis/whatif/filters.ts'
import { cacheRecord } from '../build-model.ts'

function passes(filters: readonly string[], isShared = false, mutable = false): boolean {
  const asked = new Map<string, Set<string>>()
  for (const text of filters) addFilter(asked, text)
  const record = cacheRecord('abc', { type: 'regular', description: 'a step', mutable })
  return recordFilter(asked)(record, () => isShared)
}

/** Each was held against docker 20.10. */
describe('a record of the build cache', () => {
  it.each(['id=b', 'id=^(abc|x)$', 'type=regular', 'id=a,type==regular', 'id=a,private', 'id=a,immutable'])(
    'is what %s asks for',
    (filter) => {
      expect(passes([filter])).toBe(true)
    },
  )

  it.each([
    ...['id=x', 'id=ab,x', 'type=regula', 'description=a', 'parent=abc', 'inuse=true', 'shared=true'],
    ...['private=true', 'id=a,mutable', 'id=a,shared', 'id=a,type!=regular', 'id=('],
  ])('is not what %s asks for', (filter) => {
    expect(passes([filter])).toBe(false)
  })

  it('is shared or private, mutable or not', () => {
    expect(passes(['id=a,shared'], true)).toBe(true)
    expect(passes(['id=a,private'], true)).toBe(false)
    expect(passes(['id=a,mutable'], false, true)).toBe(true)
    expect(passes(['id=a,immutable'], false, true)).toBe(false)
  })

  it('has no description, so that it differs from every one', () => {
    expect(passes(['id=a,description!=a'])).toBe(true)
    expect(passes(['id=a,description!=""'])).toBe(false)
    expect(passes(['id=a,description~=^$'])).toBe(true)
  })

  it('passes where nothing of it is asked, and every filter has to fit', () => {
    expect(passes(['until=1h', 'label=x'])).toBe(true)
    expect(passes(['id=a', 'type=regular'])).toBe(true)
    expect(passes(['id=a', 'type=other'])).toBe(false)
  })

  it('has one filter of a name', () => {
    expect(() => passes(['id=a', 'id=b'])).toThrow(
      'failed to prune build cache: filters expect only one value',
    )
  })
})
