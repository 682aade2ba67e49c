import { RootBlobs } from '../../analysis/blobs.ts'
import type { Catalog, StoreCatalog } from '../../analysis/catalog.ts'
import {
  chainBytes,
  engineChainBytes,
  engineImageBytes,
  heldLayers,
  isDangling,
  isIntermediate,
  layerSharing,
  sharedBytes,
} from '../../analysis/images.ts'
import { removedTogether } from '../../analysis/references.ts'
import { isDockersRule, usualRules } from '../../analysis/summary-rules.ts'
import { less } from '../../analysis/sums.ts'
import type { Image } from '../../model/model.ts'
import { evidenceOf } from '../evidence.ts'
import type { ReportImage } from '../schema.ts'
import { byId, labelsOf } from './fields.ts'

/** The stores of a root share its blobs. */
export function* imagesOfStores(catalog: Catalog): Generator<ReportImage> {
  const blobs = new Map<string, RootBlobs>()
  for (const at of catalog.stores) {
    const { root } = at.store
    const shared = blobs.get(root) ?? new RootBlobs(catalog.model, root)
    blobs.set(root, shared)
    yield* imagesOf(catalog, at, shared)
  }
}

function* imagesOf(catalog: Catalog, at: StoreCatalog, blobs: RootBlobs): Generator<ReportImage> {
  const { root } = at.store
  // What a docker of another root keeps here, it counts in its own way.
  const engineRoot = at.store.usedBy ?? root
  const rule = catalog.model.roots.find(({ path }) => path === engineRoot)?.engine.rule ?? '20.10'
  const rules = isDockersRule(rule) ? usualRules(rule) : {}
  const sharing = layerSharing(at, rule, rules)
  const diskOf = (layers: Iterable<string>, blobPaths: readonly string[]): number | null => {
    const directories = [...layers].map((layer) => at.layers.get(layer)?.path ?? null)
    if (!directories.every((directory) => at.holdsAll(directory))) return null
    return catalog.sizes.sum(root, [...directories, ...blobPaths])?.diskBytes ?? null
  }
  for (const image of [...at.images.values()].sort(byId)) {
    const engine = engineImageBytes(at, image, rules)
    const shared =
      rule === 'containerd' ? blobsShared(at, blobs, image) : sharedBytes(at, image, sharing, rules)
    const unique = less(engine, shared)
    const known = image.layersKnown !== false
    const freed = at.holders.freedByRemoving(removedTogether(at, image))
    yield {
      id: image.id,
      store: image.store,
      tags: [...image.tags],
      digests: [...image.digests],
      created: image.created,
      os: image.os,
      architecture: image.architecture,
      layers: [...image.layers],
      blobs: blobs.of(image).map(({ digest, path }) => ({
        digest,
        disk: catalog.sizes.total(root, path)?.diskBytes ?? null,
      })),
      parent: image.parent,
      dangling: isDangling(at, image),
      intermediate: isIntermediate(at, image),
      loaded: image.loaded,
      containers: (at.containersOfImage.get(image.id) ?? []).map((container) => container.id).sort(),
      size: {
        content: known ? chainBytes(at, image.layers) : null,
        disk: known ? diskOf(heldLayers(image), blobs.pathsOf(image)) : null,
        engine,
        shared,
        // Docker with containerd prints less than nothing where platforms share layers; so do we.
        unique: rule === 'containerd' && unique !== null ? Math.max(0, unique) : unique,
        freedIfRemoved: {
          content: at.rowsKnown ? engineChainBytes(at, freed) : null,
          disk: at.rowsKnown ? diskOf(freed, blobs.pathsOfAlone(image)) : null,
        },
      },
      history: image.history.map((step) => ({ ...step })),
      labels: labelsOf(image.labels),
      author: image.author,
      dockerVersion: image.dockerVersion,
      lastUpdated: image.lastUpdated,
      config: {
        entrypoint: [...image.config.entrypoint],
        command: [...image.config.command],
        environment: [...image.config.environment],
        workingDirectory: image.config.workingDirectory,
        user: image.config.user,
      },
      evidence: evidenceOf({ kind: 'image', image, store: at.store }),
    }
  }
}

const blobsShared = (at: StoreCatalog, blobs: RootBlobs, image: Image): number | null =>
  at.rowsKnown ? blobs.sharedBytes(image) : null
