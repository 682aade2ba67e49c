import type { Subject } from '../../model/findings.ts'
import type { Catalog } from '../catalog.ts'
import { explainSubject } from './explain-subject.ts'
import { type Explanation, nothing } from './explanation.ts'
import { explainOwnerless } from './ownerless.ts'
import { SENTENCES } from './sentences.ts'

/** Says who owns a path of a root; null where the root was not read. */
export function whyPath(catalog: Catalog, root: string, path: string): Explanation | null {
  const claim = catalog.claimAt(root, path)
  if (claim === null) return null
  const subject = claim.owner === null ? nothing : explainSubject(catalog, root, claim.store, claim.owner)
  const explanation = {
    root,
    path,
    class: claim.place,
    what: SENTENCES[claim.place],
    owners: subject.owners,
    evidence: subject.evidence,
    alsoUsedBy: subject.alsoUsedBy,
    since: subject.since,
  }
  return claim.owner === null ? { ...explanation, ...explainOwnerless(catalog, root, claim) } : explanation
}

/** Says who owns one object and where it lies. */
export function whyObject(
  catalog: Catalog,
  at: { root: string; store: string | null; subject: Subject; path: string },
): Explanation {
  const { root, path } = at
  const place = catalog.claimAt(root, path)?.place ?? 'metadata'
  return {
    root,
    path,
    class: place,
    what: SENTENCES[place],
    ...explainSubject(catalog, root, at.store, at.subject),
  }
}
