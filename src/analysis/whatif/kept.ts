import { shortId } from '../../model/ids.ts'
import type { CacheRecord, Container, Image, Network, Volume } from '../../model/model.ts'
import type { DockerCommand } from './command.ts'
import { danglingOnly, Refused } from './filters.ts'
import { sharedWithImages } from './prune-cache.ts'
import { isOfSwarm, isPredefined, usersOfNetwork } from './prune-networks.ts'
import { isAnonymous, isPrunableKind, takesNamedVolumes } from './prune-volumes.ts'
import { familiar } from './references.ts'
import type { State } from './state.ts'

/** Something that the command looked at, or touched a part of, and that stays. */
export interface Kept {
  readonly kind: 'container' | 'image' | 'volume' | 'network' | 'cache-record' | 'layer'
  readonly id: string
  /** What a person knows it by. */
  readonly name: string
  readonly why: string
}

/** What stays after these commands, of the kinds they are about, and what holds it. */
export function keptBy(state: State, commands: readonly DockerCommand[]): Kept[] {
  const has = (...kinds: readonly DockerCommand['kind'][]): boolean =>
    commands.some((command) => kinds.includes(command.kind))
  return [
    ...(has('container-prune', 'system-prune') ? keptContainers(state) : []),
    ...(has('network-prune', 'system-prune') ? keptNetworks(state) : []),
    ...commands.flatMap((command) => keptVolumes(state, command)),
    ...commands.flatMap((command) => keptImages(state, command)),
    ...commands.flatMap((command) => keptRecords(state, command)),
    ...keptLayers(state),
  ]
}

const nameOf = (container: Container): string => container.name || shortId(container.id)

function some(names: readonly string[]): string {
  const shown = names.slice(0, 3).join(', ')
  return names.length > 3 ? `${shown} and ${names.length - 3} more` : shown
}

const keptContainers = (state: State): Kept[] =>
  state.containers().map((container) => ({
    kind: 'container',
    id: container.id,
    name: nameOf(container),
    why: state.runs(container) ? 'it runs' : 'a filter leaves it out',
  }))

function keptNetworks(state: State): Kept[] {
  const why = (network: Network): string => {
    if (isPredefined(network)) return 'the engine made it'
    if (network.configOnly) return 'it is a template'
    if (isOfSwarm(network)) return 'a swarm is attached'
    const users = usersOfNetwork(state, network)
    return users.length > 0 ? `container ${some(users.map(nameOf))} is attached` : 'a filter leaves it out'
  }
  return state.networks().map((network) => ({
    kind: 'network',
    id: network.id,
    name: network.name,
    why: why(network),
  }))
}

function keptVolumes(state: State, command: DockerCommand): Kept[] {
  if (command.kind !== 'volume-prune' && !(command.kind === 'system-prune' && command.volumes)) return []
  const takesNamed =
    command.kind === 'volume-prune'
      ? orIfRefused(false, () => takesNamedVolumes(state.rules, command))
      : !state.rules.anonymousVolumesOnly
  const why = (volume: Volume): string => {
    const users = state.usersOfVolume(volume.name)
    if (users.length > 0) return `container ${some(users.map(nameOf))} uses it`
    if (!isPrunableKind(volume)) return 'it has a driver or options of its own: no prune takes it'
    if (!takesNamed && !isAnonymous(volume)) return 'it has a name: docker volume prune -a takes it'
    return 'a filter leaves it out'
  }
  return [...state.ground.volumes.values()]
    .filter(({ name }) => !state.removedVolumes.has(name))
    .map((volume) => ({ kind: 'volume', id: volume.name, name: volume.name, why: why(volume) }))
}

function keptImages(state: State, command: DockerCommand): Kept[] {
  if (command.kind === 'rmi') return untaggedImages(state)
  if (command.kind !== 'image-prune' && command.kind !== 'system-prune') return []
  const onlyDangling = takesOnlyDangling(state, command)
  const why = (image: Image): string => {
    const references = state.referencesOf(image.id)
    if (onlyDangling && references.some(({ tag }) => tag !== null))
      return 'it has a tag: without -a only dangling images go'
    return whatHolds(state, image) ?? 'a filter leaves it out'
  }
  return state.images().map((image) => ({
    kind: 'image',
    id: image.id,
    name: imageName(state, image),
    why: why(image),
  }))
}

function takesOnlyDangling(
  state: State,
  command: Extract<DockerCommand, { kind: 'image-prune' | 'system-prune' }>,
): boolean {
  return !command.all && orIfRefused(true, () => danglingOnly(command.filters, state.rules))
}

