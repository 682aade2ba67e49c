import type { CacheRecord, Image } from '../../model/model.ts'
import { shellWord } from '../shell-word.ts'
import type { DockerCommand } from './command.ts'
import { parseDockerCommand } from './parse-command.ts'
import type { Outcome, Simulator } from './simulator.ts'
import type { State } from './state.ts'
import { wordForContainer, wordsForImage } from './words-for.ts'

/** What is to be removed: ids, and names of volumes. */
export interface Wanted {
  readonly containers: readonly string[]
  readonly images: readonly string[]
  readonly volumes: readonly string[]
  readonly cacheRecords: readonly string[]
}

/** How many of these objects the engine knows. */
export const countKnown = ({ ground }: Simulator, wanted: Wanted): number =>
  wanted.containers.filter((id) => ground.containers.has(id)).length +
  wanted.images.filter((id) => ground.images.has(id)).length +
  wanted.volumes.filter((name) => ground.volumes.has(name)).length +
  wanted.cacheRecords.filter((id) => ground.records.has(id)).length

/** A docker command as it is typed and as it is understood. */
export interface Typed {
  readonly text: string
  readonly command: DockerCommand
}

/**
 * The docker commands that remove these objects: containers first, since they hold images and volumes, and the build
 * cache last, since it gives back what it shares with images. What docker does not know is left out.
 */
export function removalCommands(simulator: Simulator, wanted: Wanted): Typed[] {
  const { ground } = simulator
  const { state } = simulator.simulate([])
  const containers = wanted.containers.flatMap((id) => ground.containers.get(id) ?? [])
  const removeContainers = typed(
    simulator,
    ['rm'],
    containers.map((container) => wordForContainer(state, container)),
  )
  return [
    ...removeContainers,
    ...imageCommand(simulator, state, simulator.simulate(commandsOf(removeContainers)), wanted.images),
    ...typed(
      simulator,
      ['volume', 'rm'],
      wanted.volumes.filter((name) => ground.volumes.has(name)),
    ),
    ...cacheCommand(
      simulator,
      wanted.cacheRecords.flatMap((id) => ground.records.get(id) ?? []),
    ),
  ]
}

export const commandsOf = (lines: readonly Typed[]): DockerCommand[] => lines.map(({ command }) => command)

function typed(simulator: Simulator, verb: readonly string[], words: readonly string[]): Typed[] {
  if (words.length === 0) return []
  const line = ['docker', ...verb, ...words]
  return [{ text: line.map(shellWord).join(' '), command: parseDockerCommand(line, simulator.rules) }]
}

/** What stands on another goes first; an unnamed one that docker takes along by itself gets no word. */
function imageCommand(simulator: Simulator, state: State, before: Outcome, ids: readonly string[]): Typed[] {
  const images = ids
    .flatMap((id) => simulator.ground.images.get(id) ?? [])
    .map((image) => ({ image, depth: ancestors(simulator, image) }))
    .sort((a, b) => b.depth - a.depth)
    .map(({ image }) => ({ image, words: wordsForImage(state, image) }))
  const rmi = (chosen: readonly { words: readonly string[] }[]): Typed[] =>
    typed(
      simulator,
      ['rmi'],
      chosen.flatMap(({ words }) => words),
    )
  const tried = simulator.simulate(commandsOf(rmi(images)), before)
  const refused = new Set(tried.refusals.map(({ object }) => object))
  const goesAlong = ({ image, words }: (typeof images)[number]): boolean =>
    tried.state.removedImages.has(image.id) && words.every((word) => refused.has(word))
  return rmi(images.filter((each) => !goesAlong(each)))
}

function ancestors({ ground }: Simulator, image: Image): number {
  const seen = new Set<string>()
  for (let parent = image.parent; parent !== null && !seen.has(parent); ) {
    seen.add(parent)
    parent = ground.images.get(parent)?.parent ?? null
  }
  return seen.size
}

/** Docker takes one filter for ids, a regular expression; only with -a it takes records of every type. */
function cacheCommand(simulator: Simulator, records: readonly CacheRecord[]): Typed[] {
  if (records.length === 0) return []
  const ids = records.map(({ id }) => id.replace(/[.*+?^${}()|[\]\\]/g, '\\$&'))
  const [only] = ids.length === 1 ? ids : []
  return typed(simulator, ['builder', 'prune', '-a', '--filter'], [`id=^${only ?? `(${ids.join('|')})`}$`])
}
