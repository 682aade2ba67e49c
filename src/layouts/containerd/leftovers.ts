import type { Collector } from '../collector.ts'
import type { Source } from '../source.ts'
import { contentNode, snapshotNode } from './collection.ts'
import type { ContentStore } from './content.ts'
import type { NamespaceRows } from './meta.ts'
import type { ContainerdPlaces } from './places.ts'
import type { NamespaceStore } from './read-containerd.ts'

const PENDING = 'no image, container, lease or label reaches it: containerd removes it at its next collection'

/** Downloads that did not end, and those that a containerd at work may be at. */
export function collectIngests(source: Source, collector: Collector, places: ContainerdPlaces): void {
  const isRunning = source.isAnyLocked([places.meta]) === true
  for (const entry of source.list(places.ingest)) {
    const path = `${places.ingest}/${entry.name}`
    const reference = source.text(`${path}/ref`)
    const what = reference.ok ? ` (${reference.value.trim()})` : ''
    if (isRunning && isYoung(source, path)) {
      push(source, collector, null, path, `a download that has not ended${what}: containerd may be at it`)
      continue
    }
    push(source, collector, null, path, `a download that did not end${what}`)
    source.report({
      code: 'leftover-temporary',
      path,
      message: `${path} is a download that did not end${what}; it goes on when the image is pulled again.`,
    })
  }
}

const HOUR_MS = 3_600_000

/** Whether anything came lately; one that is gone by now has ended. */
function isYoung(source: Source, path: string): boolean {
  const changedMs = (source.stat(`${path}/data`) ?? source.stat(path))?.modifiedMs ?? null
  return changedMs === null || Date.now() - changedMs < HOUR_MS
}

/** Rows that nothing reaches, with their data, and data that no row names. */
export function collectPending(
  source: Source,
  collector: Collector,
  at: {
    content: ContentStore
    stores: readonly NamespaceStore[]
    namespaces: readonly { rows: NamespaceRows; reachable: ReadonlySet<string> }[]
  },
): void {
  const recorded = new Set(at.namespaces.flatMap(({ rows }) => [...rows.blobs.keys()]))
  let blobs = 0
  for (const [digest, path] of at.content.files()) {
    const isHeld = at.namespaces.some(({ reachable }) => reachable.has(contentNode(digest)))
    if (isHeld || !recorded.has(digest)) continue
    blobs++
    push(source, collector, null, path, PENDING)
  }
  const snapshots = pendingSnapshots(source, collector, at)
  if (blobs + snapshots > 0)
    source.report({
      code: 'collection-pending',
      message: `${blobs} blobs and ${snapshots} snapshots of ${source.root} are reached by nothing any more; containerd removes them at its next collection, which a removal of anything sets off.`,
    })
}

function pendingSnapshots(
  source: Source,
  collector: Collector,
  at: {
    stores: readonly NamespaceStore[]
    namespaces: readonly { rows: NamespaceRows; reachable: ReadonlySet<string> }[]
  },
): number {
  let count = 0
  for (const { store, rows, snapshotter } of at.stores) {
    const reachable = at.namespaces.find((each) => each.rows === rows)?.reachable
    for (const [key, { name }] of rows.snapshots.get(snapshotter.name) ?? []) {
      if (reachable?.has(snapshotNode(snapshotter.name, key)) !== false) continue
      count++
      const path = snapshotter.snapshots?.get(name)?.path ?? null
      if (path !== null) push(source, collector, store.id, path, PENDING)
    }
  }
  return count
}

function push(
  source: Source,
  collector: Collector,
  store: string | null,
  path: string,
  reason: string,
): void {
  collector.leftovers.push({ root: source.root, store, kind: 'leftover', path, reason, dataPaths: [] })
}
