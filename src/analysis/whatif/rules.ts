import type { EngineRule } from '../../model/model.ts'
import type { GoTime } from './go-date.ts'

/** The words in which an engine refuses; `{}` stands for what the sentence is about. */
export interface RefusalWords {
  noSuchImage(typed: string, completed: string): string
  /** Of a name with upper-case letters in its path. */
  upperCaseName(path: string): string
  noSuchContainer(typed: string): string
  noContainerName: string
  severalContainers(prefix: string): string
  noSuchVolume(typed: string): string
  containerRuns(container: { typed: string; id: string; name: string; state: string }): string
  /** Without the words that begin it. */
  invalidFilter(name: string): string
  noArguments(command: string): string
  tooManyArguments(command: string): string
}

/** What differs between the versions of docker, as data; the rest of the simulation is the same for all. */
export interface PruneRules {
  readonly rule: EngineRule
  /** `volume prune` without `-a` and `system prune --volumes` take only volumes that nobody named. */
  readonly anonymousVolumesOnly: boolean
  /** Whether `volume prune` knows `-a`. */
  readonly volumePruneAll: boolean
  /** Whether `until` of the build cache may be a date; before, only a duration. */
  readonly cacheUntilDates: boolean
  /** Whether the build cache has a floor, a cap and a free-space goal instead of one amount to keep. */
  readonly cacheSpaceLimits: boolean
  /**
   * Whether a record of the build cache that the engine loaded when it started counts its parents as used when it goes.
   */
  readonly removalUsesParents: boolean
  /** The rank before the first where records of the build cache are weighed. */
  readonly lowestCacheRank: 0 | 1
  /** Whether `dangling` asked for both ways is refused; before, it meant all. */
  readonly refusesBothDangling: boolean
  /** Whether an image without a creation time stays where `until` is given. */
  readonly untilSkipsUndated: boolean
  /** Whether a prune leaves the last name of an image that a container names by its whole id; before, that became nameless. */
  readonly keepsNameUsedById: boolean
  /** Whether the command line takes superfluous slashes out of the name of an image; before, they name no image. */
  readonly cleansImageNames: boolean
  /** Whether amounts may be written as go-units 0.5 reads them. */
  readonly looseSizes: boolean
  /** Whether there is `container remove` beside `container rm`. */
  readonly containerRemove: boolean
  /** Whether `rmi` knows `--platform`. */
  readonly removesPlatforms: boolean
  /** What reads dates in the engine. */
  readonly go: GoTime
  readonly words: RefusalWords
}

const DAEMON = 'Error response from daemon: '

const STOP_FIRST = 'top the container before attempting removal or force remove'

const cannotRemove = (name: string, state: string): string =>
  `${DAEMON}cannot remove container "${name}": container is ${state === 'paused' ? 'paused and must be unpaused first' : `${state}: stop the container before removing or force remove`}`

const OLD_WORDS: RefusalWords = {
  noSuchImage: (typed) => `Error: No such image: ${typed}`,
  upperCaseName: () => 'invalid reference format: repository name must be lowercase',
  noSuchContainer: (typed) => `Error: No such container: ${typed}`,
  noContainerName: 'Container name cannot be empty',
  severalContainers: (prefix) => `${DAEMON}Multiple IDs found with provided prefix: ${prefix}`,
  noSuchVolume: (typed) => `Error: No such volume: ${typed}`,
  containerRuns: ({ id, state }) =>
    `${DAEMON}You cannot remove a ${state} container ${id}. ${state === 'paused' ? `Unpause and then s${STOP_FIRST}` : `S${STOP_FIRST}`}`,
  invalidFilter: (name) => `Invalid filter '${name}'`,
  noArguments: (command) => `"docker ${command}" requires at least 1 argument.`,
  tooManyArguments: (command) => `"docker ${command}" accepts no arguments.`,
}

const WORDS_OF_23: RefusalWords = {
  ...OLD_WORDS,
  noSuchImage: (_typed, completed) => `${DAEMON}No such image: ${completed}`,
  noSuchContainer: (typed) => `${DAEMON}No such container: ${typed}`,
  noSuchVolume: (typed) => `${DAEMON}get ${typed}: no such volume`,
  invalidFilter: (name) => (name === '' ? 'invalid filter' : `invalid filter '${name}'`),
}

const WORDS_OF_26: RefusalWords = {
  ...WORDS_OF_23,
  upperCaseName: (path) => `invalid reference format: repository name (${path}) must be lowercase`,
  severalContainers: (prefix) => `${DAEMON}multiple IDs found with provided prefix: ${prefix}`,
  containerRuns: ({ name, state }) => cannotRemove(`/${name}`, state),
}

const WORDS_OF_28: RefusalWords = {
  ...WORDS_OF_26,
  noContainerName: 'container name cannot be empty',
  containerRuns: ({ typed, state }) => cannotRemove(typed, state),
  noArguments: (command) => `docker: 'docker ${command}' requires at least 1 argument`,
  tooManyArguments: (command) => `docker: 'docker ${command}' accepts no arguments`,
}

const RULES_OF_20: PruneRules = {
  rule: '20.10',
  anonymousVolumesOnly: false,
  volumePruneAll: false,
  cacheUntilDates: false,
  cacheSpaceLimits: false,
  removalUsesParents: false,
  lowestCacheRank: 0,
  refusesBothDangling: false,
  untilSkipsUndated: false,
  keepsNameUsedById: false,
  cleansImageNames: false,
  looseSizes: false,
  containerRemove: false,
  removesPlatforms: false,
  go: { since120: false },
  words: OLD_WORDS,
}

const RULES_OF_23: PruneRules = {
  ...RULES_OF_20,
  rule: '23',
  anonymousVolumesOnly: true,
  volumePruneAll: true,
  // Seen of 26.1 and 28.5, and not of 20.10; BuildKit has held parents in another way since 23.
  removalUsesParents: true,
  refusesBothDangling: true,
  cleansImageNames: true,
  containerRemove: true,
  words: WORDS_OF_23,
}

const RULES_OF_26: PruneRules = {
  ...RULES_OF_23,
  rule: '26',
  cacheUntilDates: true,
  untilSkipsUndated: true,
  go: { since120: true },
  words: WORDS_OF_26,
}

const RULES_OF_28: PruneRules = {
  ...RULES_OF_26,
  rule: '28',
  cacheSpaceLimits: true,
  // Seen of 28.5, and not of 26.1.
  keepsNameUsedById: true,
  lowestCacheRank: 1,
  looseSizes: true,
  removesPlatforms: true,
  words: WORDS_OF_28,
}

/** The rule sets, oldest first; each is the one before it with what changed. */
export const PRUNE_RULES: Readonly<Record<EngineRule, PruneRules>> = {
  legacy: { ...RULES_OF_20, rule: 'legacy' },
  '20.10': RULES_OF_20,
  '23': RULES_OF_23,
  '26': RULES_OF_26,
  '28': RULES_OF_28,
  '29': { ...RULES_OF_28, rule: '29' },
}

/** The rule set of a version as a person writes it: `20.10`, `27`, `28.5.2`; null for one that is not known. */
export function ruleOfVersion(version: string): EngineRule | null {
  const major = /^(\d+)(?:\.|$)/.exec(version)?.[1]
  if (major === undefined) return version === 'legacy' ? 'legacy' : null
  const number = Number(major)
  if (number === 1) return 'legacy'
  if (number < 17 || number > 29) return null
  if (number < 23) return '20.10'
  if (number < 26) return '23'
  if (number < 28) return '26'
  return number === 28 ? '28' : '29'
}
