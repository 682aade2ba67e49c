import type { Subject } from '../model/findings.ts'
import type { CacheRecord, Container } from '../model/model.ts'
import { emptyTally, type Place, type Tally } from '../model/places.ts'
import type { Catalog, StoreCatalog } from './catalog.ts'
import { driverIds, linkSizes } from './overlay-links.ts'
import { addTally } from './sizes.ts'

/** One store of a root, and what in the root goes with it. */
export interface Owners {
  readonly catalog: Catalog
  readonly root: string
  readonly at: StoreCatalog
  readonly containers: ReadonlyMap<string, Container>
  readonly records: ReadonlyMap<string, CacheRecord>
}

/** The containers and cache records of a store, with it. */
export const ownersOf = (catalog: Catalog, at: StoreCatalog): Owners => {
  const here = <T extends { readonly id: string; readonly store: string | null }>(items: readonly T[]) =>
    new Map(items.filter(({ store }) => store === at.store.id).map((item) => [item.id, item]))
  return {
    catalog,
    root: at.store.root,
    at,
    containers: here(catalog.model.containers),
    records: here(catalog.model.cacheRecords),
  }
}

/** What an owner has on the disk, by what the places are for. */
export type Parts = ReadonlyMap<Place, Tally>

const NOTHING: Parts = new Map()

/** What was measured of every owner in a root, records and links included; made once. */
export class OwnedSizes {
  readonly measured: boolean
  readonly #parts = new Map<string, Map<Place, Tally>>()

  constructor(owners: Owners) {
    const { catalog, root, at, containers, records } = owners
    const survey = catalog.surveys.find((each) => each.root === root)
    const measurement = survey?.measurement ?? null
    this.measured = measurement !== null
    if (survey === undefined || measurement === null) return
    for (const [index, { owner, store, place }] of survey.claims.entries()) {
      const tally = measurement.tallies[index]
      if (tally !== undefined && owner !== null) this.#add(keyOf(owner.kind, store, owner.id), place, tally)
    }
    const sizeOfLink = linkSizes(owners)
    const addLinks = (key: string, ids: readonly string[]): void => {
      for (const id of ids) this.#add(key, 'layer-record', sizeOfLink(id))
    }
    for (const layer of at.layers.values()) addLinks(keyOf('layer', at.store.id, layer.id), driverIds(layer))
    for (const container of containers.values())
      addLinks(keyOf('container', null, container.id), driverIds(container))
    for (const record of records.values())
      if (record.layer === null) addLinks(keyOf('cache-record', null, record.id), driverIds(record))
  }

  /** All that several layers or images of the store have on the disk. */
  diskOf(kind: 'image' | 'layer', store: string, ids: Iterable<string>): number {
    let sum = 0
    for (const id of ids) for (const tally of this.partsOf(kind, store, id).values()) sum += tally.diskBytes
    return sum
  }

  partsOf(kind: Subject['kind'], store: string | null, id: string): Parts {
    return this.#parts.get(keyOf(kind, store, id)) ?? NOTHING
  }

  #add(key: string, place: Place, tally: Tally): void {
    const parts = this.#parts.get(key) ?? new Map<Place, Tally>()
    const sum = parts.get(place) ?? emptyTally()
    addTally(sum, tally)
    parts.set(place, sum)
    this.#parts.set(key, parts)
  }
}

/** Images and layers of one id can be in two stores of a root; the other kinds are the root's own. */
const keyOf = (kind: Subject['kind'], store: string | null, id: string): string =>
  kind === 'image' || kind === 'layer' ? `${kind}\0${store}\0${id}` : `${kind}\0${id}`
