import type { Holder, Labels, Retention } from '../../model/model.ts'
import type { LeaseRow, NamespaceRows } from './meta.ts'

const CONTENT_REFERENCE = 'containerd.io/gc.ref.content'
const SNAPSHOT_REFERENCE = 'containerd.io/gc.ref.snapshot.'
const IMAGE_REFERENCE = 'containerd.io/gc.ref.image'

export const contentNode = (digest: string): string => `content/${digest}`
export const snapshotNode = (snapshotter: string, key: string): string => `snapshot/${snapshotter}/${key}`
export const imageNode = (name: string): string => `image/${name}`

/**
 * What images, containers, leases and labels of a namespace hold, by the rules of containerd's garbage collector
 * (core/metadata/gc.go); a lease that has expired holds nothing. `schema` is the version of the database.
 */
export function retentionOf(
  rows: NamespaceRows,
  at: Pick<Retention, 'root' | 'base' | 'directories'>,
  { schema, nowMs }: { schema: number | null; nowMs: number },
): Retention {
  const holders = holdersIn(rows, nowMs, expiresImages(schema))
  return { ...at, namespace: rows.name, holders, references: referencesIn(rows) }
}

/** Images expire with containerd 2 alone: 1.6 and 1.7 keep them whatever their label says. */
const expiresImages = (schema: number | null): boolean => schema !== null && schema >= 4

/**
 * The nodes that a collection keeps: the rest goes. `drops` says which holders are gone, and `cuts` which nodes refer to
 * no snapshot any more.
 */
export function reachableNodes(
  { holders, references }: Retention,
  drops: (holder: Holder) => boolean = () => false,
  cuts: (node: string) => boolean = () => false,
): Set<string> {
  const reached = new Set<string>()
  const held = holders.filter((holder) => !drops(holder))
  const gone = new Set(
    holders.filter((holder) => holder.kind === 'image' && drops(holder)).flatMap(({ nodes }) => nodes),
  )
  const pending = held.filter(({ flat }) => !flat).flatMap(({ nodes }) => nodes)
  for (let node = pending.pop(); node !== undefined; node = pending.pop()) {
    if (reached.has(node) || gone.has(node)) continue
    reached.add(node)
    for (const next of references.get(node) ?? [])
      if (!next.startsWith('snapshot/') || node.startsWith('snapshot/') || !cuts(node)) pending.push(next)
  }
  // What is held flatly stays, and nothing below it.
  for (const { flat, nodes } of held) if (flat) for (const node of nodes) reached.add(node)
  return reached
}

function holdersIn(rows: NamespaceRows, nowMs: number, imagesExpire: boolean): Holder[] {
  const holders: Holder[] = []
  const add = (kind: Holder['kind'], id: string, nodes: readonly string[], lease?: LeaseRow): void => {
    holders.push({
      kind,
      id,
      nodes,
      flat: lease?.labels.has('containerd.io/gc.flat') === true,
      temporary: lease?.labels.has('buildkit/lease.temporary') === true,
    })
  }
  for (const { name, labels } of rows.images)
    if (!imagesExpire || !isExpired(labels, nowMs)) add('image', name, [imageNode(name)])
  for (const { id, snapshotter, snapshotKey, labels } of rows.containers)
    add('container', id, [
      ...(snapshotKey === '' ? [] : [snapshotNode(snapshotter, snapshotKey)]),
      ...referencesOf(labels),
    ])
  for (const [digest, { labels }] of rows.blobs)
    if (isRoot(labels)) add('label', digest, [contentNode(digest)])
  for (const [snapshotter, keyed] of rows.snapshots)
    for (const [key, { labels }] of keyed)
      if (isRoot(labels)) add('label', key, [snapshotNode(snapshotter, key)])
  for (const lease of rows.leases)
    if (!isExpired(lease.labels, nowMs)) add('lease', lease.id, heldBy(lease), lease)
  return holders
}

const heldBy = (lease: LeaseRow): string[] => [
  ...lease.content.map(contentNode),
  ...lease.images.map(imageNode),
  ...[...lease.snapshots].flatMap(([snapshotter, keys]) => keys.map((key) => snapshotNode(snapshotter, key))),
]

function referencesIn(rows: NamespaceRows): Map<string, readonly string[]> {
  const references = new Map<string, readonly string[]>()
  for (const { name, target, labels } of rows.images)
    references.set(imageNode(name), [contentNode(target), ...referencesOf(labels)])
  for (const [digest, { labels }] of rows.blobs) {
    const nodes = referencesOf(labels)
    if (nodes.length > 0) references.set(contentNode(digest), nodes)
  }
  for (const [snapshotter, keyed] of rows.snapshots)
    for (const [key, { parent, labels }] of keyed)
      references.set(snapshotNode(snapshotter, key), [
        ...(parent === null ? [] : [snapshotNode(snapshotter, parent)]),
        ...referencesOf(labels),
      ])
  return references
}

function referencesOf(labels: Labels): string[] {
  return [...labels].flatMap(([key, value]): string[] => {
    if (key.startsWith(SNAPSHOT_REFERENCE))
      return [snapshotNode(key.slice(SNAPSHOT_REFERENCE.length).split('/')[0] ?? '', value)]
    if (key.startsWith(CONTENT_REFERENCE)) return [contentNode(value)]
    return key.startsWith(IMAGE_REFERENCE) ? [imageNode(value)] : []
  })
}

function isExpired(labels: Labels, nowMs: number): boolean {
  const expiry = labels.get('containerd.io/gc.expire')
  return expiry !== undefined && Date.parse(expiry) < nowMs
}

/** Only images and leases expire: the label of a blob or a snapshot that says when keeps neither until then. */
const isRoot = (labels: Labels): boolean => labels.has('containerd.io/gc.root')
