import { countKnown, removalCommands, type Typed, type Wanted } from '../../analysis/whatif/removal.ts'
import type { Simulator } from '../../analysis/whatif/simulator.ts'
import type { ObjectRef } from '../objects.ts'
import type { Scanned } from './scanned.ts'

/** The objects of one root with the commands that remove them. */
interface RemovalAtRoot {
  readonly simulator: Simulator
  readonly lines: readonly Typed[]
  /** How many of the objects the engine knows. */
  readonly known: number
}

/** The commands that remove these objects, root by root; what docker has no command for is left out. */
export function removalsByRoot(scanned: Scanned, objects: readonly ObjectRef[]): RemovalAtRoot[] {
  const roots = new Map<string, ObjectRef[]>()
  for (const object of objects) {
    const root = rootOf(scanned, object)
    roots.set(root, [...(roots.get(root) ?? []), object])
  }
  return [...roots].flatMap(([root, each]) => {
    const simulator = scanned.simulatorOf(root)
    if (simulator === null) return []
    const wanted = wantedOf(each)
    return [{ simulator, lines: removalCommands(simulator, wanted), known: countKnown(simulator, wanted) }]
  })
}

/** The root whose engine removes an object: a volume says so itself, a container without a store is in the only root there is. */
export function rootOf({ catalog }: Scanned, { kind, home }: ObjectRef): string {
  if (kind === 'volume') return home
  const store = catalog.model.stores.find(({ id }) => id === home)
  return store?.usedBy ?? store?.root ?? catalog.model.roots[0]?.path ?? ''
}

export function wantedOf(objects: readonly ObjectRef[]): Wanted {
  const ids = (wanted: ObjectRef['kind']): string[] =>
    objects.filter(({ kind }) => kind === wanted).map(({ id }) => id)
  return {
    containers: ids('container'),
    images: ids('image'),
    volumes: ids('volume'),
    cacheRecords: ids('cache-record'),
  }
}
