import { emptyTally, type Place, type Tally } from '../../model/places.ts'
import { writableBytes } from '../engine-view.ts'
import { addTally } from '../sizes.ts'
import { type Collected, snapshotKeyOf } from './collection.ts'
import type { Ground } from './ground.ts'
import type { OwnedSizes, Parts } from './owned-sizes.ts'
import { recordBytes } from './prune-cache.ts'
import type { State } from './state.ts'

/** What a part of the freed space was for. */
export type FreedKind =
  | 'layers'
  | 'writable layers'
  | 'logs'
  | 'container files'
  | 'volumes'
  | 'build cache'
  | 'compressed layers'
  | 'records'

export interface FreedPart {
  readonly kind: FreedKind
  readonly disk: number
  readonly files: number
}

/** What the disk gets back. `content` is in file lengths; null stands for what was not measured or cannot be seen. */
export interface Freed {
  readonly content: number | null
  readonly disk: number | null
  readonly files: number | null
  readonly parts: readonly FreedPart[]
}

const KIND_OF_PLACE: Partial<Record<Place, FreedKind>> = {
  'layer-files': 'layers',
  'writable-layer': 'writable layers',
  'init-layer': 'writable layers',
  'container-log': 'logs',
  'container-files': 'container files',
  volume: 'volumes',
  'cache-files': 'build cache',
}

/** Sums what everything that went had on the disk: each layer once, with its records and links. */
export function freedSpace(state: State, owned: OwnedSizes, collected: Collected): Freed {
  const { ground } = state
  if (ground.collection !== null) return freedByCollection(state, owned, collected)
  const content = contentBytes(state)
  if (!owned.measured || hidesRemoved(state)) return { content, disk: null, files: null, parts: [] }
  const sums = new Map<FreedKind, Tally>()
  const book = (parts: Parts): void => {
    for (const [place, tally] of parts) addTo(sums, KIND_OF_PLACE[place] ?? 'records', tally)
  }
  const store = ground.at.store.id
  for (const id of state.removedImages) book(owned.partsOf('image', store, id))
  for (const id of state.removedLayers) book(owned.partsOf('layer', store, id))
  for (const id of state.removedContainers) book(owned.partsOf('container', store, id))
  for (const id of state.removedVolumes) book(owned.partsOf('volume', null, id))
  for (const id of state.removedRecords) book(owned.partsOf('cache-record', store, id))
  return { ...inAll(sums), content }
}

function inAll(sums: ReadonlyMap<FreedKind, Tally>): Freed {
  const total = emptyTally()
  for (const tally of sums.values()) addTally(total, tally)
  return {
    content: total.contentBytes,
    disk: total.diskBytes,
    files: total.files,
    parts: [...sums]
      .map(([kind, tally]) => ({ kind, disk: tally.diskBytes, files: tally.files }))
      .filter(({ files }) => files > 0)
      .sort((a, b) => b.disk - a.disk),
  }
}

/** Whether layers are among it whose files the driver shows nobody, or that lie on a file system of their own. */
function hidesRemoved({ ground, removedLayers, removedContainers }: State): boolean {
  const directories = [
    ...[...removedLayers].map((id) => ground.at.layers.get(id)?.path ?? null),
    ...[...removedContainers].map((id) => ground.containers.get(id)?.layerPath ?? null),
  ]
  return directories.some((directory) => !ground.at.holdsAll(directory))
}

/** What docker removes itself, and what containerd's collector takes after it: snapshots and blobs that nothing reaches. */
function freedByCollection(state: State, owned: OwnedSizes, { nodes, directories, blobs }: Collected): Freed {
  const { ground } = state
  const { sizes, model } = ground.catalog
  const home = ground.at.store.root
  const isHidden = (node: string): boolean =>
    node.startsWith('snapshot/') && !ground.at.holdsAll(directories.get(node) ?? null)
  if (!sizes.isMeasured(home) || !owned.measured || [...nodes].some(isHidden))
    return { content: null, disk: null, files: null, parts: [] }
  const sums = new Map<FreedKind, Tally>()
  const bookPath = (kind: FreedKind, path: string): void =>
    addTo(sums, kind, sizes.total(home, path) ?? emptyTally())
  const writable = new Set([...ground.containers.keys()].flatMap((id) => [id, `${id}-init`]))
  for (const [node, path] of directories) {
    const key = snapshotKeyOf(node)
    bookPath(
      writable.has(key) ? 'writable layers' : ground.at.layers.has(key) ? 'layers' : 'build cache',
      path,
    )
  }
  const paths = new Map(
    model.blobs.filter(({ root }) => root === home).map(({ digest, path }) => [digest, path]),
  )
  for (const digest of blobs) {
    const path = paths.get(digest)
    if (path !== undefined) bookPath('compressed layers', path)
  }
  const bookOwn = (parts: Parts): void => {
    for (const [place, tally] of parts)
      if (place !== 'writable-layer' && place !== 'init-layer')
        addTo(sums, KIND_OF_PLACE[place] ?? 'records', tally)
  }
  for (const id of state.removedContainers) bookOwn(owned.partsOf('container', null, id))
  for (const id of state.removedVolumes) bookOwn(owned.partsOf('volume', null, id))
  return inAll(sums)
}

function addTo(sums: Map<FreedKind, Tally>, kind: FreedKind, tally: Tally): void {
  const sum = sums.get(kind) ?? emptyTally()
  addTally(sum, tally)
  sums.set(kind, sum)
}

/** Layers as recorded; writable layers, logs and volumes as measured, so null where they are among it and were not. */
function contentBytes(state: State): number | null {
  const { ground } = state
  let sum: number | null = 0
  const add = (bytes: number | null): void => {
    sum = sum === null || bytes === null ? null : sum + bytes
  }
  for (const id of state.removedLayers) add(ground.at.layers.get(id)?.recordedBytes ?? null)
  for (const id of state.removedRecords) add(ownBytesOfRecord(state, id))
  for (const id of state.removedVolumes)
    add(ground.catalog.sizes.content(ground.root, ground.volumes.get(id)?.path ?? null))
  for (const id of state.removedContainers) add(bytesOfContainer(ground, id))
  return sum
}

function ownBytesOfRecord(state: State, id: string): number {
  const record = state.ground.records.get(id)
  return record === undefined || record.layer !== null ? 0 : recordBytes(state, record)
}

function bytesOfContainer({ catalog, root, containers }: Ground, id: string): number | null {
  const container = containers.get(id)
  if (container === undefined) return 0
  const written = writableBytes(catalog, container)
  const logs = catalog.sizes.sum(
    root,
    container.logs.map(({ path }) => path),
  )
  return written === null || logs === null ? null : written + logs.contentBytes
}
