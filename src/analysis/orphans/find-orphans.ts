import type { Catalog } from '../catalog.ts'
import { findHidden } from './hidden-stores.ts'
import { findLeftovers } from './leftovers.ts'
import { findLonelyVolumes } from './lonely-volumes.ts'
import type { Orphan, Orphans, Withheld } from './orphan.ts'
import { SearchedRoot } from './searched-root.ts'
import { judgeStray, whyUnknown } from './strays.ts'
import { findUnusedLayers } from './unused-layers.ts'

/** Everything in the roots that no record claims, what interrupted work left, and what the engine no longer sees. */
export function findOrphans(catalog: Catalog): Orphans {
  const found: Orphan[] = []
  const withheld: Withheld[] = []
  for (const survey of catalog.surveys) {
    const searched = new SearchedRoot(catalog, survey)
    for (const stray of survey.strays) {
      const because = whyUnknown(searched, stray)
      if (because === null) found.push(judgeStray(searched, stray))
      else withheld.push({ root: survey.root, path: stray.path, because })
    }
    found.push(
      ...findLeftovers(searched),
      ...findLonelyVolumes(searched),
      ...findUnusedLayers(searched),
      ...findHidden(searched),
    )
  }
  return { found: found.sort((a, b) => (a.path < b.path ? -1 : 1)), withheld }
}
