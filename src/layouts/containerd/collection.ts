import type { Labels } from '../../model/model.ts'
import type { LeaseRow, NamespaceRows } from './meta.ts'

const CONTENT_REFERENCE = 'containerd.io/gc.ref.content'
const SNAPSHOT_REFERENCE = 'containerd.io/gc.ref.snapshot.'
const IMAGE_REFERENCE = 'containerd.io/gc.ref.image'

/** What a collection would keep of a namespace. */
export interface Reachable {
  readonly blobs: ReadonlySet<string>
  /** `<snapshotter>/<key>` */
  readonly snapshots: ReadonlySet<string>
}

type Node = readonly [kind: 'content' | 'snapshot' | 'image', id: string]

/**
 * What images, containers, leases and labels hold, by the rules of containerd's garbage collector (core/metadata/gc.go):
 * the rest goes at the next collection.
 */
export function findReachable(rows: NamespaceRows, nowMs: number): Reachable {
  const blobs = new Set<string>()
  const snapshots = new Set<string>()
  const images = new Set<string>()
  const byName = new Map(rows.images.map((image) => [image.name, image]))
  const pending = roots(rows, nowMs)
  for (let node = pending.pop(); node !== undefined; node = pending.pop()) {
    const [kind, id] = node
    const seen = kind === 'content' ? blobs : kind === 'snapshot' ? snapshots : images
    if (seen.has(id)) continue
    seen.add(id)
    if (kind === 'image') {
      const image = byName.get(id)
      if (image !== undefined) pending.push(['content', image.target], ...referencesOf(image.labels))
    } else if (kind === 'content') pending.push(...referencesOf(rows.blobs.get(id)?.labels))
    else pending.push(...belowSnapshot(rows, id))
  }
  // What a flat lease holds stays, and nothing below it.
  for (const [kind, id] of flatlyHeld(rows, nowMs)) (kind === 'snapshot' ? snapshots : blobs).add(id)
  return { blobs, snapshots }
}

function roots(rows: NamespaceRows, nowMs: number): Node[] {
  const nodes: Node[] = []
  for (const image of rows.images) if (!isExpired(image.labels, nowMs)) nodes.push(['image', image.name])
  for (const { snapshotter, snapshotKey, labels } of rows.containers) {
    if (snapshotKey !== '') nodes.push(['snapshot', `${snapshotter}/${snapshotKey}`])
    nodes.push(...referencesOf(labels))
  }
  for (const [digest, { labels }] of rows.blobs) if (isRoot(labels, nowMs)) nodes.push(['content', digest])
  for (const [snapshotter, keyed] of rows.snapshots)
    for (const [key, { labels }] of keyed)
      if (isRoot(labels, nowMs)) nodes.push(['snapshot', `${snapshotter}/${key}`])
  for (const lease of rows.leases)
    if (!isExpired(lease.labels, nowMs) && !isFlat(lease)) nodes.push(...heldBy(lease))
  return nodes
}

const isFlat = (lease: LeaseRow): boolean => lease.labels.has('containerd.io/gc.flat')

const flatlyHeld = (rows: NamespaceRows, nowMs: number): Node[] =>
  rows.leases.filter((lease) => isFlat(lease) && !isExpired(lease.labels, nowMs)).flatMap(heldBy)

const heldBy = (lease: LeaseRow): Node[] => [
  ...lease.content.map((digest): Node => ['content', digest]),
  ...lease.images.map((name): Node => ['image', name]),
  ...[...lease.snapshots].flatMap(([snapshotter, keys]) =>
    keys.map((key): Node => ['snapshot', `${snapshotter}/${key}`]),
  ),
]

function belowSnapshot(rows: NamespaceRows, id: string): Node[] {
  const slash = id.indexOf('/')
  const snapshotter = id.slice(0, slash)
  const row = rows.snapshots.get(snapshotter)?.get(id.slice(slash + 1))
  if (row === undefined) return []
  return [
    ...(row.parent === null ? [] : [['snapshot', `${snapshotter}/${row.parent}`] as Node]),
    ...referencesOf(row.labels),
  ]
}

function referencesOf(labels: Labels | undefined): Node[] {
  return [...(labels ?? [])].flatMap(([key, value]): Node[] => {
    if (key.startsWith(SNAPSHOT_REFERENCE))
      return [['snapshot', `${key.slice(SNAPSHOT_REFERENCE.length).split('/')[0]}/${value}`]]
    if (key.startsWith(CONTENT_REFERENCE)) return [['content', value]]
    return key.startsWith(IMAGE_REFERENCE) ? [['image', value]] : []
  })
}

function isExpired(labels: Labels, nowMs: number): boolean {
  const expiry = labels.get('containerd.io/gc.expire')
  return expiry !== undefined && Date.parse(expiry) < nowMs
}

const isRoot = (labels: Labels, nowMs: number): boolean =>
  labels.has('containerd.io/gc.root') || (labels.has('containerd.io/gc.expire') && !isExpired(labels, nowMs))
