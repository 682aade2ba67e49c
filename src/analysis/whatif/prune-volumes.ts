import type { Volume } from '../../model/model.ts'
import { checkFilters, type Filters, matchLabels } from './filters.ts'
import type { State } from './state.ts'

const ANONYMOUS_LABEL = 'com.docker.volume.anonymous'

/** Whether a prune could take it at all: the local driver, and no options. */
export const isPrunableKind = ({ driver, options }: Volume): boolean =>
  driver === 'local' && (options === null || options.size === 0)

export const isAnonymous = ({ labels }: Volume): boolean => labels.has(ANONYMOUS_LABEL)

/** Removes volumes that no container uses; gives the bytes that docker says. Throws Refused. */
export function pruneVolumes(
  state: State,
  { all, filters }: { all: boolean; filters: Filters },
): number | null {
  const { catalog, root, volumes } = state.ground
  const accepted = state.rules.volumePruneAll ? ['label', 'label!', 'all'] : ['label', 'label!']
  checkFilters(filters, accepted, state.rules)
  const takesNamed = !state.rules.anonymousVolumesOnly || all || filters.get('all')?.has('true') === true
  let said: number | null = 0
  for (const volume of volumes.values()) {
    if (state.removedVolumes.has(volume.name) || !isPrunableKind(volume)) continue
    if (state.usersOfVolume(volume.name).length > 0) continue
    if ((!takesNamed && !isAnonymous(volume)) || !matchLabels(filters, volume.labels)) continue
    const bytes = catalog.sizes.content(root, volume.path)
    said = said === null || bytes === null ? null : said + bytes
    state.removedVolumes.add(volume.name)
  }
  return said
}
