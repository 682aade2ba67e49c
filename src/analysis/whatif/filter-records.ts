import type { CacheRecord } from '../../model/model.ts'
import {
  BUILDX_ANSWERED,
  BUILDX_REFUSED,
  CACHE_REFUSED,
  type Filters,
  ONLY_ONE_VALUE,
  Refused,
} from './filters.ts'
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
  buildx = false,
): (record: CacheRecord, isShared: (record: CacheRecord) => boolean) => boolean {
  const names = buildx ? [...filters.keys()].filter((name) => !AGES.includes(name)) : RECORD_FILTERS
  const parts = names.flatMap((name) => {
    const values = [...(filters.get(name) ?? [])]
    if (values.length > 1) throw new Refused((buildx ? BUILDX_REFUSED : CACHE_REFUSED) + ONLY_ONE_VALUE)
    return values.map((value) => `${name}${operatorFor(name, buildx)}${value}`)
  })
  if (parts.length === 0) return () => true
  const beginning = buildx ? BUILDX_ANSWERED : CACHE_REFUSED
  const conditions = parseSelectors(parts.join(','), beginning).map(condition)
  return (record, isShared) => conditions.every((holds) => holds(fieldsOf(record, isShared(record))))
}

const AGES: readonly string[] = ['until', 'unused-for']

/** The plugin takes any name, and one that ends in `!` or `~` with the operator that makes (buildx commands/prune.go, 0.29.1). */
function operatorFor(name: string, buildx: boolean): '==' | '~=' | '=' {
  if (name === 'id') return '~='
  return buildx && /[!~]$/.test(name) ? '=' : '=='
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
