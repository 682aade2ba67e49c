import { createHash } from 'node:crypto'
import { mkdirSync, writeFileSync } from 'node:fs'
import { dirname, join } from 'node:path'
import {
  containerdPlaces,
  snapshotDirectory,
  snapshotFiles,
  snapshotterPath,
} from '../../src/layouts/containerd/places.ts'
import type { SnapshotKind } from '../../src/layouts/containerd/snapshotter-kinds.ts'
import { type BucketSpec, writeBolt } from './bolt-writer.ts'

export interface SnapshotSpec {
  readonly parent?: string
  readonly kind?: SnapshotKind
  readonly files?: Readonly<Record<string, number>>
  readonly usage?: number
  readonly labels?: Labels
}

export interface LeaseSpec {
  readonly labels?: Labels
  readonly content?: readonly string[]
  readonly snapshots?: readonly string[]
}

type Labels = Readonly<Record<string, string>>

export interface NamespaceSpec {
  readonly images?: Readonly<Record<string, string>>
  /** Image → its labels. */
  readonly imageLabels?: Readonly<Record<string, Labels>>
  /** Digest → labels; every blob of the content store unless given. */
  readonly blobs?: Readonly<Record<string, Labels>>
  readonly snapshots?: Readonly<Record<string, SnapshotSpec>>
  readonly leases?: Readonly<Record<string, LeaseSpec>>
  /** Container → its snapshot. */
  readonly containers?: Readonly<Record<string, string>>
}

export interface ContainerdSpec {
  readonly content?: ReadonlyMap<string, Buffer>
  readonly namespaces: Readonly<Record<string, NamespaceSpec>>
  /** The version of the database; 4 is that of containerd 2. */
  readonly version?: number
  /** overlayfs unless given. */
  readonly snapshotter?: string
}

/** The content of a store while it is being made up: gives digests for bytes. */
export class ContentSpec extends Map<string, Buffer> {
  /** What each blob refers to, as containerd writes it beside the blob when an image is unpacked. */
  readonly labels: Record<string, Labels> = {}

  put(value: string | object): string {
    const bytes = Buffer.from(typeof value === 'string' ? value : JSON.stringify(value))
    const digest = digestOf(bytes)
    this.set(digest, bytes)
    return digest
  }

  /** An image of layers, each a text; gives its manifest, the blobs of it and the chain ID of its top layer. */
  image(
    texts: readonly string[],
    labels: Labels = {},
    os = 'linux',
  ): { target: string; config: string; blobs: string[]; chain: string[] } {
    const layers = texts.map((text) => this.put(`compressed ${text}`))
    const diffIds = texts.map((text) => digestOf(text))
    const config = this.put({
      architecture: 'amd64',
      os,
      ...(Object.keys(labels).length === 0 ? {} : { config: { Labels: labels } }),
      rootfs: { type: 'layers', diff_ids: diffIds },
    })
    const target = this.put({
      schemaVersion: 2,
      config: { digest: config },
      layers: layers.map((digest) => ({ digest })),
    })
    const blobs = [target, config, ...layers]
    const chain = chainIds(diffIds)
    for (const digest of blobs) this.labels[digest] ??= {}
    this.labels[target] = referring([config, ...layers])
    this.labels[config] = { 'containerd.io/gc.ref.snapshot.overlayfs': chain.at(-1) ?? '' }
    return { target, config, blobs, chain }
  }

  /** An index of images and of attestations about them; a manifest may stand in it twice. */
  index(targets: readonly string[], attestations: readonly string[] = []): string {
    const manifests = [
      ...targets.map((digest) => ({ digest })),
      ...attestations.map((digest) => ({
        digest,
        annotations: { 'vnd.docker.reference.type': 'attestation-manifest' },
      })),
    ]
    const index = this.put({ schemaVersion: 2, manifests })
    this.labels[index] = referring([...targets, ...attestations])
    return index
  }
}

const referring = (digests: readonly string[]): Labels =>
  Object.fromEntries(
    digests.map((digest, index) => [`containerd.io/gc.ref.content.${index}`, digest] as const),
  )

export const digestOf = (bytes: string | Buffer): string =>
  `sha256:${createHash('sha256').update(bytes).digest('hex')}`

function chainIds(diffIds: readonly string[]): string[] {
  const chain: string[] = []
  for (const diffId of diffIds) {
    const below = chain.at(-1)
    chain.push(below === undefined ? diffId : digestOf(`${below} ${diffId}`))
  }
  return chain
}

