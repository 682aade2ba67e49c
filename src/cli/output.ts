import { writeSync } from 'node:fs'
import { filterItems, SelectionError, sortItems } from '../report/select.ts'
import { renderCsv, renderTable, type Table } from '../report/table.ts'
import { UserError } from './exit.ts'
import { type CommonOptions, displayOf } from './options.ts'

/** Writes all of a text to stdout. A reader that has gone away (`| head`) ends the program quietly. */
export function print(text: string): void {
  const bytes = Buffer.from(text.endsWith('\n') ? text : `${text}\n`)
  for (let written = 0; written < bytes.length; ) {
    try {
      written += writeSync(1, bytes, written)
    } catch (error) {
      const code = error instanceof Error && 'code' in error ? error.code : ''
      if (code === 'EPIPE') process.exit(0)
      // A pipe that node made non-blocking is full: its reader is slow.
      if (code !== 'EAGAIN') throw error
      Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0, 5)
    }
  }
}

export const printJson = (value: unknown): void => print(JSON.stringify(value, null, 2))

/** Prints a list in the format that was asked for. `toJson` gives what stands for an item in JSON. */
export function printList<T>(
  table: Table<T>,
  items: readonly T[],
  options: CommonOptions,
  nowMs: number,
  toJson: (items: readonly T[]) => readonly unknown[] = (all) => all,
): void {
  const display = displayOf(options, nowMs)
  const shown = select(table, items, options, nowMs)
  switch (options.format) {
    case 'json':
      return printJson(toJson(shown))
    case 'ndjson':
      return toJson(shown).length === 0
        ? undefined
        : print(
            toJson(shown)
              .map((item) => JSON.stringify(item))
              .join('\n'),
          )
    case 'csv':
      return print(renderCsv(table, shown, display))
    case 'table':
      return print(renderTable(table, shown, display))
  }
}

function select<T>(
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
