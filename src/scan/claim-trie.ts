/** One path component on the way to claims; `claim` is an index into the list, -1 where none ends here. */
export interface ClaimNode {
  claim: number
  children: Map<string, ClaimNode> | null
  /** The row of the directory that was found here; -1 where none was. */
  row: number
}

const emptyNode = (): ClaimNode => ({ claim: -1, children: null, row: -1 })

/** Arranges the paths of claims, so that the deepest one of a directory is found by one lookup for each component. */
export function buildClaimTrie(paths: readonly string[]): ClaimNode {
  const top = emptyNode()
  for (const [index, path] of paths.entries()) {
    let node = top
    for (const part of path === '' ? [] : path.split('/')) {
      node.children ??= new Map()
      let child = node.children.get(part)
      if (child === undefined) {
        child = emptyNode()
        node.children.set(part, child)
      }
      node = child
    }
    if (node.claim === -1) node.claim = index
  }
  return top
}

/** The node at a path, null where no claim lies on or below it, and the deepest claim on the way, 0 where there is none. */
export function lookUp(trie: ClaimNode, path: string): { node: ClaimNode | null; claim: number } {
  let node: ClaimNode | null = trie
  let claim = Math.max(0, trie.claim)
  for (const part of path === '' ? [] : path.split('/')) {
    node = node?.children?.get(part) ?? null
    if (node === null) break
    if (node.claim !== -1) claim = node.claim
  }
  return { node, claim }
}
