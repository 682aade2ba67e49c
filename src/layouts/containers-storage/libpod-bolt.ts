import type { BoltBucket } from '../../formats/bolt.ts'
import type { JsonObject } from '../../formats/fields.ts'
import { readDatabase, walkAll } from '../database.ts'
import type { Source } from '../source.ts'
import { LIBPOD_HOLDS, type LibpodState, parseLibpodJson } from './libpod.ts'
import { BOLT_STATE } from './places.ts'

/** Reads the state as podman up to 4.7 begins it, and later versions go on with it. */
export function readBoltState(source: Source): LibpodState | null {
  const database = readDatabase(source, BOLT_STATE, LIBPOD_HOLDS)
  if (database === null) return null
  const { root } = database.file
  const volumes = new Map(
    buckets(root.bucket('vol')).map(([name, bucket]) => [name, jsonAt(bucket, 'config')]),
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
  const whole = database.file.damage.length === 0 && !database.file.usedOlderMeta
  walkAll(root)
  database.reportDamage()
  return { path: BOLT_STATE, containers, volumes, driver, whole }
}

const buckets = (bucket: BoltBucket | null): [string, BoltBucket][] =>
  [...(bucket?.entries() ?? [])].flatMap(({ key, bucket: inner }): [string, BoltBucket][] =>
    inner === null ? [] : [[key.toString('utf8'), inner]],
  )

const keys = (bucket: BoltBucket | null): string[] =>
  [...(bucket?.entries() ?? [])].map(({ key }) => key.toString('utf8'))

const jsonAt = (bucket: BoltBucket, key: string): JsonObject =>
  parseLibpodJson(bucket.get(key)?.toString('utf8') ?? '')
