import { driverNamed } from '../../layouts/drivers/driver.ts'
import type { Orphan } from './orphan.ts'
import type { SearchedRoot } from './searched-root.ts'

/** What work left behind that did not end, each with its files. */
export function findLeftovers(searched: SearchedRoot): Orphan[] {
  const { catalog, survey } = searched
  return catalog.model.leftovers
    .filter((leftover) => leftover.root === survey.root)
    .flatMap((leftover) =>
      [leftover.path, ...leftover.dataPaths.filter((path) => !isOwned(searched, path))].map((path) =>
        searched.orphan({
          path,
          store: leftover.store,
          kind: leftover.kind,
          reason: path === leftover.path ? leftover.reason : `${leftover.reason} (its files)`,
          searched: leftover.kind === 'orphan' ? ['containers/'] : [],
        }),
      ),
    )
    .concat(snapshotClaims(searched))
}

/** Whether a live record names the same files: then they are no leftover. */
const isOwned = ({ catalog, survey }: SearchedRoot, path: string): boolean =>
  catalog.claimAt(survey.root, path)?.owner != null

const snapshotClaims = (searched: SearchedRoot): Orphan[] =>
  searched.catalog.model.snapshotClaims
    .filter((claim) => claim.root === searched.survey.root && claim.recordsKnown)
    .map((claim) =>
      searched.orphan({
        path: driverNamed(searched.catalog.store(claim.store)?.store.driver ?? '').directory(claim.cacheId),
        store: claim.store,
        kind: 'leftover',
        reason: "named by BuildKit's snapshot map alone: no cache record and no layer stands for it",
        searched: ['buildkit/metadata_v2.db', 'image/*/layerdb/sha256/*/cache-id'],
      }),
    )
