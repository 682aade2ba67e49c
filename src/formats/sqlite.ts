/*
 * SQLite 3 databases, read from copies in memory: no lock, no write, no trust in what the file says of itself.
 * The format is that of the document "Database File Format" of SQLite.
 */

import { isJournal, readJournal } from './sqlite-journal.ts'
import { fileHeaderLength, SqlitePages } from './sqlite-pages.ts'
import { decodeRecord, type TextEncoding } from './sqlite-record.ts'
import { type Column, columnsOf, nameColumns, SCHEMA_COLUMNS, type SqliteRow } from './sqlite-schema.ts'
import { readWal } from './sqlite-wal.ts'

const magic = Buffer.from('SQLite format 3\0')
const header = { pageSize: 16, reserved: 20, encoding: 56 }
const schemaRoot = 1
const readAttempts = 8

/** The database file and what may stand beside it; each as it was at about the same moment. */
export interface SqliteParts {
  readonly database: Buffer
  /** The write-ahead log, `-wal`; null where there is none. */
  readonly wal: Buffer | null
  /** The rollback journal, `-journal`: there while a transaction runs, or after one that came to a sudden end. */
  readonly journal: Buffer | null
}

/** A part that could not be read: the table, the page that is to blame, and why. */
export interface SqliteDamage {
  readonly table: string
  readonly page: number
  readonly reason: string
}

export interface SqliteFile {
  readonly tables: ReadonlySet<string>
  /** All rows of a table that can be read; none where there is no such table. */
  rows(table: string): SqliteRow[]
  /** Grows as tables are read. */
  readonly damage: readonly SqliteDamage[]
  /** Whether a transaction that did not end was taken back. */
  readonly rolledBack: boolean
}

/** Says why nothing of a file can be read; the message is one sentence without a full stop. */
export class SqliteError extends Error {
  override readonly name = 'SqliteError'
}

/** Opens a database held in memory; throws SqliteError where it is none, or its first page is no table of tables. */
export function openSqlite({ database, wal, journal }: SqliteParts): SqliteFile {
  const pageSize = pageSizeOf(database)
  const rollback = journal === null ? null : readJournal(journal, pageSize)
  const overlay = rollback ?? (wal === null ? null : readWal(wal, pageSize))
  // The first page may be one that the log or the journal holds.
  const first = overlay?.pages.get(schemaRoot) ?? database
  const encoding = encodings[first.readUInt32BE(header.encoding)] ?? 'utf8'
  const pages = new SqlitePages(database, pageSize, first[header.reserved] ?? 0, overlay)

  const damage: SqliteDamage[] = []
  const seen = new Set<string>()
  const read = (table: string, root: number, columns: readonly Column[]): SqliteRow[] => {
    const report = (page: number, reason: string): void => {
      const key = `${table}\0${page}\0${reason}`
      if (!seen.has(key)) damage.push({ table, page, reason })
      seen.add(key)
    }
    return [...pages.rows(root, report)].flatMap((row): SqliteRow[] => {
      const values = decodeRecord(row.payload, encoding)
      if (typeof values !== 'string') return [nameColumns(columns, values, row.rowId)]
      report(row.page, values)
      return []
    })
  }

  const schema = new Map<string, { root: number; columns: readonly Column[] }>()
  for (const row of read('sqlite_schema', schemaRoot, SCHEMA_COLUMNS)) {
    const [type, name, root, sql] = ['type', 'name', 'rootpage', 'sql'].map((column) => row.get(column))
    if (type !== 'table' || typeof name !== 'string' || typeof sql !== 'string') continue
    if (typeof root === 'number' && root > 0 && !schema.has(name))
      schema.set(name, { root, columns: columnsOf(sql) })
  }
  if (schema.size === 0 && damage[0] !== undefined)
    throw new SqliteError(`its list of tables is damaged: ${damage[0].reason}`)
  return {
    tables: new Set(schema.keys()),
    rows(table) {
      const found = schema.get(table)
      return found === undefined ? [] : read(table, found.root, found.columns)
    },
    damage,
    rolledBack: rollback !== null,
  }
}

/**
 * Reads a database that an engine may be writing, without a lock. `readParts` reads the files, those beside the database
 * first; `readAgain` reads what tells whether they are the same still: the same files beside it, and the database's first
 * bytes. Throws what `openSqlite` throws.
 *
 * A transaction writes to the database only while its journal is there and ends by counting up a number in the first
 * page; with a write-ahead log it only appends to that. So what was read is one state if nothing of this has changed.
 * A journal that stays is that of a transaction that will never end: it is taken back.
 */
export function readSqliteFile(
  readParts: () => SqliteParts,
  readAgain: () => SqliteParts,
): { file: SqliteFile; consistent: boolean } {
  for (let attempt = 1; ; attempt++) {
    const before = readParts()
    const after = readAgain()
    const consistent =
      isSame(before.wal, after.wal) &&
      isSame(before.journal, after.journal) &&
      isSame(before.database.subarray(0, fileHeaderLength), after.database.subarray(0, fileHeaderLength))
    const isSettled = consistent && (before.journal === null || !isJournal(before.journal))
    if (isSettled || attempt === readAttempts) return { file: openSqlite(before), consistent }
  }
}

const isSame = (a: Buffer | null, b: Buffer | null): boolean =>
  a === null || b === null ? a === b : a.equals(b)

const encodings: readonly (TextEncoding | undefined)[] = [undefined, 'utf8', 'utf16le', 'utf16be']

function pageSizeOf(database: Buffer): number {
  if (database.length === 0) throw new SqliteError('the file is empty')
  if (!database.subarray(0, magic.length).equals(magic))
    throw new SqliteError(
      database.every((byte) => byte === 0)
        ? 'the file holds only NUL bytes'
        : 'the file is not an SQLite database',
    )
  if (database.length < fileHeaderLength) throw new SqliteError('the file is cut off in its first page')
  const stated = database.readUInt16BE(header.pageSize)
  const pageSize = stated === 1 ? 65536 : stated
  if (pageSize < 512 || (pageSize & (pageSize - 1)) !== 0)
    throw new SqliteError(`a page of ${pageSize} bytes cannot be`)
  return pageSize
}
