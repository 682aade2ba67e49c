import type { ClaimKind } from '../model/claims.ts'
import { groupBy } from '../model/group-by.ts'
import { emptyTally, type Place, type Survey, type Tally } from '../model/places.ts'
import type { Catalog } from './catalog.ts'
import { heldLayers } from './images.ts'
import type { Withheld } from './orphans/orphan.ts'
import { addTally } from './sizes.ts'

export const CATEGORIES = [
  'image-layers',
  'writable-layers',
  'container-logs',
  'container-files',
  'volumes',
  'build-cache',
  'image-blobs',
  'metadata',
  'plugins',
  'network',
  'swarm',
  'temporary',
  'orphans',
  'hidden-stores',
  'other',
] as const

export type Category = (typeof CATEGORIES)[number]

export interface LedgerEntry {
  readonly category: Category
  readonly root: string
  readonly tally: Tally
}

export interface Ledger {
  readonly measured: boolean
  readonly total: Tally
  readonly entries: readonly LedgerEntry[]
}

/** The category of a place, where who uses it makes no difference. */
const CATEGORY_OF_PLACE: Record<Exclude<Place, 'layer-files'>, Category> = {
  'layer-record': 'metadata',
  'image-record': 'metadata',
  'mount-record': 'metadata',
  'writable-layer': 'writable-layers',
  'init-layer': 'writable-layers',
  'container-log': 'container-logs',
  'container-files': 'container-files',
  volume: 'volumes',
  'cache-files': 'build-cache',
  'cache-claim': 'build-cache',
  'build-cache-blobs': 'build-cache',
  leftover: 'temporary',
  orphaned: 'orphans',
  'foreign-driver': 'hidden-stores',
  temporary: 'temporary',
  'thin-pool': 'image-layers',
  'image-blobs': 'image-blobs',
  metadata: 'metadata',
  plugins: 'plugins',
  network: 'network',
  swarm: 'swarm',
  unclaimed: 'orphans',
  other: 'other',
}

/**
 * Books every measured inode to exactly one category, so that the entries of a root sum to what `du -sx` prints.
 * What has no known owner and was not judged is no orphan: it goes to `other`.
 */
export function createLedger(catalog: Catalog, withheld: readonly Withheld[] = []): Ledger {
  const total = emptyTally()
  const entries: LedgerEntry[] = []
  for (const survey of catalog.surveys) {
    if (survey.measurement === null) continue
    const sums = new Map<Category, Tally>()
    for (const { category, tally } of bookings(catalog, survey, withheld)) {
      const sum = sums.get(category) ?? emptyTally()
      addTally(sum, tally)
      sums.set(category, sum)
    }
    for (const category of CATEGORIES) {
      const tally = sums.get(category)
      if (tally === undefined) continue
      entries.push({ category, root: survey.root, tally })
      addTally(total, tally)
    }
  }
  return { measured: catalog.surveys.some((survey) => survey.measurement !== null), total, entries }
}

/** A path that a category is made of, relative to its root, with what is booked to the category there and below. */
export interface BookedPath {
  readonly path: string
  readonly tally: Tally
}

/**
 * The paths that an entry of the ledger is made of: together they are its figure. What lies below another of them is
 * part of that one; the root itself is only ever a path of its own.
 */
export function bookedPaths(
  catalog: Catalog,
  withheld: readonly Withheld[],
  root: string,
  category: string,
): BookedPath[] {
  const survey = catalog.surveys.find((each) => each.root === root)
  if (survey === undefined) return []
  const booked = [...bookings(catalog, survey, withheld)].filter((each) => each.category === category)
  const paths = new Set(booked.map(({ claim }) => survey.claims.pathAt(claim)))
  const tallies = new Map<string, Tally>()
  for (const { claim, tally } of booked) {
    const top = outermost(survey.claims.pathAt(claim), paths)
    const sum = tallies.get(top) ?? emptyTally()
    addTally(sum, tally)
    tallies.set(top, sum)
  }
  return [...tallies].map(([path, tally]) => ({ path, tally }))
}

function outermost(path: string, paths: ReadonlySet<string>): string {
  for (let slash = path.indexOf('/'); slash !== -1; slash = path.indexOf('/', slash + 1)) {
    const above = path.slice(0, slash)
    if (paths.has(above)) return above
  }
  return path
}

interface Booking {
  readonly category: Category
  /** The index of the claim. */
  readonly claim: number
  readonly tally: Tally
}

/** What was measured below each claim of a root, with the one category that it is booked to. */
function* bookings(
  catalog: Catalog,
  { root, claims, measurement }: Survey,
  withheld: readonly Withheld[],
): Generator<Booking> {
  const categoryOf = categoriser(catalog)
  const unjudged = new Set(withheld.filter((stray) => stray.root === root).map((stray) => stray.path))
  for (let claim = 0; claim < claims.size; claim++) {
    const tally = measurement?.tallies.at(claim)
    const kind = claims.kindAt(claim)
    if (tally === undefined || tally.files === 0 || kind === undefined) continue
    const isUnjudged = unjudged.size > 0 && unjudged.has(claims.pathAt(claim))
    yield { category: isUnjudged ? 'other' : categoryOf(kind, claims.ownerAt(claim)), claim, tally }
  }
}

/** Layer files are an image's, else the build cache's; those of a store that the engine does not use are hidden. */
function categoriser(catalog: Catalog): (claim: ClaimKind, owner: string) => Category {
  const cacheLayers = layersByStore(catalog.model.cacheRecords, ({ layer }) => [layer])
  const imageLayers = layersByStore(catalog.model.images, heldLayers)
  return (claim, owner) => {
    if (claim.store !== null && catalog.store(claim.store)?.store.active === false) return 'hidden-stores'
    if (claim.place !== 'layer-files') return CATEGORY_OF_PLACE[claim.place]
    const store = claim.store ?? ''
    const isOnlyCache = !imageLayers.get(store)?.has(owner) && cacheLayers.get(store)?.has(owner)
    return isOnlyCache === true ? 'build-cache' : 'image-layers'
  }
}

const layersByStore = <T extends { readonly store: string }>(
  things: readonly T[],
  layersOf: (thing: T) => Iterable<string | null>,
): ReadonlyMap<string, ReadonlySet<string | null>> =>
  new Map(
    [...groupBy(things, ({ store }) => store)].map(([store, group]) => {
      const layers = new Set<string | null>()
      for (const thing of group) for (const layer of layersOf(thing)) layers.add(layer)
      return [store, layers]
    }),
  )
