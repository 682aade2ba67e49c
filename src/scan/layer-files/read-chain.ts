import { type LayerData, layerData, writableData } from '../../layouts/layer-data.ts'
import type { ListedLayer } from '../../model/layer-files.ts'
import type { Container, Layer, Store } from '../../model/model.ts'
import type { Tree } from '../../tree/tree.ts'
import { readLayer } from './read-layer.ts'

/** Layers base first, and the container on top of them whose own layers are wanted too. */
export interface Chain {
  readonly store: Store
  readonly layers: readonly Layer[]
  readonly container: Container | null
}

/** Reads the files of every layer of a chain, base first; `tree` is that of the store's root. Changes nothing. */
export function readChain(tree: Tree, { store, layers, container }: Chain): ListedLayer[] {
  const below: LayerData[] = []
  const read = (id: string, part: ListedLayer['part'], data: LayerData): ListedLayer => {
    const listing = readLayer(tree, data, below)
    below.unshift(data)
    return { id, part, listing }
  }
  const listed = layers.map((layer) => read(layer.id, 'layer', layerData(store, layer)))
  if (container === null) return listed
  const data = writableData(store, container)
  if (data === null) return [...listed, { id: container.id, part: 'writable', listing: null }]
  if (data.init !== null) listed.push(read(container.id, 'init', data.init))
  return [...listed, read(container.id, 'writable', data.writable)]
}
