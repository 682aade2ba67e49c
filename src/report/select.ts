import { escapeText } from './escape.ts'
import { type Operator, parseFilter, type Term } from './filter.ts'
import { parseSpanOfTime } from './span-of-time.ts'
import type { Cell, Column, Display, Table } from './table.ts'

/** A filter or sort key that does not exist, whose message names those that do, or a value that no item can be held against. */
export class SelectionError extends Error {
  /** Whether more letters may make it one that can be used, as `age>3` becomes `age>30d`. */
  readonly isBeginning: boolean

  constructor(message: string, isBeginning = false) {
    super(message)
    this.isBeginning = isBeginning
  }
}

const SIZE = /^(\d+(?:\.\d+)?)\s*(b|kb|mb|gb|tb|pb|kib|mib|gib|tib|pib|k|m|g|t|p)?$/i

const FACTORS: Readonly<Record<string, number>> = {
  b: 1,
  k: 1e3,
  kb: 1e3,
  m: 1e6,
  mb: 1e6,
  g: 1e9,
  gb: 1e9,
  t: 1e12,
  tb: 1e12,
  p: 1e15,
  pb: 1e15,
  kib: 2 ** 10,
  mib: 2 ** 20,
  gib: 2 ** 30,
  tib: 2 ** 40,
  pib: 2 ** 50,
}

/** `20G`, `1.5GiB`, `4096`: docker's decimal units, binary ones with an i. Null where it is no size. */
export function parseSize(text: string): number | null {
  const match = SIZE.exec(text.trim())
  if (match === null) return null
  return Math.round(Number(match[1]) * (FACTORS[(match[2] ?? 'b').toLowerCase()] ?? 1))
}

/**
 * Keeps the items that pass every filter: plain words stand in any column, `key=text` asks for a part of a text, a label
 * or an exact flag or number, `size>1GB` and `age>30d` compare. Throws SelectionError for what no item can be held against.
 */
export function filterItems<T>(
  table: Table<T>,
  items: readonly T[],
  filters: readonly string[],
  display: Display,
): readonly T[] {
  const terms = filters.flatMap((filter) => {
    const parsed = parseFilter(filter)
    if (parsed.length === 0)
      throw new SelectionError(`The filter ${JSON.stringify(filter)} asks for nothing.`)
    return parsed
  })
  const textOf = (item: T): string => searchText(table, item, display)
  const tests = terms.map((term) => termTest(table, items, term, display, textOf))
  return items.filter((item) => tests.every((test) => test(item)))
}

/** The text that plain words are looked for in: every column in full, in lower case. */
export function searchText<T>(table: Table<T>, item: T, display: Display): string {
  const full = { ...display, truncate: false }
  const parts = table.columns.flatMap((column) => {
    if (column.searched === false) return []
    const { text, value } = column.cell(item, full)
    return typeof value === 'string' && value !== text ? [text, value] : [text]
  })
  return escapeText(parts.join('\n')).toLowerCase()
}

/** What an item has to pass for one part of a filter. Throws SelectionError where nothing could. */
export function termTest<T>(
  table: Table<T>,
  items: readonly T[],
  term: Term,
  display: Display,
  textOf: (item: T) => string,
): (item: T) => boolean {
  const test = positiveTest(table, items, term, display, textOf)
  return term.isNegated ? (item) => !test(item) : test
}

function positiveTest<T>(
  table: Table<T>,
  items: readonly T[],
  term: Term,
  display: Display,
  textOf: (item: T) => string,
): (item: T) => boolean {
  if (term.kind === 'word') {
    const flag = flagNamed(table, term)
    if (flag !== undefined) return (item) => flag.cell(item, display).value === true
    return (item) => textOf(item).includes(term.text)
  }
  const { source, operator, wanted } = term
  const column = comparedColumn(table, term.key)
  if (isAge(table, term.key)) return timeTest(column, term, display)
  const { labels } = column
  if (labels !== undefined) {
    if (operator !== '=' && operator !== '!=')
      throw new SelectionError(
        `The filter ${quoted(source)} wants ${column.key}=KEY or ${column.key}=KEY=VALUE.`,
      )
    return (item) => hasLabel(labels(item), wanted) === (operator === '=')
  }
  const isOrder = operator !== '=' && operator !== '!='
  if (column.kind === 'time' && isOrder) return timeTest(column, term, display)
  checkWanted(source, column, firstValue(column, items, display), operator, wanted)
  const bytes = parseSize(wanted)
  return (item) => passes(column.cell(item, display), operator, wanted, bytes)
}

/** The flag that a plain word names, as `unused` does. */
export const flagNamed = <T>(table: Table<T>, term: Term): Column<T> | undefined =>
  term.kind === 'word' && !term.isQuoted
    ? table.columns.find(({ key, kind }) => kind === 'flag' && key === term.text)
    : undefined

/** The column that a comparison is about. Throws SelectionError where there is none. */
export const comparedColumn = <T>(table: Table<T>, key: string): Column<T> =>
  (key === AGE ? ageColumn(table) : undefined) ?? columnOf(table, key, 'filter')

const AGE = 'age'

/** Where a column is named so, its values are compared. */
const isAge = <T>(table: Table<T>, key: string): boolean => key === AGE && ageColumn(table) !== undefined

/** Ages count from the last use where one is kept, else from when a thing was made or last changed. */
function ageColumn<T>(table: Table<T>): Column<T> | undefined {
  const times = table.columns.filter(({ kind }) => kind === 'time')
  return times.find(({ key }) => key === 'last-used') ?? times[0]
}

