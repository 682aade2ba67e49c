/** A path of a tree with what is known of it; directories that nothing names have no item. */
export interface FileNode<T> {
  readonly name: string
  readonly path: string
  item: T | null
  children: Map<string, FileNode<T>>
}

export const newNode = <T>(path: string, item: T | null = null): FileNode<T> => ({
  name: path.slice(path.lastIndexOf('/') + 1),
  path,
  item,
  children: new Map(),
})

/** The node at a path; null where there is none. */
export function nodeAt<T>(top: FileNode<T>, path: string): FileNode<T> | null {
  let node: FileNode<T> | undefined = top
  for (const part of path === '' ? [] : path.split('/')) node = node?.children.get(part)
  return node ?? null
}

/** Puts items into a tree by their paths. A path that comes twice keeps what came last. */
export function treeOf<T extends { readonly path: string }>(items: readonly T[]): FileNode<T> {
  const top = newNode<T>('')
  for (const item of items) ensureNode(top, item.path).item = item
  return top
}

/** The node at a path, made with the directories above it where it is missing. */
export function ensureNode<T>(top: FileNode<T>, path: string): FileNode<T> {
  let node = top
  for (let start = 0; start < path.length; ) {
    const slash = path.indexOf('/', start)
    const end = slash === -1 ? path.length : slash
    const name = path.slice(start, end)
    let child = node.children.get(name)
    if (child === undefined) {
      child = newNode(path.slice(0, end))
      node.children.set(name, child)
    }
    node = child
    start = end + 1
  }
  return node
}

/** A node and all below it. */
export function* withDescendants<T>(node: FileNode<T>): Generator<FileNode<T>> {
  const pending = [node]
  for (let next = pending.pop(); next !== undefined; next = pending.pop()) {
    yield next
    for (const child of next.children.values()) pending.push(child)
  }
}
