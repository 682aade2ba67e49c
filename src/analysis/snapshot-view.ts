import type { Image } from '../model/model.ts'
import type { Catalog, StoreCatalog } from './catalog.ts'
import { type EngineRow, writableBytes } from './engine-view.ts'
import { chainBytes, engineImageBytes, listedImages, sharedBytes } from './images.ts'
import { snapshotUsage } from './snapshot-usage.ts'
import { reclaimableBytes, type SummaryRules, sharedBlobs } from './summary-rules.ts'
import { less, sumOf } from './sums.ts'

/**
 * The images row of `docker system df` where containerd holds the images. Up to 28.1 the snapshots of the namespace, those
 * of containers and of the build cache included; from 28.2 on the distinct blobs of all images too; from 29.6 on of the
 * snapshots those of images alone.
 */
export function snapshotImageRow(
  catalog: Catalog,
  at: StoreCatalog,
  counts: ReadonlyMap<string, number>,
  rules: SummaryRules,
): EngineRow {
  const listed = listedImages(at)
  const active = new Set(listed.filter((image) => (at.containersOfImage.get(image.id)?.length ?? 0) > 0))
  const size = sumOf([
    at.rowsKnown ? 0 : null,
    rules.inContainerd === 'snapshots-of-images-and-blobs'
      ? imageSnapshotBytes(at)
      : allSnapshotBytes(catalog, at),
    rules.inContainerd === 'snapshots' ? 0 : bytesOfBlobs(catalog, at, blobsOf([...at.images.values()])),
  ])
  const shared = rules.sharesBlobs ? sharedBlobs(listed) : new Set<string>()
  const lengths = new Map(catalog.model.blobs.map(({ digest, recordedBytes }) => [digest, recordedBytes]))
  const bytesOfShared = (image: Image): number | null =>
    sumOf([...blobsOf([image])].map((each) => (shared.has(each) ? (lengths.get(each) ?? null) : 0)))
  const alone = (image: Image): number | null =>
    less(
      engineImageBytes(at, image, rules),
      sumOf([sharedBytes(at, image, counts, rules), bytesOfShared(image)]),
    )
  // Of an image of no platform the containers are -1: that makes none active, and is not none (seen of 28.5).
  const notUnused = new Set([...active, ...listed.filter(({ isArtifact }) => isArtifact === true)])
  return {
    total: listed.length,
    active: active.size,
    size,
    reclaimable: reclaimableBytes({ size, listed, active: notUnused, alone }, rules),
  }
}

const allSnapshotBytes = (catalog: Catalog, at: StoreCatalog): number | null =>
  sumOf([layerBytes(catalog, at), containerSnapshotBytes(catalog, at), cacheSnapshotBytes(catalog, at)])

/** The chains of the manifests that are unpacked to their top. */
function imageSnapshotBytes(at: StoreCatalog): number | null {
  const chains = [...at.images.values()].flatMap(({ manifests = [] }) =>
    manifests.filter(
      ({ isAttestation, layers, layerBlobs }) => !isAttestation && layers.length === layerBlobs.length,
    ),
  )
  const reached = new Set(chains.flatMap(({ layers }) => layers))
  return chainBytes(at, [...reached])
}

const layerBytes = (catalog: Catalog, at: StoreCatalog): number | null =>
  sumOf(
    [...at.layers.values()].map(
      ({ recordedBytes, path }) =>
        recordedBytes ?? (path === null ? null : snapshotUsage(catalog, at.store, path)),
    ),
  )

/** The blocks of what containers wrote and of their mount points: counted at the moment of asking. */
function containerSnapshotBytes(catalog: Catalog, at: StoreCatalog): number | null {
  const containers = catalog.model.containers.filter((container) => container.store === at.store.id)
  return sumOf(
    containers.flatMap((container) => [
      writableBytes(catalog, container),
      container.initId === null ? 0 : snapshotUsage(catalog, at.store, container.initPath),
    ]),
  )
}

/** The snapshots that belong to the build cache: what is still written to is counted at the moment of asking. */
const cacheSnapshotBytes = (catalog: Catalog, at: StoreCatalog): number | null =>
  sumOf(
    catalog.model.cacheRecords.map(({ store, layer, path, snapshotBytes }) =>
      store !== at.store.id || layer !== null ? 0 : (snapshotBytes ?? snapshotUsage(catalog, at.store, path)),
    ),
  )

const blobsOf = (images: readonly Image[]): Set<string> => new Set(images.flatMap(({ blobs }) => blobs ?? []))

const bytesOfBlobs = (catalog: Catalog, at: StoreCatalog, digests: ReadonlySet<string>): number | null =>
  sumOf(
    catalog.model.blobs
      .filter(({ root, digest }) => root === at.store.root && digests.has(digest))
      .map(({ recordedBytes }) => recordedBytes),
  )
