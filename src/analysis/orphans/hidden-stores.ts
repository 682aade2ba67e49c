import { baseOf, containerdPlaces } from '../../layouts/containerd/places.ts'
import { driverNamed } from '../../layouts/drivers/driver.ts'
import type { Store } from '../../model/model.ts'
import { emptyTally, type Survey, type Tally } from '../../model/places.ts'
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
  return survey.claims.flatMap(({ path, place }) => {
    if (place !== 'foreign-driver') return []
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
      [store.path, ...homesOf(store)].map((path) =>
        searched.orphan({
          path,
          store: store.id,
          kind: 'hidden',
          reason: `of the image store ${store.layout}/${store.driver}: ${store.why}`,
          searched: [],
          size: below(searched.survey, path),
        }),
      ),
    )

/** Where a store's driver keeps its data beside the store's own path. */
const homesOf = (store: Store): readonly string[] =>
  store.layout === 'containerd'
    ? [containerdPlaces(baseOf(store.path)).content]
    : driverNamed(store.driver).homes.slice(0, 1)

/** Everything measured below a path, whoever owns it. */
function below({ measurement, claims }: Survey, path: string): Tally | null {
  if (measurement === null) return null
  const sum = emptyTally()
  for (const [index, claim] of claims.entries()) {
    const tally = measurement.tallies[index]
    if (tally !== undefined && (claim.path === path || claim.path.startsWith(`${path}/`)))
      addTally(sum, tally)
  }
  return sum
}
