import { type FlagShape, parseFlags } from './flags.ts'

/** What docker takes before the command (cli flags/options.go). */
const GLOBAL_FLAGS: readonly FlagShape[] = [
  { name: 'debug', short: 'D' },
  { name: 'tls' },
  { name: 'tlsverify' },
  ...['config', 'tlscacert', 'tlscert', 'tlskey'].map((name) => ({ name, takesValue: true as const })),
  { name: 'context', short: 'c', takesValue: true },
  { name: 'host', short: 'H', takesValue: true },
  { name: 'log-level', short: 'l', takesValue: true },
]

/** The arguments from the command on. Throws CommandLineError for a flag before it that docker does not take. */
export function afterGlobalFlags(args: readonly string[]): readonly string[] {
  let at = 0
  for (let word = args[at]; word?.startsWith('-') && word !== '-' && word !== '--'; word = args[at])
    at += valueFollows(word) ? 2 : 1
  parseFlags(args.slice(0, at), GLOBAL_FLAGS)
  return args.slice(at)
}

/** Of short flags together the last one may take a value. */
function valueFollows(word: string): boolean {
  if (word.startsWith('--')) return takesValue(({ name }) => word === `--${name}`)
  const isFlagWithValue = (letter: string): boolean => takesValue(({ short }) => short === letter)
  return isFlagWithValue(word.slice(-1)) && ![...word.slice(1, -1)].some(isFlagWithValue)
}

const takesValue = (isMeant: (shape: FlagShape) => boolean): boolean =>
  GLOBAL_FLAGS.find(isMeant)?.takesValue === true
