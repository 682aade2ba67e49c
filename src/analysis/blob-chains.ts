import type { CacheRecord } from '../model/model.ts'

type Chain = readonly string[] | null

/**
 * The compressed layers of records and of all below them, base first, as BuildKit puts them together (cache/refs.go,
 * layerDigestChain): a record without a compressed form has those of its parents alone, one that was merged has those
 * of all that were. Null where a parent is gone, where parents run in a circle, or for more than `limit` layers.
 */
export function blobChains(records: Iterable<CacheRecord>, limit: number): (record: CacheRecord) => Chain {
  const byId = new Map<string, CacheRecord>()
  // A parent may be named by its twin, which shares its data and is not listed.
  for (const record of records) for (const id of [record.id, ...record.twins]) byId.set(id, record)
  const known = new Map<string, Chain>()
  return (record) => {
    const stack = [record]
    const open = new Set<string>()
    for (let top = stack.at(-1); top !== undefined; top = stack.at(-1)) {
      const parents = (top.blobParents ?? top.parents).map((id) => byId.get(id))
      const pending = parents.flatMap((parent) =>
        parent === undefined || known.has(parent.id) ? [] : [parent],
      )
      open.add(top.id)
      if (pending.length > 0 && !pending.some(({ id }) => open.has(id))) {
        stack.push(...pending)
        continue
      }
      const below = parents.map((parent) => (parent === undefined ? null : (known.get(parent.id) ?? null)))
      known.set(top.id, joined(below, top.blob ?? null, limit))
      stack.pop()
    }
    return known.get(record.id) ?? null
  }
}

function joined(below: readonly Chain[], own: string | null, limit: number): Chain {
  const chain: string[] = []
  for (const each of below) {
    if (each === null || chain.length > limit) return null
    chain.push(...each)
  }
  if (own !== null) chain.push(own)
  return chain.length > limit ? null : chain
}
