import type { AssemblyStep } from '../../model/assembly.ts'
import type { Model } from '../../model/model.ts'
import type { Explained } from './explain.ts'
import { filesOf, type StackPlace } from './places.ts'
import { facts, step } from './steps.ts'

/** The first step where a path was asked for: whose it is, and how it is called from inside. */
export function pathStep(model: Model, path: string, { subject, name, store: id }: Explained): AssemblyStep {
  const store = model.stores.find((each) => each.id === id)
  const homes = store === undefined ? [] : homesOf(model, subject).map((place) => filesOf(store, place))
  const home = homes.find((each) => path === each || path.startsWith(`${each}/`))
  return step({
    title: `From the path to the ${subject.kind}`,
    sentence: 'Every path of a root has one owner. The way from there begins here.',
    files: [path],
    says: facts(
      [subject.kind, name === subject.id ? subject.id : `${name} (${subject.id})`],
      ['inside it', home === undefined ? null : path.slice(home.length) || '/'],
    ),
    leadsTo: subject.id,
  })
}

function homesOf(model: Model, { kind, id }: Explained['subject']): Omit<StackPlace, 'what'>[] {
  const place = (
    id: string | null,
    directory: string | null,
    isWritable: boolean,
  ): Omit<StackPlace, 'what'>[] =>
    id === null ? [] : [{ id, isWritable, ...(directory === null ? {} : { directory }) }]
  if (kind === 'layer')
    return model.layers
      .filter((layer) => layer.id === id)
      .flatMap(({ cacheId, path }) => place(cacheId, path, false))
  if (kind !== 'container') return []
  return model.containers
    .filter((container) => container.id === id)
    .flatMap(({ mountId, layerPath, initId, initPath }) => [
      ...place(mountId, layerPath, true),
      ...place(initId, initPath, true),
    ])
}
