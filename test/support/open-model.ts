import type { Assembly } from '../../src/model/assembly.ts'
import type { Model } from '../../src/model/model.ts'
import { type Explained, explain } from '../../src/scan/explain/explain.ts'
import { openTree } from '../../src/scan/open-tree.ts'
import { scan } from '../../src/scan/scan.ts'

/** What a scan finds in a root, without measuring it. */
export const modelOf = (root: string): Model => scan([root], { measure: false }).model

/** Every object of a model that can be explained. */
export const explainable = ({ images, layers, containers, cacheRecords }: Model): Explained[] => [
  ...images.map(({ id, store }) => explained('image', id, store)),
  ...layers.map(({ id, store }) => explained('layer', id, store)),
  ...containers.flatMap(({ id, store }) => (store === null ? [] : [explained('container', id, store)])),
  ...cacheRecords.map(({ id, store }) => explained('cache-record', id, store)),
]

const explained = (kind: Explained['subject']['kind'], id: string, store: string): Explained => ({
  subject: { kind, id },
  name: id,
  store,
})

/** The assembly of an object, which must be there. */
export function assemblyOf(model: Model, root: string, wanted: Explained): Assembly {
  const tree = openTree(root, false)
  const assembly = tree === null ? null : explain(tree, model, wanted)
  if (assembly === null) throw new Error(`${wanted.name} has no store`)
  return assembly
}
