import type { CacheRecord, Container, EngineRule, Image, OtherEngine } from '../model/model.ts'
import { cacheRecordBytes } from './cache-bytes.ts'
import type { Catalog, StoreCatalog } from './catalog.ts'
import {
  engineChainBytes,
  engineImageBytes,
  layerSharing,
  layerUseCounts,
  listedImages,
  sharedBytes,
} from './images.ts'
import { missingRecords } from './missing-records.ts'
import { distinctImageRow, podmanContainerBytes, podmanImageRow, podmanVolumeRow } from './podman-view.ts'
import { sharedRecords } from './references.ts'
import { snapshotUsage } from './snapshot-usage.ts'
import { snapshotImageRow } from './snapshot-view.ts'
import { isPodmansRule, reclaimableBytes, type SummaryRules, usualRules } from './summary-rules.ts'
import { less, sumOf } from './sums.ts'
import { unseenParts, withoutUnseen } from './unseen.ts'

/** One row of `docker system df`; null is what needs a measurement that was not made, or what may not be read here. */
export interface EngineRow {
  readonly total: number | null
  readonly active: number | null
  readonly size: number | null
  readonly reclaimable: number | null
}

/** What `docker system df` or `podman system df` prints for a root, by the rule of its engine's version. */
export interface EngineView {
  readonly root: string
  readonly engine: 'docker' | 'podman'
  readonly rule: string
  readonly images: EngineRow
  readonly containers: EngineRow
  readonly volumes: EngineRow
  readonly buildCache: EngineRow
}

/**
 * Computes the engine's own summary of a root; null where no store of it is in use, or its records are missing. `asked` are the rules of another
 * docker than the root shows.
 */
export function engineView(
  catalog: Catalog,
  root: string,
  asked: SummaryRules | null = null,
): EngineView | null {
  const at = catalog.storeInUse(root)
  const rule = catalog.model.roots.find(({ path }) => path === root)?.engine.rule
  // Plain containerd has no such summary.
  if (at === undefined || rule === undefined || rule === 'containerd') return null
  if (missingRecords(catalog.model, at.store) !== null) return null
  const rules = isPodmansRule(rule) ? null : (asked ?? usualRules(rule))
  const rows = {
    images: rules === null ? podmanRow(at, rule) : dockerImageRow(catalog, at, rules),
    containers: containerRow(catalog, root, rule),
    volumes: isPodmansRule(rule) ? podmanVolumeRow(catalog, root) : volumeRow(catalog, root),
    buildCache: buildCacheRow(
      catalog,
      at,
      catalog.model.cacheRecords.filter((record) => record.store === at.store.id),
      rules?.withSharedCache === true,
    ),
  }
  return {
    root,
    engine: rules === null ? 'podman' : 'docker',
    rule: rules?.name ?? rule,
    ...withoutUnseen(rows, unseenParts(catalog.model, root, at.store)),
  }
}

const podmanRow = (at: StoreCatalog, rule: EngineRule | OtherEngine): EngineRow =>
  rule === 'podman' ? podmanImageRow(at) : distinctImageRow(at, layerSharing(at, rule))

function dockerImageRow(catalog: Catalog, at: StoreCatalog, rules: SummaryRules): EngineRow {
  const counts = layerUseCounts(at, rules.rule, rules)
  return at.store.layout === 'containerd'
    ? snapshotImageRow(catalog, at, counts, rules)
    : imageRow(at, counts, rules)
}

/** Containers that the engine lists for an image, in any state. */
const usersOf = (at: StoreCatalog, image: Image): number =>
  at.containersOfImage.get(image.id)?.filter((container) => container.loaded).length ?? 0

/**
 * SIZE: every layer of an image that has a name or no children, once. RECLAIMABLE: that less what only the used
 * images hold; layers that used images share count as reclaimable although they are not.
 */
function imageRow(at: StoreCatalog, counts: ReadonlyMap<string, number>, rules: SummaryRules): EngineRow {
  const listed = listedImages(at)
  const layers = new Set(listed.flatMap((image) => image.layers))
  const size = engineChainBytes(at, [...layers])
  const active = new Set(listed.filter((image) => usersOf(at, image) > 0))
  const alone = (image: Image): number | null =>
    less(engineImageBytes(at, image), sharedBytes(at, image, counts))
  const reclaimable = reclaimableBytes({ size, listed, active, alone }, rules)
  return { total: listed.length, active: active.size, size, reclaimable }
}

