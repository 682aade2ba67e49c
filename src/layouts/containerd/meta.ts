import type { BoltBucket, BoltDamage, BoltFile } from '../../formats/bolt.ts'
import { goBinaryTimeToRfc3339 } from '../../formats/go-time.ts'
import { varint } from '../../formats/varint.ts'
import type { Labels } from '../../model/model.ts'

/** A row of `images`: a name that leads to an index or a manifest. */
export interface ImageRow {
  readonly name: string
  readonly target: string
  readonly createdAt: string | null
  readonly updatedAt: string | null
  readonly labels: Labels
}

export interface BlobRow {
  readonly sizeBytes: number | null
  readonly labels: Labels
}

/** A snapshot as the namespace knows it; `name` is its key in the snapshotter's own database. */
export interface SnapshotRow {
  readonly name: string
  readonly parent: string | null
  readonly labels: Labels
}

export interface ContainerRow {
  readonly id: string
  readonly image: string
  readonly snapshotter: string
  readonly snapshotKey: string
  readonly createdAt: string | null
  readonly labels: Labels
  /** The runtime config as an encoded protobuf `Any`. */
  readonly spec: Buffer | null
}

export interface LeaseRow {
  readonly id: string
  readonly labels: Labels
  readonly content: readonly string[]
  readonly images: readonly string[]
  /** Snapshotter → keys. */
  readonly snapshots: ReadonlyMap<string, readonly string[]>
}

/** All rows of one namespace. */
export interface NamespaceRows {
  readonly name: string
  readonly images: readonly ImageRow[]
  readonly blobs: ReadonlyMap<string, BlobRow>
  /** Snapshotter → key → row. */
  readonly snapshots: ReadonlyMap<string, ReadonlyMap<string, SnapshotRow>>
  readonly containers: readonly ContainerRow[]
  readonly leases: readonly LeaseRow[]
  readonly lost: LostRows
}

/** Of which kinds a row may be there that cannot be read, because a page of the database is damaged. */
export interface LostRows {
  readonly images: boolean
  readonly blobs: boolean
  readonly snapshots: boolean
}

/** The version of the layout of `meta.db`: 3 as containerd 1 writes it, 4 as containerd 2 does. */
export function schemaVersion(root: BoltBucket): number | null {
  const bucket = root.bucket('v1')
  return bucket === null ? null : number(bucket, 'version')
}

/** Decodes `meta.db` (schema version 3 of containerd 1.x and 4 of 2.x): one bucket for each namespace. */
export function readNamespaces({ root, damage }: Pick<BoltFile, 'root' | 'damage'>): NamespaceRows[] {
  return children(root.bucket('v1')).map(([name, bucket]) => ({
    name,
    images: children(bucket.bucket('images')).map(([key, row]) => decodeImage(key, row)),
    blobs: new Map(
      children(blobRows(bucket)).map(([digest, row]) => [
        digest,
        { sizeBytes: number(row, 'size'), labels: readLabels(row) },
      ]),
    ),
    snapshots: new Map(
      children(bucket.bucket('snapshots')).map(([snapshotter, rows]) => [
        snapshotter,
        new Map(children(rows).map(([key, row]) => [key, decodeSnapshot(row)])),
      ]),
    ),
    containers: children(bucket.bucket('containers')).map(([id, row]) => decodeContainer(id, row)),
    leases: children(bucket.bucket('leases')).map(([id, row]) => decodeLease(id, row)),
    // What is damaged is known once all of it was read.
    lost: {
      images: isDamaged(damage, ['v1', name, 'images']),
      blobs: isDamaged(damage, ['v1', name, 'content', 'blob']),
      snapshots: isDamaged(damage, ['v1', name, 'snapshots']),
    },
  }))
}

/** Whether a bucket, one that it lies in or one in it lacks anything. */
export const isDamaged = (damage: readonly BoltDamage[], path: readonly string[]): boolean =>
  damage.some(({ bucket }) => bucket.every((name, depth) => depth >= path.length || name === path[depth]))

/** The rows of the blobs of a namespace, by digest. */
export const blobRows = (namespace: BoltBucket | null): BoltBucket | null =>
  namespace?.bucket('content')?.bucket('blob') ?? null

const decodeImage = (name: string, row: BoltBucket): ImageRow => ({
  name,
  target: text(row.bucket('target'), 'digest'),
  createdAt: time(row, 'createdat'),
  updatedAt: time(row, 'updatedat'),
  labels: readLabels(row),
})

const decodeSnapshot = (row: BoltBucket): SnapshotRow => ({
  name: text(row, 'name'),
  parent: text(row, 'parent') || null,
  labels: readLabels(row),
})

const decodeContainer = (id: string, row: BoltBucket): ContainerRow => ({
  id,
  image: text(row, 'image'),
  snapshotter: text(row, 'snapshotter'),
  snapshotKey: text(row, 'snapshotKey'),
  createdAt: time(row, 'createdat'),
  labels: readLabels(row),
  spec: row.get('spec'),
})

const decodeLease = (id: string, row: BoltBucket): LeaseRow => ({
  id,
  labels: readLabels(row),
  content: keys(row.bucket('content')),
  images: keys(row.bucket('images')),
  snapshots: new Map(
    children(row.bucket('snapshots')).map(([snapshotter, rows]) => [snapshotter, keys(rows)]),
  ),
})

/** The sub-buckets of a bucket, by name. */
export const children = (bucket: BoltBucket | null): [string, BoltBucket][] =>
  [...(bucket?.entries() ?? [])].flatMap(({ key, bucket: inner }): [string, BoltBucket][] =>
    inner === null ? [] : [[key.toString('utf8'), inner]],
  )

const keys = (bucket: BoltBucket | null): string[] =>
  [...(bucket?.entries() ?? [])].map(({ key }) => key.toString('utf8'))

export const text = (bucket: BoltBucket | null, key: string): string =>
  bucket?.get(key)?.toString('utf8') ?? ''

function number(bucket: BoltBucket, key: string): number | null {
  const value = bucket.get(key)
  return value === null ? null : varint(value)
}

function time(bucket: BoltBucket, key: string): string | null {
  const value = bucket.get(key)
  return value === null ? null : goBinaryTimeToRfc3339(value)
}

const readLabels = (bucket: BoltBucket): Labels =>
  new Map(
    [...(bucket.bucket('labels')?.entries() ?? [])].flatMap(({ key, value }): [string, string][] =>
      value === null ? [] : [[key.toString('utf8'), value.toString('utf8')]],
    ),
  )
