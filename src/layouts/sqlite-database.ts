import { readSqliteFile, SqliteError, type SqliteFile, type SqliteParts } from '../formats/sqlite.ts'
import { TreeError } from '../tree/tree.ts'
import { DATABASE_LIMIT_BYTES, type Source } from './source.ts'

/** The file's own header and more: enough to see whether it has changed. */
const START_BYTES = 512

/**
 * Reads an SQLite database without a lock, as of one transaction. Null where it is missing or nothing of it can be read;
 * what could not be read is a finding. `holds` says in words what is unknown then.
 */
export function readSqliteDatabase(
  source: Source,
  path: string,
  holds: string,
): { file: SqliteFile; reportDamage(): void } | null {
  const first = source.bytes(path, DATABASE_LIMIT_BYTES)
  if (!first.ok) {
    if (first.code !== 'missing')
      source.reportFailure(first, {
        code: 'database-damaged',
        path,
        message: `The database ${path} ${first.problem}; ${holds} unknown.`,
      })
    return null
  }
  // What lies beside the database is read before it.
  const parts = (database: () => Buffer): SqliteParts => {
    const wal = readBeside(source, `${path}-wal`)
    const journal = readBeside(source, `${path}-journal`)
    return { wal, journal, database: database() }
  }
  try {
    const { file, consistent } = readSqliteFile(
      () => parts(() => source.tree.read(path, DATABASE_LIMIT_BYTES)),
      () => parts(() => source.tree.readStart(path, START_BYTES)),
    )
    if (!consistent)
      source.report({
        code: 'database-inconsistent',
        path,
        message: `The database ${path} was being written all the time while it was read; what is shown of it may mix two states.`,
        hint: 'Scan again when the engine is quiet.',
      })
    // Where an engine is at work, the change goes on, and the state before it is whole.
    if (file.rolledBack && source.isAnyLocked([path]) !== true)
      source.report({
        code: 'database-older-state',
        path,
        message: `A change to the database ${path} is under way, or came to a sudden end; the state before it is shown, which the engine restores when it next opens it.`,
      })
    return { file, reportDamage: () => reportDamage(source, path, holds, file) }
  } catch (error) {
    if (!(error instanceof SqliteError) && !(error instanceof TreeError)) throw error
    source.report({
      code: 'database-damaged',
      path,
      message: `The database ${path} cannot be read: ${error.message}; ${holds} unknown.`,
    })
    return null
  }
}

/** A file beside the database; null where there is none. Throws TreeError. */
function readBeside(source: Source, path: string): Buffer | null {
  try {
    return source.tree.read(path, DATABASE_LIMIT_BYTES)
  } catch (error) {
    if (error instanceof TreeError && error.code === 'missing') return null
    throw error
  }
}

function reportDamage(source: Source, path: string, holds: string, file: SqliteFile): void {
  if (file.damage.length === 0) return
  const places = file.damage
    .slice(0, 3)
    .map(({ table, page, reason }) => `page ${page} of ${table}: ${reason}`)
    .join('; ')
  source.report({
    code: 'database-damaged',
    path,
    message: `Parts of the database ${path} are damaged (${file.damage.length} ${file.damage.length === 1 ? 'place' : 'places'}: ${places}). The rest of it was read; ${holds} incomplete.`,
  })
}