/** Of a command that docker refuses, what it would take without what it is refused for. */
function orIfRefused(otherwise: boolean, take: () => boolean): boolean {
  try {
    return take()
  } catch (error) {
    if (error instanceof Refused) return otherwise
    throw error
  }
}

/** Images that lost a name and stay. */
function untaggedImages(state: State): Kept[] {
  const ids = new Set(state.untagged.map(({ image }) => image))
  return [...ids].flatMap((id) => {
    const image = state.ground.images.get(id)
    if (image === undefined || !state.hasImage(id)) return []
    const names = state.referencesOf(id).length
    const why = names > 0 ? 'it has other names' : (whatHolds(state, image) ?? 'nothing holds it')
    return [{ kind: 'image' as const, id, name: imageName(state, image), why }]
  })
}

function whatHolds(state: State, image: Image): string | null {
  const users = state.containersOf(image.id)
  if (users.length > 0) return `container ${some(users.map(nameOf))} was made from it`
  // In containerd a name is held by whoever was made from it, whatever it leads to now; build steps hold nothing.
  if (state.ground.collection !== null) return null
  const children = state.childrenOf(image.id)
  if (children.length === 0) return null
  if (state.referencesOf(image.id).length > 0)
    return `image ${some(children.map((child) => imageName(state, child)))} stands on it`
  return `it is a step on the way to image ${imageName(state, namedAbove(state, image))}`
}

/** The nearest image with a name above a build step, else the last one. */
function namedAbove(state: State, step: Image): Image {
  const seen = new Set<string>()
  let image = step
  while (state.referencesOf(image.id).length === 0 && !seen.has(image.id)) {
    seen.add(image.id)
    const [child] = state.childrenOf(image.id)
    if (child === undefined) break
    image = child
  }
  return image
}

function imageName(state: State, image: Image): string {
  const [first] = state.referencesOf(image.id)
  return first === undefined ? shortId(image.id) : familiar(first)
}

function keptRecords(state: State, command: DockerCommand): Kept[] {
  if (command.kind !== 'cache-prune' && command.kind !== 'system-prune') return []
  const shared = sharedWithImages(state)
  const why = (record: CacheRecord): string => {
    if (!command.all && shared(record)) return 'an image shares its layer: -a takes it'
    if (!command.all && (record.type === 'internal' || record.type === 'frontend'))
      return `it is of type ${record.type}: -a takes it`
    const children = state.childrenOfRecord(record.id)
    if (children.length > 0) return `record ${some(children.map(({ id }) => id))} stands on it`
    return 'a filter or the amount to keep leaves it'
  }
  return state
    .records()
    .map((record) => ({ kind: 'cache-record', id: record.id, name: record.id, why: why(record) }))
}

/** Layers of what went that stay because something else holds them. */
function keptLayers(state: State): Kept[] {
  const { ground } = state
  const touched = new Set<string>()
  for (const id of state.removedImages)
    for (const layer of ground.images.get(id)?.layers ?? []) touched.add(layer)
  for (const id of state.removedContainers) {
    const base = ground.containers.get(id)?.baseLayer
    if (base != null) touched.add(base)
  }
  for (const id of state.removedRecords) {
    const layer = ground.records.get(id)?.layer
    if (layer != null) touched.add(layer)
  }
  const left = [...touched].filter((id) => ground.at.layers.has(id) && !state.removedLayers.has(id))
  if (left.length === 0) return []
  const holders = layerHolders(state)
  return left.map((id) => ({
    kind: 'layer',
    id,
    name: shortId(id),
    why: holders.get(id) ?? 'another layer stands on it',
  }))
}

/** Layer → in words what of the rest holds it: an image before a container before the build cache. */
function layerHolders(state: State): Map<string, string> {
  const { at } = state.ground
  const holders = new Map<string, string>()
  const hold = (layers: readonly string[], why: string): void => {
    for (const layer of layers) if (!holders.has(layer)) holders.set(layer, why)
  }
  for (const image of state.images()) hold(image.layers, `image ${imageName(state, image)} is made of it`)
  for (const container of state.containers())
    if (container.baseLayer !== null)
      hold(at.chainTo(container.baseLayer), `container ${nameOf(container)} stands on it`)
  for (const record of state.records())
    if (record.layer !== null) hold(at.chainTo(record.layer), `the build cache holds it (${record.id})`)
  return holders
}
