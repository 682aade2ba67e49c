import { describe, expect, it } from 'vitest'
import { buildClaimTrie, type ClaimNode } from '../../src/scan/claim-trie.ts'

const claimAt = (top: ClaimNode, path: string): number | undefined => {
  let node: ClaimNode | undefined = top
  for (const part of path.split('/')) node = node?.children?.get(part)
  return node?.claim
}

describe('buildClaimTrie', () => {
  it('has a node for every component, with a claim only where one ends', () => {
    const top = buildClaimTrie(['a/b/c', 'a', 'a/x'])
    expect(top.claim).toBe(-1)
    expect(claimAt(top, 'a')).toBe(1)
    expect(claimAt(top, 'a/b')).toBe(-1)
    expect(claimAt(top, 'a/b/c')).toBe(0)
    expect(claimAt(top, 'a/x')).toBe(2)
    expect(claimAt(top, 'a/c')).toBeUndefined()
  })

  it('takes the empty path for the top, and keeps the first of two claims on one path', () => {
    const top = buildClaimTrie(['', 'a', 'a', ''])
    expect(top.claim).toBe(0)
    expect(claimAt(top, 'a')).toBe(1)
  })

  it('has names that objects know of their own', () => {
    const top = buildClaimTrie(['__proto__/x'])
    expect(claimAt(top, '__proto__/x')).toBe(0)
    expect(claimAt(top, 'constructor')).toBeUndefined()
  })
})
