import type { Claim } from '../model/places.ts'

/** One path component on the way to claims; `claim` is an index into the list, -1 where none ends here. */
export interface ClaimNode {
  claim: number
  children: Map<string, ClaimNode> | null
}

/** Arranges claims by path, so that a walk finds the deepest one by one lookup for each component. */
export function buildClaimTrie(claims: readonly Claim[]): ClaimNode {
  const top: ClaimNode = { claim: -1, children: null }
  for (const [index, claim] of claims.entries()) {
    let node = top
    for (const part of claim.path === '' ? [] : claim.path.split('/')) {
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
