import { baseOf, containerdPlaces } from '../../layouts/containerd/places.ts'
import { driverNamed } from '../../layouts/drivers/driver.ts'
import type { Store } from '../../model/model.ts'
import { emptyTally, type Place, type Survey, type Tally } from '../../model/places.ts'
import { addTally } from '../sizes.ts'
import type { Orphan } from './orphan.ts'
import type { SearchedRoot } from './searched-root.ts'

/** Drivers' directories of which no store is here, and stores that the engine does not use. */
export const findHidden = (searched: SearchedRoot): Orphan[] => [
  ...foreignDrivers(searched),
  ...unusedStores(searched),
]

function foreignDrivers(searched: SearchedRoot): Orphan[] {
  const { catalog, survey } = searched
  const { containers, findings } = catalog.model
  // The files of a container whose store is lost lie in one of these directories, as do images without records.
  const isHeld =
    containers.some(({ root, store }) => root === survey.root && store === null) ||
    findings.some(({ root, code }) => root === survey.root && code === 'image-records-missing')
  if (isHeld) return []
  return [...survey.claims.ofPlace('foreign-driver')].flatMap(({ path }) => {
    const tally = catalog.sizes.total(survey.root, path)
    if (tally === null || tally.files === 0) return []
    return [
      searched.orphan({
        path,
        store: null,
        kind: 'hidden',
        reason: `the directory of storage driver ${path}; no image store of it is in this root`,
        searched: [`image/${path}`, `repositories-${path}`],
      }),
    ]
  })
}

const unusedStores = (searched: SearchedRoot): Orphan[] =>
  searched.stores
    .filter((store) => store.active === false)
    .flatMap((store) =>
      placesOfStore(searched, store).map(({ path, isShared }) =>
        searched.orphan({
          path,
          store: store.id,
          kind: 'hidden',
          reason: `of the image store ${store.layout}/${store.driver}: ${store.why}`,
          searched: [],
          size: below(searched.survey, path, isShared ? store.id : null),
        }),
      ),
    )

/** A store's own path, and where its driver keeps its data; what it shares with a store in use is not all its own. */
function placesOfStore(
  { stores, survey }: SearchedRoot,
  store: Store,
): { readonly path: string; readonly isShared: boolean }[] {
  const others = stores.filter((each) => each !== store && each.active !== false)
  const homes = homesOf(store).map((path) => ({
    path,
    isShared: others.some((other) => homesOf(other).includes(path)),
  }))
  const { claims } = survey
  const isItsOwn = (path: string): boolean =>
    [...claims.below(claims.nodeAt(path))].some((index) => claims.kindAt(index)?.store === store.id)
  return [
    { path: store.path, isShared: false },
    ...homes.filter(({ path, isShared }) => !isShared || isItsOwn(path)),
  ]
}

/** Where a store's driver keeps its data beside the store's own path. */
const homesOf = (store: Store): readonly string[] =>
  store.layout === 'containerd'
    ? [containerdPlaces(baseOf(store.path)).content]
    : driverNamed(store.driver).homes.slice(0, 1)

/** Everything measured below a path, of one store where it is named; what nobody owns is listed by itself. */
function below({ measurement, claims }: Survey, path: string, store: string | null): Tally | null {
  if (measurement === null) return null
  const sum = emptyTally()
  const node = claims.nodeAt(path)
  for (const index of [claims.claimOf(node), ...claims.below(node)]) {
    const tally = measurement.tallies.at(index)
    const kind = claims.kindAt(index)
    if (tally === undefined || kind === undefined || OWN_ENTRIES.has(kind.place)) continue
    if (store === null || kind.store === store) addTally(sum, tally)
  }
  return sum
}

const OWN_ENTRIES: ReadonlySet<Place> = new Set(['unclaimed', 'orphaned', 'leftover'])
