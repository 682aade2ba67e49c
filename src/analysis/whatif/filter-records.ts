import type { CacheRecord } from '../../model/model.ts'
import { type Filters, ONLY_ONE_VALUE, Refused } from './filters.ts'
import { goPattern } from './go-pattern.ts'
import { parseSelectors, type Selector } from './selectors.ts'

/** The filters of the build cache that its own filter language answers. */
export const RECORD_FILTERS = ['description', 'id', 'inuse', 'parent', 'private', 'shared', 'type']

/**
 * What the user's filters say of a record. Docker writes them as one expression of that language, so that `id=a,mutable`
 * asks for two things. Throws Refused (moby builder-next/builder.go, toBuildkitPruneInfo).
 */
export function recordFilter(
  filters: Filters,
): (record: CacheRecord, isShared: (record: CacheRecord) => boolean) => boolean {
  const parts = RECORD_FILTERS.flatMap((name) => {
    const values = [...(filters.get(name) ?? [])]
    if (values.length > 1) throw new Refused(ONLY_ONE_VALUE)
    return values.map((value) => `${name}${name === 'id' ? '~=' : '=='}${value}`)
  })
  if (parts.length === 0) return () => true
  const conditions = parseSelectors(parts.join(',')).map(condition)
  return (record, isShared) => conditions.every((holds) => holds(fieldsOf(record, isShared(record))))
}

type Fields = ReadonlyMap<string, string>

/** What the engine fills in when it prunes; parents, descriptions and what is in use it leaves out (cache/manager.go). */
const fieldsOf = ({ id, type, mutable }: CacheRecord, isShared: boolean): Fields =>
  new Map([
    ['id', id],
    ['type', type],
    [mutable ? 'mutable' : 'immutable', ''],
    [isShared ? 'shared' : 'private', ''],
  ])

function condition({ field, operator, value }: Selector): (fields: Fields) => boolean {
  switch (operator) {
    case 'present':
      return (fields) => fields.has(field)
    case '==':
      return (fields) => fields.get(field) === value
    case '!=':
      return (fields) => (fields.get(field) ?? '') !== value
    case '~=': {
      const pattern = goPattern(value)
      return (fields) => pattern?.test(fields.get(field) ?? '') === true
    }
  }
}
