import type { Cell, Display, Table } from './table.ts'

/** A filter or sort key that does not exist; the message names those that do. */
export class SelectionError extends Error {}

type Operator = '=' | '!=' | '>' | '<' | '>=' | '<='

const FILTER = /^([A-Za-z-]+)\s*(!=|>=|<=|=|>|<)\s*(.*)$/s
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
 * Keeps the items that pass every filter. `key=text` asks for a part of a text or an exact flag or number,
 * `size>1GB` compares. Throws SelectionError for a key that no column has.
 */
export function filterItems<T>(
  table: Table<T>,
  items: readonly T[],
  filters: readonly string[],
  display: Display,
): readonly T[] {
  const tests = filters.map((filter) => {
    const [, key = '', operator = '=', wanted = ''] = FILTER.exec(filter) ?? []
    if (key === '')
      throw new SelectionError(`The filter ${JSON.stringify(filter)} is not of the form key=value.`)
    const column = columnOf(table, key, 'filter')
    checkWanted(
      filter,
      items.map((item) => column.cell(item, display).value),
      operator as Operator,
      wanted,
    )
    return (item: T) => passes(column.cell(item, display), operator as Operator, wanted)
  })
  return items.filter((item) => tests.every((test) => test(item)))
}

/** Refuses what no item can be held against: a text for a size, a word for a flag. */
function checkWanted(
  filter: string,
  values: readonly Cell['value'][],
  operator: Operator,
  wanted: string,
): void {
  const sample = values.find((value) => value !== null)
  if (typeof sample === 'number' && parseSize(wanted) === null)
    throw new SelectionError(`The filter ${JSON.stringify(filter)} wants a number or a size such as 1GB.`)
  const isFlag = operator === '=' || operator === '!='
  if (typeof sample === 'boolean' && !(isFlag && /^(true|false|null)$/i.test(wanted)))
    throw new SelectionError(`The filter ${JSON.stringify(filter)} wants =true or =false.`)
}

function passes({ text, value }: Cell, operator: Operator, wanted: string): boolean {
  if (operator === '!=') return !equals(value, text, wanted)
  if (operator === '=') return equals(value, text, wanted)
  const bound = typeof value === 'number' ? parseSize(wanted) : wanted
  if (value === null || bound === null || typeof value === 'boolean') return false
  switch (operator) {
    case '>':
      return value > bound
    case '<':
      return value < bound
    case '>=':
      return value >= bound
    case '<=':
      return value <= bound
  }
}

function equals(value: Cell['value'], text: string, wanted: string): boolean {
  if (typeof value === 'boolean' || value === null) return String(value) === wanted.toLowerCase()
  if (typeof value === 'number') return value === parseSize(wanted) || text === wanted
  return value.toLowerCase().includes(wanted.toLowerCase())
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
  const keyed = items.map((item) => ({ item, value: column.cell(item, display).value }))
  const descending =
    direction === undefined ? keyed.some(({ value }) => typeof value === 'number') : direction === 'desc'
  const sign = descending ? -1 : 1
  return keyed
    .sort((a, b) => {
      if (a.value === b.value) return 0
      // What is unknown comes last, whichever way round.
      if (a.value === null) return 1
      if (b.value === null) return -1
      return a.value < b.value ? -sign : sign
    })
    .map(({ item }) => item)
}

function columnOf<T>(table: Table<T>, key: string, what: string): Table<T>['columns'][number] {
  const column = table.columns.find((candidate) => candidate.key === key.toLowerCase())
  if (column !== undefined) return column
  throw new SelectionError(
    `There is no ${what} ${JSON.stringify(key)} here; there are ${table.columns.map((known) => known.key).join(', ')}.`,
  )
}
