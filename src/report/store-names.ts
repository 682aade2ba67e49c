import type { Report, ReportRoot } from './schema.ts'

/** What tells stores, or roots as a whole, apart. */
interface Home {
  readonly root: string
  readonly kind: string
  readonly namespace: string | null
  readonly driver: string
}

const ENGINES: Readonly<Record<string, string>> = { 'containers-storage': 'podman' }

/**
 * The shortest names by which some stores can be told apart, by store id or root: their engine, namespace or driver,
 * else where their roots lie.
 */
export function storeNames(report: Report, ids: Iterable<string>): Map<string, string> {
  const wanted = [...new Set(ids)].sort()
  const homes = wanted.map((id) => homeOf(report, id))
  const places = distinctParts(homes.map(({ root }) => root))
  const ways: readonly ((home: Home, index: number) => string)[] = [
    ({ kind }) => kind,
    ({ kind, namespace }) => namespace ?? kind,
    ({ kind, driver }) => driver || kind,
    ({ kind, namespace, driver }) => `${namespace ?? kind}/${driver}`,
    (_, index) => places[index] ?? '',
    ({ kind, namespace }, index) => `${places[index] ?? ''} ${namespace ?? kind}`,
    ({ namespace, driver }, index) => `${places[index] ?? ''} ${namespace ?? ''}/${driver}`,
  ]
  const names = ways
    .map((way) => homes.map(way))
    .find((each) => new Set(each).size === wanted.length && !each.includes(''))
  return new Map(wanted.map((id, index) => [id, names?.[index] ?? id]))
}

function homeOf({ stores, roots }: Report, id: string): Home {
  const store = stores.find((each) => each.id === id)
  const root = store?.root ?? id
  return {
    root,
    kind: engineOf(roots.find(({ path }) => path === root)),
    namespace: store?.namespace ?? null,
    driver: store?.driver ?? '',
  }
}

const engineOf = (root: ReportRoot | undefined): string =>
  ENGINES[root?.kind ?? ''] ?? root?.kind ?? 'unknown'

/** Paths without the directories with which all of them begin and end. */
function distinctParts(paths: readonly string[]): string[] {
  const split = paths.map((path) => path.split('/'))
  const [first = []] = split
  const shortest = Math.min(...split.map(({ length }) => length))
  const countSame = (isSame: (place: number) => boolean): number => {
    let count = 0
    while (count < shortest && isSame(count)) count++
    return count
  }
  const before = countSame((place) => split.every((parts) => parts[place] === first[place]))
  const after = countSame((place) => split.every((parts) => parts.at(-1 - place) === first.at(-1 - place)))
  // The first name that differs mostly tells them apart by itself.
  const names = split.map((parts) => parts[before] ?? '')
  if (new Set(names).size === names.length && !names.includes('')) return names
  return split.map((parts, index) => {
    const end = Math.max(before, parts.length - after)
    return parts.slice(before, end).join('/') || (paths[index] ?? '')
  })
}
