/** The command line is not one that docker takes; the message is docker's own where docker has one. */
export class CommandLineError extends Error {
  readonly hint: string | null

  constructor(message: string, hint: string | null = null) {
    super(message)
    this.hint = hint
  }
}

/** A flag that a command knows. */
export interface FlagShape {
  readonly name: string
  readonly short?: string
  readonly takesValue?: true
}

export interface ParsedFlags {
  /** Values in the order given, by long name; a flag without a value has `true` or `false`. */
  readonly values: ReadonlyMap<string, readonly string[]>
  readonly words: readonly string[]
}

const TRUE = ['1', 't', 'T', 'true', 'TRUE', 'True']
const FALSE = ['0', 'f', 'F', 'false', 'FALSE', 'False']

/** Parses flags as docker does: anywhere among the words, short ones together, `--` ends them. Throws CommandLineError. */
export function parseFlags(args: readonly string[], shapes: readonly FlagShape[]): ParsedFlags {
  const values = new Map<string, string[]>()
  const words: string[] = []
  const queue = [...args]
  const set = (shape: FlagShape, given: string | null, shown: string): void => {
    const value = given ?? (shape.takesValue ? queue.shift() : 'true')
    if (value === undefined) throw new CommandLineError(`flag needs an argument: ${shown}`)
    values.set(shape.name, [...(values.get(shape.name) ?? []), shape.takesValue ? value : flag(shape, value)])
  }
  for (let next = queue.shift(); next !== undefined; next = queue.shift()) {
    if (next === '--') words.push(...queue.splice(0))
    else if (next.startsWith('--')) {
      const equals = next.indexOf('=')
      const name = next.slice(2, equals === -1 ? undefined : equals)
      const shape = shapes.find((each) => each.name === name)
      if (shape === undefined) throw new CommandLineError(`unknown flag: --${name}`)
      set(shape, equals === -1 ? null : next.slice(equals + 1), `--${name}`)
    } else if (next.startsWith('-') && next !== '-') setShort(next, shapes, set)
    else words.push(next)
  }
  return { values, words }
}

/** `-af` is `-a -f`; what follows a letter that takes a value is its value. */
function setShort(
  group: string,
  shapes: readonly FlagShape[],
  set: (shape: FlagShape, given: string | null, shown: string) => void,
): void {
  for (let at = 1; at < group.length; at++) {
    const letter = group.charAt(at)
    const shape = shapes.find((each) => each.short === letter)
    if (shape === undefined)
      throw new CommandLineError(`unknown shorthand flag: '${letter}' in ${`-${group.slice(at)}`}`)
    const rest = group.slice(at + 1)
    const given = rest.startsWith('=') ? rest.slice(1) : shape.takesValue && rest !== '' ? rest : null
    set(shape, given, `'${letter}' in ${group}`)
    if (given !== null || shape.takesValue) return
  }
}

/** What Go takes for true and for false; null for anything else (strconv.ParseBool). */
export function parseBool(value: string): boolean | null {
  if (TRUE.includes(value)) return true
  return FALSE.includes(value) ? false : null
}

function flag(shape: FlagShape, value: string): string {
  const parsed = parseBool(value)
  if (parsed !== null) return String(parsed)
  const shown = shape.short === undefined ? `--${shape.name}` : `-${shape.short}, --${shape.name}`
  throw new CommandLineError(
    `invalid argument ${JSON.stringify(value)} for "${shown}" flag: strconv.ParseBool: parsing ${JSON.stringify(value)}: invalid syntax`,
  )
}

/** The last value of a flag; docker lets a later one win. */
export const lastOf = (flags: ParsedFlags, name: string): string | undefined => flags.values.get(name)?.at(-1)

export const isSet = (flags: ParsedFlags, name: string): boolean => lastOf(flags, name) === 'true'
