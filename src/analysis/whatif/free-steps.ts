import type { Container } from '../../model/model.ts'
import { type DockerCommand, NO_LIMITS } from './command.ts'
import type { Outcome, Simulator } from './simulator.ts'
import type { State } from './state.ts'
import { wordForContainer, wordsForImage } from './words-for.ts'

/** One object that could go alone, with the words that docker takes for it. */
export interface Single {
  readonly words: readonly string[]
  readonly command: DockerCommand
}

/** A kind of thing that can go: all of it by one command, or single ones of it by name. */
export interface FreeKind {
  readonly command: string
  readonly parsed: DockerCommand
  readonly cost: string
  /** The words that a command for single ones begins with; null where there are no single ones to choose from. */
  readonly singly: string | null
  singles(before: Outcome, whole: Outcome): Single[]
}

const NONE = new Map<string, Set<string>>()
const noSingles = (): Single[] => []

/** What can go, the cheapest first: what a build makes again, what nobody can name, what is stopped, what is unused. */
export const freeKinds = (simulator: Simulator, options: { volumes: boolean }): FreeKind[] => [
  ...(simulator.rules.rule === 'legacy' ? [] : pruneKinds()),
  ...(options.volumes ? [volumeKind(simulator)] : []),
]

const WHOLE_CACHE: FreeKind = {
  command: 'docker builder prune -a',
  parsed: { kind: 'cache-prune', all: true, filters: NONE, limits: NO_LIMITS },
  cost: 'nothing is lost: every build starts from the beginning once',
  singly: null,
  singles: noSingles,
}

const pruneKinds = (): FreeKind[] => [
  {
    command: 'docker builder prune',
    parsed: { kind: 'cache-prune', all: false, filters: NONE, limits: NO_LIMITS },
    cost: 'nothing is lost: builds that need it take longer once',
    singly: null,
    singles: noSingles,
  },
  WHOLE_CACHE,
  {
    command: 'docker image prune',
    parsed: { kind: 'image-prune', all: false, filters: NONE },
    cost: 'images without a name: what a later build or pull has replaced',
    singly: null,
    singles: noSingles,
  },
  {
    command: 'docker container prune',
    parsed: { kind: 'container-prune', filters: NONE },
    cost: 'what stopped containers wrote, and their logs, are lost',
    singly: 'docker rm',
    singles: (before, whole) =>
      newlyGone(before.state.containers(), whole.state.removedContainers).map((container) =>
        removeContainer(before.state, container),
      ),
  },
  {
    command: 'docker image prune -a',
    parsed: { kind: 'image-prune', all: true, filters: NONE },
    cost: 'images have to be pulled or built again; one that is in no registry is lost',
    singly: 'docker rmi',
    singles: (before, whole) => imagesToRemove(before.state, whole.state),
  },
  // What the images shared with the cache is free to go only now.
  WHOLE_CACHE,
]

const volumeKind = (simulator: Simulator): FreeKind => {
  const all = simulator.rules.volumePruneAll
  return {
    command: all ? 'docker volume prune -a' : 'docker volume prune',
    parsed: { kind: 'volume-prune', all, filters: NONE },
    cost: 'DATA: what these volumes hold is lost for good',
    singly: 'docker volume rm',
    singles: (_before, whole) =>
      [...whole.state.removedVolumes].map((name) => ({
        words: [name],
        command: { kind: 'volume-rm', names: [name], force: false },
      })),
  }
}

const newlyGone = <T extends { readonly id: string }>(before: readonly T[], gone: ReadonlySet<string>): T[] =>
  before.filter(({ id }) => gone.has(id))

const removeContainer = (before: State, container: Container): Single => {
  const words = [wordForContainer(before, container)]
  return { words, command: { kind: 'rm', names: words, force: false, volumes: false } }
}

/** Images that go by their names; steps of builds go with what stands on them. */
const imagesToRemove = (before: State, whole: State): Single[] =>
  newlyGone(before.images(), whole.removedImages).flatMap((image) => {
    const references = before.referencesOf(image.id)
    if (references.length === 0 && before.hasChildren(image.id)) return []
    const words = wordsForImage(before, image)
    return [{ words, command: { kind: 'rmi', names: words, force: false, noPrune: false } }]
  })
