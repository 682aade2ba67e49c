import { escapeText } from './escape.ts'
import { formatAge, formatBytes, type Units } from './units.ts'
import { columnsOf, padEnd, padStart, truncate } from './width.ts'

/** How a reader wants values shown. */
export interface Display {
  readonly units: Units
  /** Short ids and cut texts, as docker's own tables. */
  readonly truncate: boolean
  readonly nowMs: number
}

/** What stands in a column: what a person reads, and what sorting, filtering and csv go by. */
export interface Cell {
  readonly text: string
  readonly value: string | number | boolean | null
}

export interface Column<T> {
  /** The name by which `--sort` and `--filter` know it. */
  readonly key: string
  readonly title: string
  /** What else it goes by: what stands above it where a list has no room for its title. */
  readonly names?: readonly string[]
  readonly align?: 'right'
  /** Shown only where it is asked for by `--filter` or `--sort`, and in csv. */
  readonly hidden?: true
  /** Found by `key=text` alone: plain words are not looked for in it. */
  readonly searched?: false
  /** A time (its value RFC 3339, or milliseconds), which can be compared with an age; or a flag, which a filter may name alone. */
  readonly kind?: 'time' | 'flag'
  /** Only a column of labels has it: they are asked for whole, not as parts of a text. */
  labels?(item: T): Readonly<Record<string, string>>
  cell(item: T, display: Display): Cell
}

/** A list of things of one kind, with the columns in which it is shown. */
export interface Table<T> {
  readonly columns: readonly Column<T>[]
  /** The order where none is asked for. */
  readonly sort?: string
}

export const textCell = (text: string, value: Cell['value'] = text): Cell => ({ text, value })

/** The same columns for other rows, each of which stands for an item, or for none: then its cells are empty. */
export const tableFor = <T, Row>(table: Table<T>, itemOf: (row: Row) => T | null): Table<Row> => ({
  columns: table.columns.map(({ cell, labels, ...column }) => ({
    ...column,
    ...(labels === undefined ? {} : { labels: (row) => valueFor(itemOf(row), labels, {}) }),
    cell: (row, display) => valueFor(itemOf(row), (item) => cell(item, display), textCell('', null)),
  })),
})

const valueFor = <T, Value>(item: T | null, read: (item: T) => Value, otherwise: Value): Value =>
  item === null ? otherwise : read(item)

/** A column of labels, for filters and csv. */
export const labelColumn = <T>(labels: (item: T) => Readonly<Record<string, string>>): Column<T> => ({
  key: 'label',
  title: 'LABELS',
  hidden: true,
  labels,
  cell: (item) =>
    textCell(
      Object.entries(labels(item))
        .map(([key, value]) => `${key}=${value}`)
        .join(','),
    ),
})

/** A cell that is written out only when it is shown: to sort and to compare tens of thousands its value is enough. */
class WrittenCell implements Cell {
  readonly value: Cell['value']
  readonly #write: () => string

  constructor(value: Cell['value'], write: () => string) {
    this.value = value
    this.#write = write
  }

  get text(): string {
    return this.#write()
  }
}

export const cellOf = (value: Cell['value'], write: () => string): Cell => new WrittenCell(value, write)

export const bytesCell = (bytes: number | null, display: Display): Cell =>
  cellOf(bytes, () => formatBytes(bytes, display.units))

/** How long ago a time was. */
export const ageCell = (time: string | null, { nowMs }: Display): Cell =>
  cellOf(time, () => formatAge(time, nowMs))

// As the tab writer of docker's own command line: cells at least 10 wide, 3 blanks between columns.
const MINIMUM = 10
const GAP = 3
// As wide as a full id; a longer name would push the figures off the screen.
const WIDEST = 64

/** Lays out rows under their titles, each text escaped; the last column is not padded. */
export function layOut(
  titles: readonly string[],
  rows: readonly (readonly string[])[],
  right: readonly boolean[] = [],
): string {
  const escaped = rows.map((row) => row.map(escapeText))
  const widths = titles.map((title, column) =>
    Math.max(
      right[column] ? 0 : MINIMUM - GAP,
      columnsOf(title),
      ...escaped.map((row) => columnsOf(row[column] ?? '')),
    ),
  )
  const line = (cells: readonly string[]): string =>
    cells
      .map((cell, column) => {
        if (right[column])
          return padStart(cell, widths[column] ?? 0) + (column === cells.length - 1 ? '' : ' '.repeat(GAP))
        return column === cells.length - 1 ? cell : padEnd(cell, (widths[column] ?? 0) + GAP)
      })
      .join('')
      .trimEnd()
  return [titles, ...escaped].map(line).join('\n')
}

/** The table as text for a person. */
export function renderTable<T>(table: Table<T>, items: readonly T[], display: Display): string {
  const columns = table.columns.filter((column) => column.hidden !== true)
  const cut = (text: string): string => (display.truncate ? truncate(text, WIDEST) : text)
  return layOut(
    columns.map((column) => column.title),
    items.map((item) => columns.map((column) => cut(escapeText(column.cell(item, display).text)))),
    columns.map((column) => column.align === 'right'),
  )
}

/** Comma-separated values of every column, full and exact; texts are quoted where they need it. */
export function renderCsv<T>(table: Table<T>, items: readonly T[], display: Display): string {
  const quote = (value: Cell['value']): string => {
    const text = value === null ? '' : String(value)
    return /[",\r\n]/.test(text) ? `"${text.replaceAll('"', '""')}"` : text
  }
  return [
    table.columns.map((column) => column.key).join(','),
    ...items.map((item) => table.columns.map((column) => quote(column.cell(item, display).value)).join(',')),
  ].join('\n')
}
