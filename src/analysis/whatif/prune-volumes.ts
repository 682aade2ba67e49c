import type { Container, Volume } from '../../model/model.ts'
import { checkFilters, DAEMON, type Filters, matchLabels, Refused } from './filters.ts'
import { parseBool } from './flags.ts'
import type { PruneRules } from './rules.ts'
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
  // The command line adds -a to the filters as one more `all`, and will not add it to another.
  if (all && filters.has('all'))
    throw new Refused('conflicting options: cannot specify both --all and --filter all=1')
  const accepted = state.rules.volumePruneAll ? ['label', 'label!', 'all'] : ['label', 'label!']
  checkFilters(filters, accepted, state.rules)
  const takesNamed = takesNamedVolumes(state.rules, { all, filters })
  let said: number | null = 0
  for (const volume of volumes.values()) {
    if (state.removedVolumes.has(volume.name) || !isPrunableKind(volume)) continue
    if ((!takesNamed && !isAnonymous(volume)) || !matchLabels(filters, volume.labels)) continue
    const users = state.usersOfVolume(volume.name)
    remarkUncounted(state, volume, users)
    if (users.length > 0) continue
    const bytes = catalog.sizes.content(root, volume.path)
    said = said === null || bytes === null ? null : said + bytes
    state.removedVolumes.add(volume.name)
  }
  return said
}

/**
 * A running engine does not count that a container has a volume from another (`--volumes-from`) until it is started for the
 * first time, or the engine is. Neither is on the disk for certain (daemon/volumes.go, registerMountPoints; seen of 20.10 and 28.5).
 */
export function remarkUncounted(state: State, { name }: Volume, users: readonly Container[]): void {
  const { catalog, root } = state.ground
  if (catalog.model.roots.find(({ path }) => path === root)?.engineRunning !== true) return
  const isUncertain = ({ startedBefore, mounts }: Container): boolean =>
    !startedBefore && mounts.some((mount) => mount.volume === name && mount.source !== '')
  if (users.length > 0 && users.every(isUncertain))
    state.remark(
      `Volume ${name} stays here for containers that were never started. Those that have it from another container (--volumes-from) do not hold it for the running engine, which then removes it.`,
    )
}

/**
 * Whether volumes go that somebody named: `-a`, or the filter `all` with a value that Go takes for true. Throws Refused for
 * a value that is none, and for several (volume/service/convert.go, withPrune; seen of 28.5.2).
 */
export function takesNamedVolumes(
  { anonymousVolumesOnly }: PruneRules,
  { all, filters }: { readonly all: boolean; readonly filters: Filters },
): boolean {
  if (!anonymousVolumesOnly || all) return true
  const values = [...(filters.get('all') ?? [])]
  const [value] = values
  if (value === undefined) return false
  if (values.length > 1)
    throw new Refused(`${DAEMON}invalid filter 'all=[${values.join(' ')}]': only one value is expected`)
  const isAll = parseBool(value)
  if (isAll === null)
    throw new Refused(
      `${DAEMON}invalid filter 'all': strconv.ParseBool: parsing ${JSON.stringify(value)}: invalid syntax`,
    )
  return isAll
}
