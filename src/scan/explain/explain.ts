import { Source } from '../../layouts/source.ts'
import type { Assembly, AssemblyStep } from '../../model/assembly.ts'
import type { Subject } from '../../model/findings.ts'
import type { Image, Model, Store } from '../../model/model.ts'
import type { Tree } from '../../tree/tree.ts'
import { cacheRecordSteps } from './cache-record.ts'
import { containerdContainer, containerdImage, containerdLayer } from './containerd.ts'
import { storageContainer, storageImage, storageLayer } from './containers-storage.ts'
import { graphContainer, graphImage, graphLayer } from './graph.ts'
import { layerdbImage, layerdbLayer } from './layerdb.ts'
import { layerdbContainer } from './layerdb-container.ts'
import type { Ground } from './steps.ts'

/** Which object is to be explained: `store` is the id of its store. */
export interface Explained {
  readonly subject: Subject
  readonly name: string
  readonly store: string
}

/**
 * Tells how an object is put together, by reading again the files that say so. The disk is read here and not in the
 * analysis, as `verify` does: what is shown is what stands there now, whatever the scan made of it. What cannot be read
 * makes its own step say so; the rest follows.
 */
export function explain(tree: Tree, model: Model, { subject, name, store: id }: Explained): Assembly | null {
  const store = model.stores.find((each) => each.id === id)
  if (store === undefined) return null
  const source = new Source(tree, store.root, [], { onFile: () => true })
  const ground: Ground = { source, model, store }
  return { subject, name, root: store.root, store: store.id, steps: stepsFor(ground, subject) }
}

function stepsFor(ground: Ground, { kind, id }: Subject): AssemblyStep[] {
  if (kind === 'cache-record') return cacheRecordSteps(ground, id)
  const teller = TELLERS[ground.store.layout]
  if (kind === 'image') return teller.image(ground, id)
  if (kind === 'layer') return teller.layer(ground, id)
  return kind === 'container' ? teller.container(ground, id) : []
}

type Telling = (ground: Ground, id: string) => AssemblyStep[]

/** Every layout has one of each; a new one is one line here and a file beside this one. */
const TELLERS: Readonly<Record<Store['layout'], { image: Telling; layer: Telling; container: Telling }>> = {
  layerdb: { image: layerdbImage, layer: layerdbLayer, container: layerdbContainer },
  graph: { image: graphImage, layer: graphLayer, container: graphContainer },
  containerd: {
    image: (ground, id) => containerdImage(ground, id, imageOf(ground, id)?.layers ?? []),
    layer: containerdLayer,
    container: containerdContainer,
  },
  'containers-storage': { image: storageImage, layer: storageLayer, container: storageContainer },
}

const imageOf = ({ model, store }: Ground, id: string): Image | undefined =>
  model.images.find((image) => image.store === store.id && image.id === id)
