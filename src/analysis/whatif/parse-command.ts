import type { CacheLimits, DockerCommand } from './command.ts'
import { addFilter, type Filters } from './filters.ts'
import { CommandLineError, type FlagShape, isSet, lastOf, type ParsedFlags, parseFlags } from './flags.ts'
import { afterGlobalFlags } from './global-flags.ts'
import { parseMemory } from './memory-size.ts'
import type { PruneRules } from './rules.ts'

const FORCE: FlagShape = { name: 'force', short: 'f' }
const ALL: FlagShape = { name: 'all', short: 'a' }
const FILTER: FlagShape = { name: 'filter', takesValue: true }
const VERBOSE: FlagShape = { name: 'verbose' }
const BUILDER: FlagShape = { name: 'builder', takesValue: true }
const KEEP_STORAGE: FlagShape = { name: 'keep-storage', takesValue: true }
const SPACE_FLAGS: readonly FlagShape[] = ['reserved-space', 'max-used-space', 'min-free-space'].map(
  (name) => ({ name, takesValue: true }),
)

/** How one docker command is written and understood. */
interface Grammar {
  readonly words: readonly (readonly string[])[]
  /** True where it takes names, at least one. */
  readonly names?: true
  flags(rules: PruneRules): readonly FlagShape[]
  build(flags: ParsedFlags, rules: PruneRules): DockerCommand
}

const GRAMMARS: readonly Grammar[] = [
  {
    words: [['system', 'prune']],
    flags: () => [FORCE, ALL, FILTER, { name: 'volumes' }],
    build: (flags) => ({
      kind: 'system-prune',
      all: isSet(flags, 'all'),
      volumes: isSet(flags, 'volumes'),
      filters: filtersOf(flags),
    }),
  },
  {
    words: [['container', 'prune']],
    flags: () => [FORCE, FILTER],
    build: (flags) => ({ kind: 'container-prune', filters: filtersOf(flags) }),
  },
  {
    words: [['network', 'prune']],
    flags: () => [FORCE, FILTER],
    build: (flags) => ({ kind: 'network-prune', filters: filtersOf(flags) }),
  },
  {
    words: [['volume', 'prune']],
    flags: (rules) => (rules.volumePruneAll ? [FORCE, FILTER, ALL] : [FORCE, FILTER]),
    build: (flags) => ({ kind: 'volume-prune', all: isSet(flags, 'all'), filters: filtersOf(flags) }),
  },
  {
    words: [['image', 'prune']],
    flags: () => [FORCE, ALL, FILTER],
    build: (flags) => ({ kind: 'image-prune', all: isSet(flags, 'all'), filters: filtersOf(flags) }),
  },
  {
    words: [['builder', 'prune']],
    flags: (rules) => [
      FORCE,
      ALL,
      FILTER,
      KEEP_STORAGE,
      ...(rules.cacheSpaceLimits ? [...SPACE_FLAGS, VERBOSE] : []),
    ],
    build: cachePrune,
  },
  {
    words: [['buildx', 'prune']],
    flags: () => [FORCE, ALL, FILTER, KEEP_STORAGE, ...SPACE_FLAGS, VERBOSE, BUILDER],
    build: (flags, rules) => ({ ...cachePrune(flags, rules), buildx: true }),
  },
  {
    words: [['rmi'], ['image', 'rm'], ['image', 'remove'], ['image', 'rmi']],
    names: true,
    flags: (rules) => [
      FORCE,
      { name: 'no-prune' },
      ...(rules.removesPlatforms ? [{ name: 'platform', takesValue: true as const }] : []),
    ],
    build: (flags) => {
      if (flags.values.has('platform')) throw notSimulated('What rmi --platform takes of an image')
      return {
        kind: 'rmi',
        names: flags.words,
        force: isSet(flags, 'force'),
        noPrune: isSet(flags, 'no-prune'),
      }
    },
  },
  {
    words: [['rm'], ['container', 'rm'], ['container', 'remove']],
    names: true,
    flags: () => [FORCE, { name: 'volumes', short: 'v' }, { name: 'link', short: 'l' }],
    build: (flags) => {
      if (isSet(flags, 'link')) throw notSimulated('What rm --link takes of the links between containers')
      return {
        kind: 'rm',
        names: flags.words,
        force: isSet(flags, 'force'),
        volumes: isSet(flags, 'volumes'),
      }
    },
  },
  {
    words: [
      ['volume', 'rm'],
      ['volume', 'remove'],
    ],
    names: true,
    flags: () => [FORCE],
    build: (flags) => ({ kind: 'volume-rm', names: flags.words, force: isSet(flags, 'force') }),
  },
]

