import type { Store } from '../../model/model.ts'
import type { Collector } from '../collector.ts'
import type { Driver } from '../drivers/driver.ts'
import type { Source } from '../source.ts'
import { driverTemporary, recordTemporary, type StorePlaces } from './places.ts'

/** Lists what interrupted work left in a store: unfinished pulls, deferred removals, writes that did not end. */
export function readLeftovers(
  source: Source,
  collector: Collector,
  at: { store: Store; places: StorePlaces; driver: Driver },
): void {
  const [home = at.driver.name] = at.driver.homes
  const add = (path: string, reason: string): void => {
    collector.leftovers.push({
      root: source.root,
      store: at.store.id,
      kind: 'leftover',
      path,
      reason,
      dataPaths: [],
    })
    source.report({ code: 'leftover-temporary', path, message: `${path}: ${reason}.` })
  }
  for (const entry of source.list(`${home}/staging`))
    if (entry.kind === 'directory') add(`${home}/staging/${entry.name}`, 'a layer that was being pulled')
  for (const directory of [
    driverTemporary(home),
    ...[at.places.layers, at.places.images, at.places.containers].map(recordTemporary),
  ])
    for (const entry of source.list(directory))
      add(`${directory}/${entry.name}`, 'data whose removal was put off and did not end')
  for (const directory of [at.places.layers, at.places.images, at.places.containers])
    for (const entry of source.list(directory))
      if (entry.name.startsWith('.tmp-'))
        add(`${directory}/${entry.name}`, 'a write that did not end left it behind')
}
