import type { Container, Network } from '../../model/model.ts'
import { checkFilters, type Filters, isYounger, matchLabels, untilOf } from './filters.ts'
import type { State } from './state.ts'

const PREDEFINED = ['bridge', 'host', 'none', 'default']

export const isPredefined = ({ name }: Network): boolean => PREDEFINED.includes(name)

/** Removes every network that the user made and no container is attached to. Throws Refused. */
export function pruneNetworks(state: State, filters: Filters): void {
  checkFilters(filters, ['label', 'label!', 'until'], state.rules)
  const until = untilOf(filters, state)
  for (const network of state.networks()) {
    if (isPredefined(network) || network.configOnly || isYounger(network.created, until)) continue
    if (isOfSwarm(network) || usersOfNetwork(state, network).length > 0) continue
    if (matchLabels(filters, network.labels)) state.removedNetworks.add(network.id)
  }
}

/** A swarm attaches its own way in to `docker_gwbridge` (seen of 20.10). */
export const isOfSwarm = ({ endpoints }: Network): boolean =>
  endpoints.some(({ name }) => name === 'gateway_ingress-sbox')

/** The containers that are attached: those that run. */
export const usersOfNetwork = (state: State, network: Network): Container[] =>
  state
    .containers()
    .filter(
      (container) =>
        state.runs(container) &&
        container.networks.some(({ id, name }) => (id === null ? name === network.name : id === network.id)),
    )
