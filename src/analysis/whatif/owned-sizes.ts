import type { Subject } from '../../model/findings.ts'
import { emptyTally, type Place, type Tally } from '../../model/places.ts'
import { addTally } from '../sizes.ts'
import type { Ground } from './ground.ts'
import { driverIds, linkSizes } from './overlay-links.ts'

/** What an owner has on the disk, by what the places are for. */
export type Parts = ReadonlyMap<Place, Tally>

const NOTHING: Parts = new Map()

/** What was measured of every owner in a root, records and links included; made once. */
export class OwnedSizes {
  readonly measured: boolean
  readonly #parts = new Map<string, Map<Place, Tally>>()

  constructor(ground: Ground) {
    const { catalog, root, at, containers, records } = ground
    const survey = catalog.surveys.find((each) => each.root === root)
    const measurement = survey?.measurement ?? null
    this.measured = measurement !== null
    if (survey === undefined || measurement === null) return
    for (const [index, { owner, store, place }] of survey.claims.entries()) {
      const tally = measurement.tallies.at(index)
      if (tally !== undefined && owner !== null) this.#add(keyOf(owner.kind, store, owner.id), place, tally)
    }
    const sizeOfLink = linkSizes(ground)
    const addLinks = (key: string, ids: readonly string[]): void => {
      for (const id of ids) this.#add(key, 'layer-record', sizeOfLink(id))
    }
    for (const layer of at.layers.values()) addLinks(keyOf('layer', at.store.id, layer.id), driverIds(layer))
    for (const container of containers.values())
      addLinks(keyOf('container', null, container.id), driverIds(container))
    for (const record of records.values())
      if (record.layer === null) addLinks(keyOf('cache-record', null, record.id), driverIds(record))
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
