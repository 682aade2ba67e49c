import { searchText, sortItems } from '../../report/select.ts'
import { type Cell, type Display, type Table, tableFor } from '../../report/table.ts'
import type { Total } from '../../report/totals.ts'
import type { ObjectRef } from '../objects.ts'
import type { Sort } from '../state.ts'
import type { Line } from '../text/line.ts'
import type { Look } from '../text/look.ts'

/** Where a row stands in a tree. */
export interface TreePlace {
  /** The tree lines before the row's own mark. */
  readonly prefix: string
  /** The rows that stand below it, which follow it directly. */
  readonly below: number
  readonly parent: number | null
}

/** The rows of a list by index, whatever they are: made once per report, so that moving costs nothing. */
export interface ListData {
  readonly count: number
  /** The rows as they are, in the order of the forest where there is one. */
  readonly everyRow: readonly number[]
  /** The names of the stores that its rows are of, where there are several. */
  readonly stores: readonly string[]
  readonly table: Table<number>
  /** What names a row across refreshes. */
  key(row: number): string
  ref(row: number): ObjectRef | null
  find(key: string): number | null
  cell(row: number, column: string, full?: boolean): Cell
  /** All rows in an order. Headings only stand in the forest. */
  sorted(sort: Sort): readonly number[]
  /** Whether that order is known already. */
  isSorted(sort: Sort): boolean
  /** The text that plain words are looked for in: every column, in lower case. */
  searchText(row: number): string
  /** Makes search texts ahead of the first filter for that long; true when all are made. */
  prepareSearch(milliseconds: number): boolean
  /** The largest number of a column, for its bars; of the folded rows with what they hide. */
  largest(column: string, folded?: ReadonlySet<string>): number
  /** What rows take together; null where nothing sums them up. */
  total(rows: readonly number[]): Total | null
  readonly tree: ((row: number) => TreePlace) | null
  /** The same of a folded row, with what it hides. */
  foldedCell(row: number, column: string): Cell
  /** What is drawn in the column of the tree. */
  treeCell(row: number, folded: boolean, look: Look): Line
  isHeading(row: number): boolean
}

/** What a list shows of its rows. */
export interface ListSource<T> {
  readonly rows: readonly T[]
  readonly table: Table<T>
  readonly stores?: readonly string[]
  key(row: T): string
  ref(row: T): ObjectRef | null
  readonly tree?: (row: number) => TreePlace
  treeCell?(row: T, index: number, folded: boolean, look: Look, display: Display): Line
  /** What a folded row takes with all that it hides, as a row of the same table. */
  withHidden?(row: T): T
  isHeading?(row: T): boolean
  /** What rows take together, headings left out. */
  total?(rows: readonly T[]): Total
}

export const FOREST = 'forest'

/** What is the same of some rows in whatever units they are shown. */
interface Known {
  readonly keys: readonly string[]
  readonly indexByKey: ReadonlyMap<string, number>
  readonly everyRow: readonly number[]
  readonly orders: Map<string, readonly number[]>
  readonly maxima: Map<string, number>
}

const knownOf = new WeakMap<readonly unknown[], Known>()

function knownRows<T>({ rows, key }: ListSource<T>): Known {
  const known = knownOf.get(rows)
  if (known !== undefined) return known
  const keys = rows.map(key)
  const made = {
    keys,
    indexByKey: new Map(keys.map((each, row) => [each, row])),
    everyRow: rows.map((_, row) => row),
    orders: new Map<string, readonly number[]>(),
    maxima: new Map<string, number>(),
  }
  knownOf.set(rows, made)
  return made
}

