import type { SqliteValue } from './sqlite-record.ts'

/** A row by the names of its columns; columns that were added after it was written are absent. */
export type SqliteRow = ReadonlyMap<string, SqliteValue>

/** A column of a table. */
export interface Column {
  readonly name: string
  /** Its value is the row's id, and the row itself holds a null. */
  readonly isRowId: boolean
}

/** The table of tables names its own columns nowhere. */
export const SCHEMA_COLUMNS: readonly Column[] = ['type', 'name', 'tbl_name', 'rootpage', 'sql'].map(
  (name) => ({
    name,
    isRowId: false,
  }),
)

/** Gives the values of a row the names of their columns. */
export const nameColumns = (
  columns: readonly Column[],
  values: readonly SqliteValue[],
  rowId: number,
): SqliteRow =>
  new Map(
    columns.flatMap(({ name, isRowId }, index): [string, SqliteValue][] => {
      const value = values[index]
      return value === undefined ? [] : [[name, isRowId && value === null ? rowId : value]]
    }),
  )

/** The columns that a CREATE TABLE statement names; constraints of the whole table come behind them. */
export function columnsOf(sql: string): Column[] {
  const body = sql.slice(sql.indexOf('(') + 1, sql.lastIndexOf(')'))
  return splitAtCommas(body)
    .map((part) => part.trim())
    .filter((part) => !/^(constraint|primary|unique|check|foreign)\b/i.test(part))
    .map((part) => ({
      name: /^(?:"([^"]*)"|`([^`]*)`|\[([^\]]*)\]|(\S+))/.exec(part)?.slice(1).find(Boolean) ?? '',
      isRowId: /\binteger\s+primary\s+key\b/i.test(part),
    }))
}

/** Splits at the commas that stand in no parentheses. */
function splitAtCommas(text: string): string[] {
  const parts: string[] = []
  let depth = 0
  let start = 0
  for (let at = 0; at < text.length; at++) {
    if (text[at] === '(') depth++
    else if (text[at] === ')') depth--
    else if (text[at] === ',' && depth === 0) {
      parts.push(text.slice(start, at))
      start = at + 1
    }
  }
  return [...parts, text.slice(start)]
}
