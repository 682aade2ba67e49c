import type { Claim } from '../../model/places.ts'
import type { Catalog } from '../catalog.ts'
import { findOrphans } from '../orphans/find-orphans.ts'
import type { Orphan } from '../orphans/orphan.ts'
import type { Evidence, Explanation } from './explanation.ts'
import { tagFile } from './image-names.ts'
import { SENTENCES } from './sentences.ts'

/** What nobody owns: an orphan or a leftover with its reason, or a part of the engine's own state. */
export function explainOwnerless(catalog: Catalog, root: string, claim: Claim): Partial<Explanation> {
  const { found, withheld } = findOrphans(catalog)
  const unjudged = withheld.find((each) => each.root === root && each.path === claim.path)
  if (unjudged !== undefined)
    return {
      class: 'unjudged',
      what: `nothing known claims it, but what could own it cannot be read: ${unjudged.because}`,
    }
  const orphan = found.find((each) => each.root === root && each.path === claim.path)
  if (orphan === undefined) return { evidence: [{ path: claim.path || '.', says: SENTENCES[claim.place] }] }
  return {
    class: orphan.kind === 'orphan' ? 'orphan' : claim.place,
    what: orphan.reason,
    evidence: orphanEvidence(catalog, orphan),
    since: orphan.modifiedMs === null ? null : new Date(orphan.modifiedMs).toISOString(),
  }
}

/** The places that could have named an owner; for a store out of use what docker uses instead; else what lies there. */
function orphanEvidence(catalog: Catalog, { root, path, store, kind, reason, searched }: Orphan): Evidence[] {
  const hidden = kind === 'hidden' ? catalog.store(store) : undefined
  const inUse = catalog.storeInUse(root)?.store
  if (hidden !== undefined)
    return [
      ...(inUse === undefined ? [] : [{ path: tagFile(inUse), says: inUse.why }]),
      {
        path: hidden.store.path,
        says: `images that docker does not list: ${hidden.images.size}, layers: ${hidden.layers.size}`,
      },
    ]
  if (searched.length === 0) return [{ path, says: reason }]
  return searched.map((place) => ({ path: place, says: 'does not name it' }))
}
