import { isObject, type JsonObject } from '../../formats/fields.ts'
import { parseJsonBounded } from '../../formats/go-json.ts'
import type { Source } from '../source.ts'
import { readBoltState } from './libpod-bolt.ts'
import { readSqliteState } from './libpod-sqlite.ts'
import { BOLT_STATE, SQLITE_STATE } from './places.ts'

/** A container as podman's own database describes it. */
export interface LibpodContainer {
  readonly config: JsonObject
  readonly state: JsonObject
  readonly networks: readonly string[]
}

/** What podman keeps beside the store: its containers and volumes, and the driver that it runs with. */
export interface LibpodState {
  /** The database that says so, relative to the root. */
  readonly path: string
  readonly containers: ReadonlyMap<string, LibpodContainer>
  /** The configs of the volumes, by name. */
  readonly volumes: ReadonlyMap<string, JsonObject>
  readonly driver: string | null
  /** False where a part of it is damaged: what it does not name may be there. */
  readonly whole: boolean
}

/** For the finding of a database that cannot be read: what is unknown then. */
export const LIBPOD_HOLDS = 'the states of containers and the volumes they use are'

/** The database that podman uses here, relative to the root: of two the one that was written last. */
export function libpodDatabase(source: Source): typeof BOLT_STATE | typeof SQLITE_STATE {
  const written = (path: string): number => source.stat(path)?.modifiedMs ?? 0
  return written(SQLITE_STATE) > written(BOLT_STATE) ? SQLITE_STATE : BOLT_STATE
}

/** Reads podman's state, of whichever version it is. Null where there is none or it cannot be read. */
export function readLibpod(source: Source): LibpodState | null {
  return libpodDatabase(source) === SQLITE_STATE ? readSqliteState(source) : readBoltState(source)
}

/** A config or a state: JSON, as podman writes both into its databases. */
export function parseLibpodJson(content: string): JsonObject {
  const parsed = parseJsonBounded(content)
  return parsed.ok && isObject(parsed.value) ? parsed.value : {}
}
