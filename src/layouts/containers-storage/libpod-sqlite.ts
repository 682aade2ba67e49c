import { record } from '../../formats/fields.ts'
import type { SqliteFile } from '../../formats/sqlite.ts'
import type { SqliteRow } from '../../formats/sqlite-schema.ts'
import type { Source } from '../source.ts'
import { readSqliteDatabase } from '../sqlite-database.ts'
import { LIBPOD_HOLDS, type LibpodContainer, type LibpodState, parseLibpodJson } from './libpod.ts'
import { SQLITE_STATE } from './places.ts'

/** Reads the state as podman begins it from 4.8 on (libpod/sqlite_state_internal.go, v5.4). */
export function readSqliteState(source: Source): LibpodState | null {
  const database = readSqliteDatabase(source, SQLITE_STATE, LIBPOD_HOLDS)
  if (database === null) return null
  const { file } = database
  const states = keyed(file, 'ContainerState', 'ID')
  const containers = new Map(
    [...keyed(file, 'ContainerConfig', 'ID')].map(([id, row]): [string, LibpodContainer] => {
      const config = jsonOf(row)
      // The networks of a container are no table of their own here.
      const networks = Object.keys(record(config, 'newNetworks'))
      return [id, { config, state: jsonOf(states.get(id)), networks }]
    }),
  )
  const volumes = new Map([...keyed(file, 'VolumeConfig', 'Name')].map(([name, row]) => [name, jsonOf(row)]))
  const driver = file.rows('DBConfig')[0]?.get('GraphDriver')
  database.reportDamage()
  return {
    path: SQLITE_STATE,
    containers,
    volumes,
    driver: typeof driver === 'string' && driver !== '' ? driver : null,
    whole: file.damage.length === 0,
  }
}

function keyed(file: SqliteFile, table: string, column: string): Map<string, SqliteRow> {
  return new Map(
    file.rows(table).flatMap((row): [string, SqliteRow][] => {
      const key = row.get(column)
      return typeof key === 'string' ? [[key, row]] : []
    }),
  )
}

function jsonOf(row: SqliteRow | undefined) {
  const json = row?.get('JSON')
  return parseLibpodJson(typeof json === 'string' ? json : Buffer.isBuffer(json) ? json.toString('utf8') : '')
}
