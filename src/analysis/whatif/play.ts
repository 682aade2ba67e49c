import { type DockerCommand, NO_LIMITS } from './command.ts'
import { type Filters, Refused } from './filters.ts'
import { pruneCache } from './prune-cache.ts'
import { pruneContainers } from './prune-containers.ts'
import { pruneImages } from './prune-images.ts'
import { pruneNetworks } from './prune-networks.ts'
import { pruneVolumes } from './prune-volumes.ts'
import { type Refusal, removeContainers, removeImages, removeVolumes } from './remove-named.ts'
import type { State } from './state.ts'

/** What docker would answer to one command, beside what it removes. */
export interface Played {
  /** The reclaimed space it would print; null where it prints none, or where it depends on what was not measured. */
  readonly reclaimed: number | null
  readonly refusals: readonly Refusal[]
}

/** Plays one command through on a state, as docker of the state's rules would do it. */
export function play(state: State, command: DockerCommand): Played {
  try {
    return run(state, command)
  } catch (error) {
    // What was done before stays done: docker stops where it is refused and prints no sum.
    if (error instanceof Refused)
      return { reclaimed: null, refusals: [{ object: wordsOf(command), message: error.message }] }
    throw error
  }
}

function run(state: State, command: DockerCommand): Played {
  const said = (reclaimed: number | null): Played => ({ reclaimed, refusals: [] })
  const refused = (refusals: readonly Refusal[]): Played => ({ reclaimed: null, refusals })
  switch (command.kind) {
    case 'system-prune':
      return said(pruneSystem(state, command))
    case 'container-prune':
      return said(pruneContainers(state, command.filters))
    case 'network-prune':
      pruneNetworks(state, command.filters)
      return said(null)
    case 'volume-prune':
      return said(pruneVolumes(state, command))
    case 'image-prune':
      return said(pruneImages(state, command))
    case 'cache-prune':
      return said(pruneCache(state, command))
    case 'rmi':
      return refused(removeImages(state, command))
    case 'rm':
      return refused(removeContainers(state, command))
    case 'volume-rm':
      return refused(removeVolumes(state, command))
  }
}

/** Containers, networks, volumes, images, build cache: each step can remove what the ones before have set free. */
function pruneSystem(
  state: State,
  { all, volumes, filters }: { all: boolean; volumes: boolean; filters: Filters },
): number | null {
  if (volumes && filters.has('until'))
    throw new Refused('ERROR: The "until" filter is not supported with "--volumes"')
  const containers = pruneContainers(state, filters)
  pruneNetworks(state, filters)
  // The command line does not hand -a on to this step.
  const data = volumes ? pruneVolumes(state, { all: false, filters }) : 0
  const images = pruneImages(state, { all, filters })
  const cache = pruneCache(state, { all, filters, limits: NO_LIMITS })
  return containers === null || data === null ? null : containers + data + images + cache
}

const wordsOf = ({ kind }: DockerCommand): string => kind.replace('-', ' ').replace('cache', 'builder')
