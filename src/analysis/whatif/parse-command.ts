import type { CacheLimits, DockerCommand } from './command.ts'
import { addFilter, type Filters } from './filters.ts'
import { CommandLineError, type FlagShape, isSet, lastOf, type ParsedFlags, parseFlags } from './flags.ts'
import type { PruneRules } from './rules.ts'

const FORCE: FlagShape = { name: 'force', short: 'f' }
const ALL: FlagShape = { name: 'all', short: 'a' }
const FILTER: FlagShape = { name: 'filter', takesValue: true }
const SPACE_FLAGS: readonly FlagShape[] = [
  'keep-storage',
  'reserved-space',
  'max-used-space',
  'min-free-space',
].map((name) => ({ name, takesValue: true }))

/** How one docker command is written and understood. */
interface Grammar {
  readonly words: readonly (readonly string[])[]
  /** True where it takes names, at least one. */
  readonly names?: true
  flags(rules: PruneRules): readonly FlagShape[]
  build(flags: ParsedFlags): DockerCommand
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
    words: [
      ['builder', 'prune'],
      ['buildx', 'prune'],
    ],
    flags: (rules) => [
      FORCE,
      ALL,
      FILTER,
      ...(rules.cacheSpaceLimits ? SPACE_FLAGS : SPACE_FLAGS.slice(0, 1)),
      { name: 'verbose' },
    ],
    build: (flags) => ({
      kind: 'cache-prune',
      all: isSet(flags, 'all'),
      filters: filtersOf(flags),
      limits: limitsOf(flags),
    }),
  },
  {
    words: [['rmi'], ['image', 'rm'], ['image', 'remove']],
    names: true,
    flags: () => [FORCE, { name: 'no-prune' }],
    build: (flags) => ({
      kind: 'rmi',
      names: flags.words,
      force: isSet(flags, 'force'),
      noPrune: isSet(flags, 'no-prune'),
    }),
  },
  {
    words: [['rm'], ['container', 'rm'], ['container', 'remove']],
    names: true,
    flags: () => [FORCE, { name: 'volumes', short: 'v' }],
    build: (flags) => ({
      kind: 'rm',
      names: flags.words,
      force: isSet(flags, 'force'),
      volumes: isSet(flags, 'volumes'),
    }),
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
  const args = argv[0] === 'docker' ? argv.slice(1) : argv
  for (const grammar of GRAMMARS)
    for (const words of grammar.words)
      if (words.every((word, index) => args[index] === word)) {
        if (rules.rule === 'legacy' && !OLD_COMMANDS.includes(words.join(' ')))
          throw unknownToOldEngine(words)
        const flags = parseFlags(args.slice(words.length), grammar.flags(rules))
        checkWords(flags.words, words.join(' '), grammar.names === true, rules)
        return grammar.build(flags)
      }
  throw new CommandLineError(
    args.length === 0
      ? 'No docker command was given.'
      : `${JSON.stringify(['docker', ...args].join(' '))} is not simulated here.`,
    `What is: ${KNOWN_COMMANDS}. layerscope's own options stand before it.`,
  )
}

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

/** `--keep-storage` is the older name of `--reserved-space`. */
function limitsOf(flags: ParsedFlags): CacheLimits {
  const bytes = (name: string): number => {
    const value = lastOf(flags, name)
    const size = value === undefined ? 0 : parseMemory(value)
    if (size === null)
      throw new CommandLineError(
        `invalid argument ${JSON.stringify(value)} for "--${name}" flag: invalid size: '${value}'`,
      )
    return size
  }
  return {
    reservedBytes: bytes('reserved-space') || bytes('keep-storage'),
    maxUsedBytes: bytes('max-used-space'),
    minFreeBytes: bytes('min-free-space'),
  }
}

/** Docker's memory sizes count in 1024, whatever the unit is called: `5MB` is 5 × 1024² (go-units, RAMInBytes). */
function parseMemory(text: string): number | null {
  const match = /^(\d+(?:\.\d+)*) ?([kKmMgGtTpP])?[iI]?[bB]?$/.exec(text)
  if (match === null) return null
  const power = ' kmgtp'.indexOf((match[2] ?? ' ').toLowerCase())
  return Math.floor(Number(match[1]) * 1024 ** power)
}
