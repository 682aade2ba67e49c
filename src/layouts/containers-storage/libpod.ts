import type { BoltBucket } from '../../formats/bolt.ts'
import { isObject, type JsonObject } from '../../formats/fields.ts'
import { parseJsonBounded } from '../../formats/go-json.ts'
import { readDatabase } from '../database.ts'
import type { Source } from '../source.ts'
import { BOLT_STATE, SQLITE_STATE } from './places.ts'

/** A container as podman's own database describes it. */
export interface LibpodContainer {
  readonly config: JsonObject
  readonly state: JsonObject
  readonly networks: readonly string[]
}

/** What podman keeps beside the store: its containers and volumes, and the driver that it runs with. */
export interface LibpodState {
  readonly containers: ReadonlyMap<string, LibpodContainer>
  readonly volumes: ReadonlyMap<string, { readonly config: JsonObject; readonly users: readonly string[] }>
  readonly driver: string | null
}

/**
 * Reads podman's state. Null where there is none or it cannot be read; a state in SQLite, as podman 5 writes it, is not
 * read, and a finding says so.
 */
export function readLibpod(source: Source): LibpodState | null {
  const database = readDatabase(source, BOLT_STATE, 'the states of containers and the volumes they use are')
  if (database === null) {
    if (!source.isMissing(SQLITE_STATE)) reportSqlite(source)
    return null
  }
  const { root } = database.file
  const volumes = new Map(
    buckets(root.bucket('vol')).map(([name, bucket]) => [
      name,
      { config: jsonAt(bucket, 'config'), users: keys(bucket.bucket('vol-dependencies')) },
    ]),
  )
  const containers = new Map(
    buckets(root.bucket('ctr')).map(([id, bucket]) => [
      id,
      {
        config: jsonAt(bucket, 'config'),
        state: jsonAt(bucket, 'state'),
        networks: keys(bucket.bucket('networks')),
      },
    ]),
  )
  const driver = root.bucket('runtime-config')?.get('graph-driver-name')?.toString('utf8') ?? null
  database.reportDamage()
  return { containers, volumes, driver }
}

const reportSqlite = (source: Source): void =>
  source.report({
    code: 'container-state-unknown',
    path: SQLITE_STATE,
    message: `Podman keeps the states of its containers and their use of volumes in ${SQLITE_STATE}, an SQLite database, which is not read here: states are unknown, and a volume that no line shows in use may be in use.`,
    hint: 'Ask podman itself (podman ps -a, podman volume ls) before anything is removed.',
  })

const buckets = (bucket: BoltBucket | null): [string, BoltBucket][] =>
  [...(bucket?.entries() ?? [])].flatMap(({ key, bucket: inner }): [string, BoltBucket][] =>
    inner === null ? [] : [[key.toString('utf8'), inner]],
  )

const keys = (bucket: BoltBucket | null): string[] =>
  [...(bucket?.entries() ?? [])].map(({ key }) => key.toString('utf8'))

function jsonAt(bucket: BoltBucket, key: string): JsonObject {
  const parsed = parseJsonBounded(bucket.get(key)?.toString('utf8') ?? '')
  return parsed.ok && isObject(parsed.value) ? parsed.value : {}
}