export function createListData<T>(source: ListSource<T>, display: Display): ListData {
  const { rows } = source
  const columns = new Map(source.table.columns.map((column) => [column.key, column]))
  const full = { ...display, truncate: false }
  const at = (row: number): T => {
    const item = rows[row]
    if (item === undefined) throw new RangeError(`row ${row} of ${rows.length}`)
    return item
  }
  const table = tableFor(source.table, at)
  const isHeading = (row: number): boolean => source.isHeading?.(at(row)) ?? false
  const { keys, indexByKey, everyRow, orders, maxima } = knownRows(source)
  /** Sparse: a filter may ask for any row first. */
  const texts: (string | undefined)[] = []
  const totals = new WeakMap<readonly number[], Total>()
  const foldedMaxima = new WeakMap<ReadonlySet<string>, Map<string, number>>()
  let prepared = 0

  const orderName = ({ key, descending }: Sort): string => `${key} ${descending}`

  const sorted = (wanted: Sort): readonly number[] => {
    const name = orderName(wanted)
    const known = orders.get(name) ?? sort(wanted)
    orders.set(name, known)
    return known
  }

  const sort = ({ key, descending }: Sort): readonly number[] => {
    if (key === FOREST) return everyRow
    // Equal and unknown ones stay in the order of their recorded sizes; where a total is not known, its log may be.
    const isFirst = !columns.has('size') || (key === 'size' && descending)
    const before = isFirst
      ? everyRow.filter((row) => !isHeading(row))
      : sorted({ key: key === 'total' ? 'logs' : 'size', descending: true })
    return sortItems(table, before, `${key}:${descending ? 'desc' : 'asc'}`, display)
  }

  const searchTextOf = (row: number): string => {
    const known = texts[row]
    if (known !== undefined) return known
    const text = searchText(source.table, at(row), display)
    texts[row] = text
    return text
  }

  const largestOf = (column: string): number => {
    const known = maxima.get(column) ?? mostOf(rows, column)
    maxima.set(column, known)
    return known
  }

  const largestFolded = (column: string, folded: ReadonlySet<string>): number => {
    const known = foldedMaxima.get(folded) ?? new Map<string, number>()
    foldedMaxima.set(folded, known)
    const items = (): T[] =>
      [...folded].flatMap((key) => {
        const row = indexByKey.get(key)
        return row === undefined ? [] : [source.withHidden?.(at(row)) ?? at(row)]
      })
    const most = known.get(column) ?? mostOf(items(), column)
    known.set(column, most)
    return most
  }

  const mostOf = (items: readonly T[], column: string): number => {
    const cells = columns.get(column)
    let most = 0
    for (const item of items) {
      const value = cells?.cell(item, display).value
      if (typeof value === 'number' && value > most) most = value
    }
    return most
  }

  return {
    count: rows.length,
    everyRow,
    stores: source.stores ?? [],
    table,
    key: (row) => keys[row] ?? source.key(at(row)),
    ref: (row) => source.ref(at(row)),
    find: (key) => indexByKey.get(key) ?? null,
    cell: (row, column, isFull = false) =>
      columns.get(column)?.cell(at(row), isFull ? full : display) ?? { text: '', value: null },
    foldedCell(row, column) {
      const item = at(row)
      return (
        columns.get(column)?.cell(source.withHidden?.(item) ?? item, display) ?? { text: '', value: null }
      )
    },
    sorted,
    isSorted: (wanted) => orders.has(orderName(wanted)),
    searchText: searchTextOf,
    prepareSearch(milliseconds) {
      const endAtMs = performance.now() + milliseconds
      while (prepared < rows.length) {
        for (let count = 0; count < 16 && prepared < rows.length; count++) searchTextOf(prepared++)
        if (performance.now() > endAtMs) return false
      }
      return true
    },
    largest(column, folded) {
      if (folded !== undefined && folded.size > 0)
        return Math.max(largestOf(column), largestFolded(column, folded))
      return largestOf(column)
    },
    total(wanted) {
      if (source.total === undefined) return null
      const known = totals.get(wanted)
      if (known !== undefined) return known
      const made = source.total(wanted.filter((row) => !isHeading(row)).map(at))
      totals.set(wanted, made)
      return made
    },
    tree: source.tree ?? null,
    treeCell: (row, folded, look) => source.treeCell?.(at(row), row, folded, look, display) ?? [],
    isHeading,
  }
}
