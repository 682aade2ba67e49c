import type { Report } from '../../report/schema.ts'
import type { KeyBinding } from '../key-table.ts'
import { commandsIn } from '../keys.ts'
import type { Context } from '../state.ts'
import { type Entry, entriesOf } from './entries.ts'
import { normal, RANKS, type Search, searchOn, startSearch, textMatcher } from './search.ts'

/** The palette while it is open: what was typed, and what was found so far. */
export interface Palette {
  /** Where one stood: the commands are those of that place. */
  readonly context: Context
  readonly text: string
  readonly search: Search
  /** What is searched; null before anything is read. */
  readonly report: Report | null
  readonly cursor: number
}

export type Result =
  | {
      readonly kind: 'command'
      readonly binding: KeyBinding
      readonly key: string
      /** What it is called in a word, and what it does. */
      readonly short: string
      readonly name: string
    }
  | { readonly kind: 'entry'; readonly entry: Entry }

export const openPalette = (context: Context, report: Report | null): Palette => ({
  context,
  text: '',
  search: startSearch('', null),
  report,
  cursor: 0,
})

/** The same palette for another text; the first slice of the search is done at once. */
export function withText(palette: Palette, text: string): Palette {
  return searched({ ...palette, text, search: startSearch(text, palette.search), cursor: 0 })
}

/** What a slice of the search may take, the drawing of what it found not counted. */
const SLICE_MS = 4

function timeIsOver(): () => boolean {
  const endAtMs = performance.now() + SLICE_MS
  return () => performance.now() >= endAtMs
}

/** The palette after another slice of its search. */
export function searched(palette: Palette, isOver = timeIsOver()): Palette {
  const { report, search } = palette
  if (report === null || search.isDone) return palette
  const rootPaths = report.roots.map(({ path }) => path)
  return { ...palette, search: searchOn(search, entriesOf(report), rootPaths, isOver) }
}

/** A palette over the newest report, in the place that one stands in now. */
export const refreshed = (palette: Palette, context: Context, report: Report | null): Palette =>
  palette.report === report
    ? palette
    : {
        ...searched({ ...palette, context, report, search: startSearch(palette.text, null) }),
        cursor: palette.cursor,
      }

/** What is found, the best first; of equally good ones the commands, then the largest. Without a text the commands. */
export function resultsOf({ context, text, search, report }: Palette): readonly Result[] {
  const query = normal(text)
  const commands = commandResults(context)
  if (query === '') return commands
  const rankOf = textMatcher(query)
  const byName = (result: Command): boolean => rankOf(linesOf(namesOf(result))) !== null
  const ranked = [...commands.filter(byName), ...commands.filter((result) => !byName(result))].map(
    (result) => ({ result, rank: rankOf(linesOf([...namesOf(result), ...wordsOf(result)])) }),
  )
  const entries = report === null ? null : entriesOf(report)
  return RANKS.flatMap((_, rank) => [
    ...ranked.flatMap((each) => (each.rank === rank ? [each.result] : [])),
    ...(search.best[rank] ?? []).flatMap((index): Result[] =>
      entries === null ? [] : [{ kind: 'entry', entry: entries.at(index) }],
    ),
  ])
}

const namesOf = ({ binding, short }: Command): readonly string[] => [short, ...(binding.names ?? [])]

/** Each word of what a command does is a name of it too, after those that it goes by. */
const wordsOf = ({ name }: Command): readonly string[] => [name, ...name.split(/[^a-z0-9'-]+/i)]

const linesOf = (names: readonly string[]): string => `\n${names.join('\n')}\n`.toLowerCase()

type Command = Extract<Result, { kind: 'command' }>

function commandResults(context: Context): Command[] {
  return commandsIn(context).flatMap((binding) => {
    if (binding.group === 'Move' || binding.command === 'palette' || binding.command === 'open') return []
    const names = binding.command === 'view' ? binding.description.split(', ') : [binding.description]
    return names.flatMap((name, index) => {
      const key = binding.keys[index]
      const short = binding.command === 'view' ? name.toLowerCase() : (binding.names?.[0] ?? binding.command)
      return key === undefined ? [] : [{ kind: 'command', binding, key, short, name } as const]
    })
  })
}