/** The commands that are understood, for a message. */
export const KNOWN_COMMANDS = GRAMMARS.flatMap(({ words }) => words.map((each) => each.join(' '))).join(', ')

/**
 * Reads a docker command line, with or without the word `docker`, as docker of that version parses it. Throws
 * CommandLineError in docker's words, or for a command that is not simulated.
 */
export function parseDockerCommand(argv: readonly string[], rules: PruneRules): DockerCommand {
  const args = afterGlobalFlags(argv[0] === 'docker' ? argv.slice(1) : argv)
  for (const grammar of GRAMMARS)
    for (const words of grammar.words)
      if (words.every((word, index) => args[index] === word)) {
        if (rules.rule === 'legacy' && !OLD_COMMANDS.includes(words.join(' ')))
          throw unknownToOldEngine(words)
        if (words.join(' ') === 'container remove' && !rules.containerRemove)
          throw new CommandLineError(
            `docker ${rules.rule} has no container remove: it prints how docker container is used.`,
            'There is docker container rm.',
          )
        const flags = parseFlags(args.slice(words.length), grammar.flags(rules))
        checkWords(flags.words, words.join(' '), grammar.names === true, rules)
        return grammar.build(flags, rules)
      }
  throw new CommandLineError(
    args.length === 0
      ? 'No docker command was given.'
      : `${JSON.stringify(['docker', ...args].join(' '))} is not simulated here.`,
    `What is: ${KNOWN_COMMANDS}. layerscope's own options stand before it.`,
  )
}

const notSimulated = (what: string): CommandLineError =>
  new CommandLineError(`${what} is not simulated here.`)

/** What Docker before 1.10 already had. */
const OLD_COMMANDS = ['rmi', 'rm', 'volume rm']

const unknownToOldEngine = ([first = '']: readonly string[]): CommandLineError =>
  new CommandLineError(
    `docker: '${first}' is not a docker command.`,
    'This root was written by an engine from before 1.10, which has no prune: there are rmi, rm and volume rm.',
  )

function checkWords(
  typed: readonly string[],
  command: string,
  takesNames: boolean,
  { words }: PruneRules,
): void {
  if (takesNames && typed.length === 0) throw new CommandLineError(words.noArguments(command))
  if (!takesNames && typed.length > 0) throw new CommandLineError(words.tooManyArguments(command))
}

function filtersOf(flags: ParsedFlags): Filters {
  const filters = new Map<string, Set<string>>()
  for (const text of flags.values.get('filter') ?? [])
    if (!addFilter(filters, text))
      throw new CommandLineError(
        `invalid argument ${JSON.stringify(text)} for "--filter" flag: bad format of filter (expected name=value)`,
      )
  return filters
}

function cachePrune(flags: ParsedFlags, rules: PruneRules): Extract<DockerCommand, { kind: 'cache-prune' }> {
  return {
    kind: 'cache-prune',
    all: isSet(flags, 'all'),
    filters: filtersOf(flags),
    limits: limitsOf(flags, rules),
    ...(PLUGIN_FLAGS.some((name) => flags.values.has(name)) ? { buildx: true } : {}),
  }
}

/** What `builder prune` knows only where the plugin buildx stands in for it. */
const PLUGIN_FLAGS: readonly string[] = [...SPACE_FLAGS.map(({ name }) => name), 'verbose']

/** `--keep-storage` is the older name of `--reserved-space`. */
function limitsOf(flags: ParsedFlags, rules: PruneRules): CacheLimits {
  const bytes = (name: string): number => {
    const value = lastOf(flags, name)
    if (value === undefined) return 0
    const size = parseMemory(value, rules)
    if ('bytes' in size) return size.bytes
    throw new CommandLineError(`invalid argument ${JSON.stringify(value)} for "--${name}" flag: ${size.why}`)
  }
  return {
    reservedBytes: bytes('reserved-space') || bytes('keep-storage'),
    maxUsedBytes: bytes('max-used-space'),
    minFreeBytes: bytes('min-free-space'),
  }
}
