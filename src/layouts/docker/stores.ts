import { isPlainName } from '../../model/ids.ts'
import type { Store } from '../../model/model.ts'
import { type Driver, driverNamed, KNOWN_DRIVERS } from '../drivers/driver.ts'
import type { Source } from '../source.ts'

/** A store that the directory names give away, before anything of it is read. */
export interface FoundStore {
  readonly store: Store
  /** Null for graphs up to 0.6, which keep the files themselves. */
  readonly driver: Driver | null
  /** The file that holds the tags. */
  readonly repositories: string
}

/** Finds the content-addressed stores: every directory of `image/` that holds a part of one. */
export function findLayerdbStores(source: Source): FoundStore[] {
  const found: FoundStore[] = []
  for (const entry of source.list('image')) {
    const path = `image/${entry.name}`
    const isStore = ['imagedb', 'layerdb', 'repositories.json'].some(
      (part) => source.stat(`${path}/${part}`) !== null,
    )
    if (entry.kind !== 'directory' || !isStore) continue
    found.push({
      store: { ...named(source, 'layerdb', entry.name), path },
      driver: driverNamed(entry.name),
      repositories: `${path}/repositories.json`,
    })
  }
  return found
}

/** Finds the legacy stores: `graph/` with each of the tag files beside it, one for every driver that was ever in use. */
export function findGraphStores(source: Source): FoundStore[] {
  if (source.stat('graph') === null) return []
  const drivers = source.list('').flatMap(({ name }) => /^repositories-(.+)$/.exec(name)?.[1] ?? [])
  // Somebody's copy of a tag file, such as repositories-aufs.bak, makes no store of its own.
  const known = drivers.filter((name) => KNOWN_DRIVERS.has(name))
  if (known.length > 0) return known.map((name) => graphStore(source, name, `repositories-${name}`))
  if (source.list('graph').some((entry) => source.stat(`graph/${entry.name}/layer`) !== null))
    return [
      {
        store: { ...named(source, 'graph', 'graph'), path: 'graph' },
        driver: null,
        repositories: 'repositories',
      },
    ]
  // The tag file is gone: the driver's own directory tells which one it was.
  const home = [...KNOWN_DRIVERS.values()].find((driver) =>
    driver.homes.some((path) => source.stat(path) !== null),
  )
  const names = home === undefined ? drivers.filter(isPlainName) : [home.name]
  return names.map((name) => graphStore(source, name, `repositories-${name}`))
}

const graphStore = (source: Source, driver: string, repositories: string): FoundStore => ({
  store: { ...named(source, 'graph', driver), path: 'graph' },
  driver: driverNamed(driver),
  repositories,
})

const named = (source: Source, layout: 'graph' | 'layerdb', driver: string): Omit<Store, 'path'> => ({
  id: `${layout}/${driver}@${source.root}`,
  root: source.root,
  layout,
  driver,
  namespace: null,
  active: null,
  why: '',
})

/** Says which of a root's stores the engine uses: at most one, the others are hidden from it and still fill the disk. */
export function markActive(source: Source, layerdb: FoundStore[], graph: FoundStore[]): FoundStore[] {
  const active = newest(source, layerdb.length > 0 ? layerdb : graph)
  const candidates = layerdb.length > 0 ? layerdb : graph
  const marked = candidates.map((found) =>
    found === active
      ? withState(found, true, whyActive(found, candidates.length))
      : withState(found, false, `the storage driver was switched: ${active?.repositories} was written later`),
  )
  if (layerdb.length === 0) return marked
  return [
    ...marked,
    ...graph.map((found) =>
      withState(found, false, 'left behind by the upgrade to Docker 1.10: image/ holds the images now'),
    ),
  ]
}

const withState = (found: FoundStore, active: boolean, why: string): FoundStore => ({
  ...found,
  store: { ...found.store, active, why },
})

const whyActive = (found: FoundStore, count: number): string =>
  count === 1
    ? 'the only image store that this engine version reads here'
    : `${found.repositories} was written last`

/** The store whose tag file was written last; an engine writes only the one of the driver it runs with. */
function newest(source: Source, stores: readonly FoundStore[]): FoundStore | undefined {
  const written = (found: FoundStore): number => source.stat(found.repositories)?.modifiedMs ?? 0
  return stores.toSorted((a, b) => written(b) - written(a))[0]
}