function containerRow(catalog: Catalog, root: string, rule: EngineRule | OtherEngine): EngineRow {
  const containers = catalog.model.containers.filter(
    (container) => container.root === root && container.loaded,
  )
  const activeStates = isPodmansRule(rule) ? ['running'] : ['running', 'paused', 'restarting']
  const isActive = (state: string): boolean => activeStates.includes(state)
  let size: number | null = 0
  let reclaimable: number | null = 0
  for (const container of containers) {
    const bytes =
      isPodmansRule(rule) && rule !== 'podman'
        ? podmanContainerBytes(catalog, container)
        : writableBytes(catalog, container)
    size = size === null || bytes === null ? null : size + bytes
    if (!isActive(container.state))
      reclaimable = reclaimable === null || bytes === null ? null : reclaimable + bytes
  }
  const active = containers.filter((container) => isActive(container.state)).length
  return { total: containers.length, active, size, reclaimable }
}

/** SizeRw: the lengths of what the container wrote; null where it was not measured. */
export function writableBytes(
  catalog: Catalog,
  container: Pick<Container, 'root' | 'store' | 'mountId' | 'layerPath' | 'filesElsewhere' | 'isInfra'>,
): number | null {
  if (container.isInfra === true) return 0
  // Podman counts the whole of a directory that lies anywhere on the host (libpod/container_internal.go, rwSize).
  if (container.filesElsewhere === true) return null
  const { root, layerPath, mountId } = container
  const at = catalog.store(container.store)
  if (at?.filesVisible === false) return null
  // A snapshotter counts blocks, not lengths; where its own database cannot be read, nothing is known of the snapshot.
  if (at?.store.layout === 'containerd')
    return mountId === null ? null : snapshotUsage(catalog, at.store, layerPath)
  // Without the record of its writable layer nobody knows where that is.
  if (mountId === null && layerPath === null) return null
  return catalog.sizes.changed(root, layerPath) ?? catalog.sizes.content(root, layerPath)
}

/** Volumes of the local driver without options; others are in no row. */
function volumeRow(catalog: Catalog, root: string): EngineRow {
  const { model, sizes } = catalog
  const volumes = model.volumes.filter(
    (volume) => volume.root === root && volume.driver === 'local' && volume.options === null,
  )
  let size: number | null = 0
  let reclaimable: number | null = 0
  let active = 0
  for (const volume of volumes) {
    const bytes = sizes.content(root, volume.dataPath)
    const used = isListedUse(catalog, root, volume.name)
    if (used) active++
    size = size === null || bytes === null ? null : size + bytes
    if (!used) reclaimable = reclaimable === null || bytes === null ? null : reclaimable + bytes
  }
  return { total: volumes.length, active, size, reclaimable }
}

/** The containers, in any state, that mount a volume. */
export const containersOfVolume = (catalog: Catalog, root: string, name: string): string[] =>
  catalog.model.containers
    .filter((container) => container.root === root && container.volumes.includes(name))
    .map((container) => container.id)

/** Records in use are a matter of a running build: at rest there are none. */
function buildCacheRow(
  catalog: Catalog,
  at: StoreCatalog,
  records: readonly CacheRecord[],
  withShared: boolean,
): EngineRow {
  const shared = sharedRecords(at, records)
  const bytesOf = (some: readonly CacheRecord[]): number | null =>
    at.rowsKnown ? sumOf(some.map((record) => cacheRecordBytes(catalog, record) ?? 0)) : null
  const reclaimable = bytesOf(records.filter(({ id }) => !shared.has(id)))
  const size = withShared ? bytesOf(records) : reclaimable
  return { total: records.length, active: 0, size, reclaimable }
}

/** Whether a container that the engine lists mounts the volume: what it cannot load, it does not count. */
const isListedUse = (catalog: Catalog, root: string, name: string): boolean =>
  catalog.model.containers.some(
    (container) => container.root === root && container.loaded && container.volumes.includes(name),
  )