/** Writes the state of a containerd below `base` of a root, as far as a reader at rest looks at it. */
export function writeContainerd(
  root: string,
  base: string,
  { content, namespaces, version = 4, snapshotter = 'overlayfs' }: ContainerdSpec,
): void {
  const places = containerdPlaces(base)
  const put = (path: string, bytes: Buffer): void => {
    mkdirSync(dirname(join(root, path)), { recursive: true })
    writeFileSync(join(root, path), bytes)
  }
  for (const [digest, bytes] of content ?? []) put(`${places.content}/sha256/${digest.slice(7)}`, bytes)
  const data = new Map<string, BucketSpec>()
  const home = snapshotterPath(base, snapshotter)
  const rows: [string, BucketSpec][] = []
  for (const [name, spec] of Object.entries(namespaces)) {
    const names = new Map(
      Object.keys(spec.snapshots ?? {}).map((key, index) => [key, `${name}/${data.size + index + 1}/${key}`]),
    )
    for (const [key, snapshot] of Object.entries(spec.snapshots ?? {})) {
      const id = data.size + 1
      data.set(names.get(key) ?? key, snapshotRow(id, snapshot, names))
      const files = snapshotFiles(snapshotter, snapshotDirectory(home, id, snapshot.kind ?? 'committed'))
      if (files === null) continue
      mkdirSync(join(root, files), { recursive: true })
      for (const [file, bytes] of Object.entries(snapshot.files ?? {}))
        put(`${files}/${file}`, Buffer.alloc(bytes, 'x'))
    }
    rows.push([name, namespaceRow(spec, snapshotter, names, content ?? new Map())])
  }
  put(places.meta, writeBolt(bucket([['v1', bucket([...rows, ['version', varint(version)]])]])))
  put(`${home}/metadata.db`, writeBolt(bucket([['v1', bucket([['snapshots', bucket([...data])]])]])))
}

/** Writes BuildKit's records of a worker; a value is what stands in its field `value`. */
export function writeCacheRecords(
  root: string,
  path: string,
  records: Readonly<Record<string, Readonly<Record<string, unknown>>>>,
): void {
  const rows = Object.entries(records).map(([id, fields]): [string, BucketSpec] => [
    id,
    bucket(Object.entries(fields).map(([key, value]) => [key, JSON.stringify({ value })])),
  ])
  mkdirSync(dirname(join(root, path)), { recursive: true })
  writeFileSync(join(root, path), writeBolt(bucket([['_main', bucket(rows)]])))
}

const KINDS = { view: 1, active: 2, committed: 3 } as const

function snapshotRow(id: number, spec: SnapshotSpec, names: ReadonlyMap<string, string>): BucketSpec {
  const { parent, kind = 'committed', usage = 4096 } = spec
  return bucket([
    ['id', Buffer.from(uvarint(id))],
    ['kind', Buffer.from([KINDS[kind]])],
    ...(parent === undefined ? [] : [['parent', names.get(parent) ?? parent] as const]),
    ...(kind === 'committed' ? [['size', varint(usage)] as const] : []),
  ])
}

function namespaceRow(
  { images = {}, imageLabels = {}, blobs, snapshots = {}, leases = {}, containers = {} }: NamespaceSpec,
  snapshotter: string,
  names: ReadonlyMap<string, string>,
  content: ReadonlyMap<string, Buffer>,
): BucketSpec {
  const known = blobs ?? Object.fromEntries([...content.keys()].map((digest) => [digest, {}]))
  return bucket([
    ...part('images', images, (target, name) => [
      ['target', bucket([['digest', target]])],
      ...labelled(imageLabels[name] ?? {}),
    ]),
    [
      'content',
      bucket(
        part('blob', known, (labels, digest) => [
          ['size', varint(content.get(digest)?.length ?? 0)],
          ...labelled(labels),
        ]),
      ),
    ],
    [
      'snapshots',
      bucket(
        part(snapshotter, snapshots, ({ parent, labels }, key) => [
          ['name', names.get(key) ?? key],
          ...labelled(labels ?? {}),
          ...(parent === undefined ? [] : [['parent', parent] as const]),
        ]),
      ),
    ],
    ...part('leases', leases, ({ labels, content: digests, snapshots: keys }) => [
      ...labelled(labels ?? {}),
      ['content', keysOnly(digests ?? [])],
      ['snapshots', bucket([[snapshotter, keysOnly(keys ?? [])]])],
    ]),
    ...part('containers', containers, (key) => [
      ['snapshotter', snapshotter],
      ['snapshotKey', key],
    ]),
  ])
}

type Entries = BucketSpec['entries']

const bucket = (entries: Entries): BucketSpec => ({ entries })

const part = <T>(
  name: string,
  items: Readonly<Record<string, T>>,
  row: (item: T, key: string) => Entries,
): Entries => [[name, bucket(Object.entries(items).map(([key, item]) => [key, bucket(row(item, key))]))]]

const labelled = (labels: Labels): Entries =>
  Object.keys(labels).length === 0 ? [] : [['labels', bucket(Object.entries(labels))]]

const keysOnly = (keys: readonly string[]): BucketSpec => bucket(keys.map((key) => [key, '']))

/** Signed varints are zig-zag coded. */
const varint = (value: number): Buffer => Buffer.from(uvarint(value * 2))

function uvarint(value: number): number[] {
  return value < 128 ? [value] : [(value % 128) | 128, ...uvarint(Math.floor(value / 128))]
}