/** `created>30d` is older than 30 days, `created>2024-01-31` later than that day. */
function timeTest<T>(
  column: Column<T>,
  { source, key, operator, wanted }: Extract<Term, { kind: 'comparison' }>,
  display: Display,
): (item: T) => boolean {
  const span = parseSpanOfTime(wanted)
  const date = span === null && key !== 'age' && /^\d{4}-\d\d/.test(wanted) ? Date.parse(wanted) : Number.NaN
  if ((span === null && Number.isNaN(date)) || operator === '=' || operator === '!=')
    throw new SelectionError(
      `The filter ${quoted(source)} wants a span of time, such as ${key}>30d or ${key}<12h (s, m, h, d, w, mo, y).`,
      wanted === '' || /^\d[\da-z-]*$/.test(wanted),
    )
  return (item) => {
    const { value } = column.cell(item, display)
    const time =
      typeof value === 'string' ? Date.parse(value) : typeof value === 'number' ? value : Number.NaN
    if (Number.isNaN(time)) return false
    return span === null ? isInOrder(time, operator, date) : isInOrder(display.nowMs - time, operator, span)
  }
}

/** As docker's own filter: a key, or a key with its value. */
function hasLabel(labels: Readonly<Record<string, string>>, wanted: string): boolean {
  const equals = wanted.indexOf('=')
  const key = equals === -1 ? wanted : wanted.slice(0, equals)
  return Object.hasOwn(labels, key) && (equals === -1 || labels[key] === wanted.slice(equals + 1))
}

function firstValue<T>(column: Column<T>, items: readonly T[], display: Display): Cell['value'] {
  for (const item of items) {
    const { value } = column.cell(item, display)
    if (value !== null) return value
  }
  return null
}

/** Refuses what no item can be held against: a text for a size, a word for a flag. */
function checkWanted<T>(
  source: string,
  column: Column<T>,
  sample: Cell['value'],
  operator: Operator,
  wanted: string,
): void {
  if (typeof sample === 'number' && parseSize(wanted) === null)
    throw new SelectionError(
      `The filter ${quoted(source)} wants a number or a size such as 1GB.`,
      /^(?:\d[\d.]*[a-z]{0,2})?$/i.test(wanted),
    )
  const isEquality = operator === '=' || operator === '!='
  const isFlag = column.kind === 'flag' || typeof sample === 'boolean'
  if (isFlag && !(isEquality && /^(true|false|null)$/i.test(wanted)))
    throw new SelectionError(
      `The filter ${quoted(source)} wants =true or =false.`,
      isEquality && ['true', 'false', 'null'].some((word) => word.startsWith(wanted.toLowerCase())),
    )
}

const quoted = (text: string): string => JSON.stringify(text)

/** The text of a cell is written when it is asked for: only where it is needed. */
function passes(cell: Cell, operator: Operator, wanted: string, bytes: number | null): boolean {
  const { value } = cell
  if (operator === '!=') return !equals(cell, wanted, bytes)
  if (operator === '=') return equals(cell, wanted, bytes)
  const bound = typeof value === 'number' ? bytes : wanted
  if (value === null || bound === null || typeof value === 'boolean') return false
  return isInOrder(value, operator, bound)
}

function isInOrder(value: string | number, operator: Operator, bound: string | number): boolean {
  switch (operator) {
    case '>':
      return value > bound
    case '<':
      return value < bound
    case '>=':
      return value >= bound
    case '<=':
      return value <= bound
    default:
      return false
  }
}

function equals(cell: Cell, wanted: string, bytes: number | null): boolean {
  const { value } = cell
  if (typeof value === 'boolean' || value === null) return String(value) === wanted.toLowerCase()
  if (typeof value === 'number') return value === bytes || cell.text === wanted
  // A store is asked for by its own name or by the short one that is shown of it.
  const text = wanted.toLowerCase()
  return value.toLowerCase().includes(text) || cell.text.toLowerCase().includes(text)
}

/** Sorts by `key`, `key:asc` or `key:desc`; sizes and counts begin with the largest unless told otherwise. */
export function sortItems<T>(
  table: Table<T>,
  items: readonly T[],
  sort: string | undefined,
  display: Display,
): readonly T[] {
  const wanted = sort ?? table.sort
  if (wanted === undefined) return items
  const [key = '', direction] = wanted.split(':')
  const column = columnOf(table, key, 'sort')
  if (direction !== undefined && direction !== 'asc' && direction !== 'desc')
    throw new SelectionError(`The order of ${JSON.stringify(wanted)} is neither asc nor desc.`)
  const known: { readonly item: T; readonly value: string | number | boolean }[] = []
  const unknown: T[] = []
  for (const item of items) {
    const { value } = column.cell(item, display)
    if (value === null) unknown.push(item)
    else known.push({ item, value })
  }
  const descending =
    direction === undefined ? known.some(({ value }) => typeof value === 'number') : direction === 'desc'
  const sign = descending ? -1 : 1
  known.sort((a, b) => (a.value === b.value ? 0 : a.value < b.value ? -sign : sign))
  // What is unknown comes last, whichever way round.
  return [...known.map(({ item }) => item), ...unknown]
}

/** A column by its key, else by what stands above it on screen or in print: `USED BY` is `used-by`. */
function columnOf<T>(table: Table<T>, key: string, what: 'filter' | 'sort'): Column<T> {
  const wanted = key.toLowerCase()
  const column =
    table.columns.find((candidate) => candidate.key === wanted) ??
    table.columns.find(({ names = [] }) => names.includes(wanted)) ??
    table.columns.find(({ title }) => title.toLowerCase().replaceAll(' ', '-') === wanted)
  if (column !== undefined) return column
  const keys = table.columns.map((known) => known.key)
  const ages = what === 'filter' && ageColumn(table) !== undefined ? [AGE] : []
  throw new SelectionError(
    `There is no ${what} ${JSON.stringify(key)} here; there are ${[...keys, ...ages].join(', ')}.`,
  )
}
