import { type Command, InvalidArgumentError, Option } from 'commander'
import type { Display } from '../report/table.ts'

export type Format = 'table' | 'json' | 'ndjson' | 'csv'

/** The options that every command takes, as commander gives them. */
export interface CommonOptions {
  readonly root: readonly string[]
  readonly format: Format
  readonly measure: boolean
  readonly bytes: boolean
  readonly binary: boolean
  readonly trunc: boolean
  readonly filter: readonly string[]
  readonly sort?: string
  readonly color: boolean
  readonly ascii: boolean
  /** The terminal UI as text that is read from top to bottom. */
  readonly plain: boolean
  /** Read the bundled sample instead of a root. */
  readonly sample: boolean
}

const collect = (value: string, previous: readonly string[] = []): readonly string[] => [...previous, value]

/** Reads an option that counts something. */
export function wholeNumber(value: string): number {
  if (!/^\d{1,9}$/.test(value)) throw new InvalidArgumentError('It is a whole number.')
  return Number(value)
}

/** Adds the common options to a command. */
export function addCommonOptions(command: Command): Command {
  return command
    .option('--root <dir>', 'data root to read; may be given several times', collect)
    .addOption(
      new Option('--format <format>', 'how to print')
        .choices(['table', 'json', 'ndjson', 'csv'])
        .default('table'),
    )
    .option('--json', 'short for --format json')
    .option('--no-measure', 'recorded sizes only, without walking the disk')
    .option('--bytes', 'exact bytes instead of rounded sizes')
    .option('--binary', 'binary units (KiB) instead of the decimal ones that docker prints')
    .option('--no-trunc', 'full ids and texts')
    .option(
      '--filter <filter>',
      'words, size>1GB, age>30d, label=KEY[=VALUE], unused, key=text, -not; may be given several times',
      collect,
    )
    .option('--sort <key>', 'column to sort by, with :asc or :desc')
    .option('--no-color', 'no colours (so does NO_COLOR)')
    .option('--ascii', 'only ASCII in lines and marks')
}

/** Adds the options that say which docker would be at work, and on what. */
export const addSimulationOptions = (command: Command): Command =>
  command
    .option('--engine <version>', 'rules of this docker version instead of those that the root shows')
    .option('--as-started', 'containers run as after a start of the engine, by their restart policies')
    .option('--as-recorded', 'containers run as their configs say')
    .option('--assume-running <name>', 'this container runs; may be given several times', collect)

/** Brings together what commander parsed on the program and on the command. */
export function commonOptions(command: Command): CommonOptions {
  const options = command.optsWithGlobals<Record<string, unknown>>()
  const texts = (key: string): readonly string[] => {
    const value = options[key]
    return Array.isArray(value) ? value.filter((item) => typeof item === 'string') : []
  }
  const format = options['json'] === true ? 'json' : options['format']
  const sort = options['sort']
  return {
    root: texts('root'),
    format: isFormat(format) ? format : 'table',
    measure: options['measure'] !== false,
    bytes: options['bytes'] === true,
    binary: options['binary'] === true,
    trunc: options['trunc'] !== false,
    filter: texts('filter'),
    ...(typeof sort === 'string' ? { sort } : {}),
    color: options['color'] !== false && !process.env['NO_COLOR'],
    ascii: options['ascii'] === true || !isUtf8Locale(process.env),
    plain: options['plain'] === true,
    sample: options['sample'] === true,
  }
}

const isFormat = (value: unknown): value is Format =>
  value === 'table' || value === 'json' || value === 'ndjson' || value === 'csv'

/** The locale that decides on characters: the first of these variables that is set. */
export function isUtf8Locale(environment: Readonly<Record<string, string | undefined>>): boolean {
  const locale = environment['LC_ALL'] || environment['LC_CTYPE'] || environment['LANG'] || ''
  return /utf-?8/i.test(locale)
}

export const displayOf = (options: CommonOptions, nowMs: number): Display => ({
  units: options.bytes ? 'bytes' : options.binary ? 'binary' : 'decimal',
  truncate: options.trunc,
  nowMs,
})
