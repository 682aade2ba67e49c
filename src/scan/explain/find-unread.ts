import { readRepositories } from '../../layouts/docker/references.ts'
import { Source } from '../../layouts/source.ts'
import type { Model, Store } from '../../model/model.ts'
import type { Tree } from '../../tree/tree.ts'
import type { Explained } from './explain.ts'

/**
 * Finds what a name or id means where the scan could make no object of it: an image whose config is damaged, a container
 * whose config is. Null where nothing, or more than one thing, is meant.
 */
export function findUnread(tree: Tree, model: Model, root: string, query: string): Explained | null {
  const source = new Source(tree, root, [], { onFile: () => true })
  const found = model.stores
    .filter((store) => store.root === root && (store.layout === 'layerdb' || store.layout === 'graph'))
    .flatMap((store) => [...imagesIn(source, store, query), ...containersIn(source, store, query)])
  const [first] = found
  return found.length === 1 && first !== undefined ? first : null
}

function imagesIn(source: Source, store: Store, query: string): Explained[] {
  const isGraph = store.layout === 'graph'
  const directory = isGraph ? 'graph' : `${store.path}/imagedb/content/sha256`
  const idOf = (name: string): string => (isGraph ? name : `sha256:${name}`)
  const present = source.list(directory).map(({ name }) => name)
  const tagFile = isGraph
    ? store.driver === 'graph'
      ? 'repositories'
      : `repositories-${store.driver}`
    : `${store.path}/repositories.json`
  const { byImage } = readRepositories(source, tagFile, isGraph ? 'tags' : 'references')
  const named = [...(byImage ?? [])].flatMap(([id, { tags, digests }]) => {
    const name = [...tags, ...digests].find((each) => each === query || each === `${query}:latest`)
    return name === undefined ? [] : [explained('image', id, name, store)]
  })
  if (named.length > 0) return named
  return startingWith(present, query).map((name) => explained('image', idOf(name), idOf(name), store))
}

const containersIn = (source: Source, store: Store, query: string): Explained[] =>
  store.active === false
    ? []
    : startingWith(
        source.list('containers').map(({ name }) => name),
        query,
      ).map((name) => explained('container', name, name, store))

function startingWith(names: readonly string[], query: string): string[] {
  const hex = query.replace(/^sha256:/, '')
  return /^[0-9a-f]{2,64}$/.test(hex)
    ? names.filter((name) => /^[0-9a-f]{16,64}$/.test(name) && name.startsWith(hex))
    : []
}

const explained = (kind: 'image' | 'container', id: string, name: string, store: Store): Explained => ({
  subject: { kind, id },
  name,
  store: store.id,
})
