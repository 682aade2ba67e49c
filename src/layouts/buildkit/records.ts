import type { BoltBucket } from '../../formats/bolt.ts'
import { isObject } from '../../formats/fields.ts'
import { parseJsonBounded, rawInteger } from '../../formats/go-json.ts'
import { nanosToRfc3339 } from '../../formats/go-time.ts'

/** One bucket of `_main` in `metadata_v2.db`: a cache record as BuildKit wrote it. */
export interface RecordRow {
  readonly id: string
  readonly deleted: boolean
  /** Set on the immutable twin of a mutable record: the mutable one is listed in its stead. */
  readonly equalMutable: string | null
  readonly parents: readonly string[]
  readonly createdAt: string | null
  readonly lastUsedAt: string | null
  readonly usageCount: number
  readonly description: string
  readonly type: string
  /** Bytes; null where BuildKit has not computed it yet. */
  readonly size: number | null
  readonly committed: boolean
  readonly snapshotKey: string
  /** True where nothing of it is unpacked for it alone. */
  readonly blobOnly: boolean
  /** The digest of its compressed form. */
  readonly blob: string | null
  /** The parents whose compressed layers lie below its own. */
  readonly blobParents: readonly string[]
}

/** Decodes a record bucket; every value is a small JSON object `{"value": …}`, an empty one means unset. */
export function decodeRecord(id: string, bucket: BoltBucket): RecordRow {
  const values = new Map<string, string>()
  for (const { key, value } of bucket.entries())
    if (value !== null && value.length > 0) values.set(key.toString('utf8'), value.toString('utf8'))
  const read = (key: string): unknown => {
    const raw = values.get(key)
    if (raw === undefined) return undefined
    const parsed = parseJsonBounded(raw)
    return parsed.ok && isObject(parsed.value) ? parsed.value['value'] : undefined
  }
  const text = (key: string): string => {
    const value = read(key)
    return typeof value === 'string' ? value : ''
  }
  const number = (key: string): number | null => {
    const value = read(key)
    return typeof value === 'number' && Number.isSafeInteger(value) ? value : null
  }
  // Times are nanoseconds beyond 2^53.
  const time = (key: string): string | null => {
    const raw = values.get(key)
    const nanos = raw === undefined ? null : rawInteger(raw, 'value')
    return nanos === null || nanos <= 0n ? null : nanosToRfc3339(nanos)
  }
  const merged = read('cache.mergeParents')
  const blob = text('cache.blob') || null
  const stacked = [
    text('cache.parent'),
    ...(Array.isArray(merged) ? merged.filter((parent) => typeof parent === 'string') : []),
  ].filter((parent) => parent !== '')
  const [lower, upper] = [text('cache.lowerDiffParent'), text('cache.upperDiffParent')]
  const parents = [...stacked, lower, upper].filter((parent) => parent !== '')
  const size = number('snapshot.size')
  return {
    id,
    deleted: read('cache.deleted') === true,
    equalMutable: text('cache.equalMutable') || null,
    parents,
    createdAt: time('cache.createdAt'),
    lastUsedAt: time('cache.lastUsedAt'),
    usageCount: number('cache.usageCount') ?? 0,
    description: text('cache.description'),
    type: text('cache.recordType') || 'regular',
    size: size === null || size < 0 ? null : size,
    committed: read('snapshot.committed') === true,
    snapshotKey: text('cache.snapshot') || id,
    blobOnly: read('cache.blobonly') === true,
    blob,
    // What differs between two records is compressed by itself, or else is the upper one.
    blobParents: blob === null && upper !== '' ? [...stacked, upper] : stacked,
  }
}
