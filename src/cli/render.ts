import { filterItems, SelectionError, sortItems } from '../report/select.ts'
import { renderCsv, renderTable, type Table } from '../report/table.ts'
import { UserError } from './exit.ts'
import { type CommonOptions, displayOf, type Format } from './options.ts'

/** Refuses the formats that have no rows to print. */
export function requireFormat(options: CommonOptions, allowed: readonly Format[]): void {
  if (!allowed.includes(options.format))
    throw new UserError(`This command has no ${options.format}; it has ${allowed.join(', ')}.`)
}

export const renderJson = (value: unknown): string => JSON.stringify(value, null, 2)

/** A list in the format that was asked for. `toJson` gives what stands for the items in JSON. */
export function renderList<T>(
  table: Table<T>,
  items: readonly T[],
  options: CommonOptions,
  nowMs: number,
  toJson: (items: readonly T[]) => readonly unknown[] = (all) => all,
): string {
  const display = displayOf(options, nowMs)
  const shown = selectItems(table, items, options, nowMs)
  switch (options.format) {
    case 'json':
      return renderJson(toJson(shown))
    case 'ndjson':
      return toJson(shown)
        .map((item) => JSON.stringify(item))
        .join('\n')
    case 'csv':
      return renderCsv(table, shown, display)
    case 'table':
      return renderTable(table, shown, display)
  }
}

/** What the filters leave of a list, in the order that was asked for. Throws UserError. */
export function selectItems<T>(
  table: Table<T>,
  items: readonly T[],
  options: CommonOptions,
  nowMs: number,
): readonly T[] {
  const display = displayOf(options, nowMs)
  try {
    return sortItems(table, filterItems(table, items, options.filter, display), options.sort, display)
  } catch (error) {
    if (error instanceof SelectionError) throw new UserError(error.message)
    throw error
  }
}
