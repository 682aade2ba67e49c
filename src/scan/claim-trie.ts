/** One path component on the way to claims; `claim` is an index into the list, -1 where none ends here. */
export interface ClaimNode {
  claim: number
  children: Map<string, ClaimNode> | null
}

/** Arranges the paths of claims, so that a walk finds the deepest one by one lookup for each component. */
export function buildClaimTrie(paths: readonly string[]): ClaimNode {
  const top: ClaimNode = { claim: -1, children: null }
  for (const [index, path] of paths.entries()) {
    let node = top
    for (const part of path === '' ? [] : path.split('/')) {
      node.children ??= new Map()
      let child = node.children.get(part)
      if (child === undefined) {
        child = { claim: -1, children: null }
        node.children.set(part, child)
      }
      node = child
    }
    if (node.claim === -1) node.claim = index
  }
  return top
}

/** The node at a path; null where no claim lies on or below it. */
export function nodeAt(trie: ClaimNode, path: string): ClaimNode | null {
  let node: ClaimNode | null = trie
  for (const part of path === '' ? [] : path.split('/')) node = node?.children?.get(part) ?? null
  return node
}
