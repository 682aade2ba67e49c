import type { Report } from '../../report/schema.ts'
import { storeNames } from '../../report/store-names.ts'
import { type Table, textCell } from '../../report/table.ts'
import type { ListSource } from './list-data.ts'

/** A list whose rows are of several stores, or roots, says of each row which it is. */
export function withStores<T>(
  report: Report,
  source: ListSource<T>,
  homeOf: (row: T) => string | null,
): ListSource<T> {
  const homes = new Set(source.rows.flatMap((row) => homeOf(row) ?? []))
  if (homes.size < 2) return source
  const names = storeNames(report, homes)
  const table: Table<T> = {
    ...source.table,
    columns: source.table.columns.map((column) =>
      column.key !== STORE
        ? column
        : {
            ...column,
            cell: (row) => {
              const home = homeOf(row)
              return home === null ? textCell('', null) : textCell(names.get(home) ?? home, home)
            },
          },
    ),
  }
  return { ...source, table, stores: [...names.values()] }
}

/** The column of the tables that says of which store an object is. */
export const STORE = 'store'
