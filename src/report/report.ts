import { RootBlobs } from '../analysis/blobs.ts'
import { cacheRecordBytes } from '../analysis/cache-bytes.ts'
import type { Catalog, StoreCatalog } from '../analysis/catalog.ts'
import { containersOfVolume, type EngineRow, engineView, writableBytes } from '../analysis/engine-view.ts'
import { derivedFindings } from '../analysis/findings.ts'
import {
  chainBytes,
  engineChainBytes,
  engineImageBytes,
  heldLayers,
  isDangling,
  isIntermediate,
  layerSharing,
  sharedBytes,
} from '../analysis/images.ts'
import { createLedger } from '../analysis/ledger.ts'
import { findOrphans } from '../analysis/orphans/find-orphans.ts'
import type { Orphan, Withheld } from '../analysis/orphans/orphan.ts'
import { layerUsers, removedTogether, sharedRecords } from '../analysis/references.ts'
import { stateDatabaseOf, stateFileOf } from '../analysis/state-database.ts'
import { isDockersRule, type SummaryRules, usualRules } from '../analysis/summary-rules.ts'
import { isComplete, severityOf } from '../model/findings.ts'
import type { Container, Labels, Store } from '../model/model.ts'
import { emptyTally, type Tally } from '../model/places.ts'
import { containerFiles, evidenceOf } from './evidence.ts'
import type {
  Report,
  ReportCacheRecord,
  ReportContainer,
  ReportEngineView,
  ReportFinding,
  ReportImage,
  ReportLayer,
  ReportLedger,
  ReportOrphan,
  ReportSize,
  ReportVolume,
} from './schema.ts'

/** Builds the JSON report: all that was read and derived, in a stable order, ids in full. */
export function createReport(catalog: Catalog, about: { version: string; generatedAt: string }): Report {
  const { model } = catalog
  const orphans = findOrphans(catalog)
  const engineViews = engineViewsOf(catalog)
  return {
    schemaVersion: '1.0',
    tool: { name: 'layerscope', version: about.version },
    generatedAt: about.generatedAt,
    roots: model.roots.map(({ path, kind, fileSystem, engine, engineRunning }) => ({
      path,
      kind,
      engine: { ...engine, running: engineRunning },
      filesystem:
        fileSystem === null
          ? null
          : {
              totalBytes: fileSystem.totalBytes,
              freeBytes: fileSystem.freeBytes,
              availableBytes: fileSystem.availableBytes,
              totalInodes: fileSystem.totalInodes,
              freeInodes: fileSystem.freeInodes,
            },
    })),
    stores: model.stores.map((store) => ({ ...store, usedBy: store.usedBy ?? null })),
    images: imagesOfStores(catalog),
    layers: catalog.stores.flatMap((at) => layersOf(catalog, at)),
    containers: containersOf(catalog),
    volumes: volumesOf(catalog),
    cacheRecords: catalog.stores.flatMap((at) => cacheRecordsOf(catalog, at)),
    orphans: orphans.found.map(orphanOf),
    unjudged: orphans.withheld.map((withheld) => ({ ...withheld })),
    deletedFiles: catalog.surveys.flatMap(({ deletedFiles }) =>
      deletedFiles.map(({ root, path, sizeBytes, diskBytes, processes }) => ({
        root,
        path,
        size: { content: sizeBytes, disk: diskBytes },
        processes: processes.map((process) => ({ ...process })),
      })),
    ),
    engineView: engineViews[0] ?? null,
    engineViews,
    ledger: ledgerOf(catalog, orphans.withheld),
    findings: findingsOf(catalog),
    complete:
      isComplete(model.findings) && catalog.surveys.every((survey) => survey.measurement?.complete !== false),
  }
}

const byId = (a: { id: string }, b: { id: string }): number => (a.id < b.id ? -1 : a.id > b.id ? 1 : 0)

const labelsOf = (labels: Labels): Record<string, string> =>
  Object.fromEntries([...labels].sort(([a], [b]) => (a < b ? -1 : 1)))

const sizeOf = (tally: Tally | null, content: number | null = tally?.contentBytes ?? null): ReportSize => ({
  content,
  disk: tally?.diskBytes ?? null,
  files: tally?.files ?? null,
})

const UNMEASURED: ReportSize = { content: null, disk: null, files: null }

/** The stores of a root share its blobs. */
function imagesOfStores(catalog: Catalog): ReportImage[] {
  const blobs = new Map<string, RootBlobs>()
  return catalog.stores.flatMap((at) => {
    const { root } = at.store
    const shared = blobs.get(root) ?? new RootBlobs(catalog.model, root)
    blobs.set(root, shared)
    return imagesOf(catalog, at, shared)
  })
}

function imagesOf(catalog: Catalog, at: StoreCatalog, blobs: RootBlobs): ReportImage[] {
  const { root } = at.store
  // What a docker of another root keeps here, it counts in its own way.
  const engineRoot = at.store.usedBy ?? root
  const rule = catalog.model.roots.find(({ path }) => path === engineRoot)?.engine.rule ?? '20.10'
  const sharing = layerSharing(at, rule)
  const rules = isDockersRule(rule) ? usualRules(rule) : {}
  const diskOf = (layers: Iterable<string>, blobPaths: readonly string[]): number | null => {
    const directories = [...layers].map((layer) => at.layers.get(layer)?.path ?? null)
    if (!directories.every((directory) => at.holdsAll(directory))) return null
    return catalog.sizes.sum(root, [...directories, ...blobPaths])?.diskBytes ?? null
  }
  return [...at.images.values()].sort(byId).map((image) => {
    const engine = engineImageBytes(at, image, rules)
    const shared = rule === 'containerd' ? blobs.sharedBytes(image) : sharedBytes(at, image, sharing)
    const freed = at.holders.freedByRemoving(removedTogether(at, image))
    return {
      id: image.id,
      store: image.store,
      tags: [...image.tags],
      digests: [...image.digests],
      created: image.created,
      os: image.os,
      architecture: image.architecture,
      layers: [...image.layers],
      parent: image.parent,
      dangling: isDangling(at, image),
      intermediate: isIntermediate(at, image),
      loaded: image.loaded,
      containers: (at.containersOfImage.get(image.id) ?? []).map((container) => container.id).sort(),
      size: {
        content: chainBytes(at, image.layers),
        disk: diskOf(heldLayers(image), blobs.pathsOf(image)),
        engine,
        shared,
        // Docker with containerd prints less than nothing where platforms share layers; so do we.
        unique: rule === 'containerd' ? Math.max(0, engine - shared) : engine - shared,
        freedIfRemoved: {
          content: engineChainBytes(at, freed),
          disk: diskOf(freed, blobs.pathsOfAlone(image)),
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
  })
}

function layersOf(catalog: Catalog, at: StoreCatalog): ReportLayer[] {
  const users = layerUsers(at, catalog.model)
  return [...at.layers.values()].sort(byId).map((layer) => {
    const total = at.holdsAll(layer.path) ? catalog.sizes.total(at.store.root, layer.path) : null
    return {
      id: layer.id,
      store: layer.store,
      parent: layer.parent,
      diffId: layer.diffId,
      cacheId: layer.cacheId,
      depth: at.depthOf(layer.id),
      path: layer.path,
      loaded: layer.loaded,
      images: [...(users.images.get(layer.id) ?? [])].sort(),
      containers: [...(users.containers.get(layer.id) ?? [])].sort(),
      cacheRecords: [...(users.cacheRecords.get(layer.id) ?? [])].sort(),
      size: sizeOf(total, layer.recordedBytes),
      evidence: evidenceOf({ kind: 'layer', layer, store: at.store }),
    }
  })
}

function containersOf(catalog: Catalog): ReportContainer[] {
  const { sizes, model } = catalog
  return [...model.containers].sort(byId).map((container) => {
    const { root } = container
    const at = catalog.store(container.store)
    const store = at?.store ?? null
    const home = store?.root ?? root
    const isAllThere = at?.holdsAll(container.layerPath) !== false && !isUnknownSnapshot(container, store)
    const logs = container.logs.map(({ path }) => {
      const tally = sizes.total(root, path)
      return { path, content: tally?.contentBytes ?? null, disk: tally?.diskBytes ?? null }
    })
    return {
      id: container.id,
      store: container.store,
      name: container.name,
      image: container.image,
      imageName: container.imageName,
      state: container.state,
      command: container.command,
      created: container.created,
      startedAt: container.startedAt,
      finishedAt: container.finishedAt,
      exitCode: container.exitCode,
      restartPolicy: container.restartPolicy,
      loaded: container.loaded,
      baseLayer: container.baseLayer,
      mountId: container.mountId,
      initId: container.initId,
      layerPath: container.layerPath,
      initPath: container.initPath,
      logDriver: container.logDriver,
      size: {
        writable: sizes.isMeasured(home)
          ? sizeOf(
              isAllThere ? sizes.sum(home, [container.layerPath, container.initPath]) : null,
              writableBytes(catalog, container),
            )
          : UNMEASURED,
        logs: sizeOf(
          sizes.sum(
            root,
            container.logs.map(({ path }) => path),
          ),
        ),
        other: sizeOf(sizes.sum(root, containerFiles(container, store))),
      },
      logs,
      volumes: [...container.volumes],
      mounts: container.mounts.map(({ type, volume, source, destination, readOnly }) => ({
        type,
        volume,
        source,
        destination,
        readOnly,
      })),
      labels: labelsOf(container.labels),
      evidence: evidenceOf({
        kind: 'container',
        container,
        store,
        stateFile: stateFileOf(model, container, store),
      }),
    }
  })
}

/** Without the snapshotter's own database nobody knows which directory is the container's. */
const isUnknownSnapshot = ({ mountId }: Container, store: Store | null): boolean =>
  store?.layout === 'containerd' && mountId === null

function volumesOf(catalog: Catalog): ReportVolume[] {
  const { sizes, model } = catalog
  return [...model.volumes]
    .sort((a, b) => (a.name < b.name ? -1 : 1))
    .map((volume) => ({
      name: volume.name,
      root: volume.root,
      driver: volume.driver,
      path: volume.path,
      created: volume.created,
      anonymous: volume.anonymous,
      options: volume.options === null ? null : labelsOf(volume.options),
      labels: labelsOf(volume.labels),
      containers: containersOfVolume(catalog, volume.root, volume.name).sort(),
      size: sizeOf(sizes.sum(volume.root, volumePaths(volume)), sizes.content(volume.root, volume.dataPath)),
      evidence: evidenceOf({
        kind: 'volume',
        volume,
        database: stateDatabaseOf(model, volume.root),
      }),
    }))
}

/** A legacy volume's data lies apart from its record. */
const volumePaths = (volume: { path: string | null; dataPath: string | null }): (string | null)[] =>
  volume.dataPath?.startsWith(`${volume.path}/`) ? [volume.path] : [volume.path, volume.dataPath]

function cacheRecordsOf(catalog: Catalog, at: StoreCatalog): ReportCacheRecord[] {
  const records = catalog.model.cacheRecords.filter((record) => record.store === at.store.id)
  const shared = sharedRecords(at, records)
  // A record is in use while a build runs: without an engine none is, with one only the engine knows.
  const isAtRest = catalog.model.roots.find(({ path }) => path === at.store.root)?.engineRunning === false
  return records.sort(byId).map((record) => ({
    id: record.id,
    store: record.store,
    type: record.type,
    description: record.description,
    parents: [...record.parents],
    createdAt: record.createdAt,
    lastUsedAt: record.lastUsedAt,
    usageCount: record.usageCount,
    inUse: isAtRest ? false : null,
    shared: shared.has(record.id),
    mutable: record.mutable,
    size: {
      content: cacheRecordBytes(catalog, record),
      disk:
        record.layer !== null || at.holdsAll(record.path)
          ? (catalog.sizes.sum(at.store.root, [record.path, ...(record.otherPaths ?? [])])?.diskBytes ?? null)
          : null,
    },
    layer: record.layer,
    path: record.path,
    twins: [...record.twins],
    evidence: evidenceOf({ kind: 'cache-record', record, store: at.store }),
  }))
}

const orphanOf = ({ modifiedMs, size, searched, ...orphan }: Orphan): ReportOrphan => ({
  ...orphan,
  searched: [...searched],
  modified: modifiedMs === null ? null : new Date(modifiedMs).toISOString(),
  size: sizeOf(size),
})

/** What the engines print of their roots; `asked` are the rules of another docker than the roots show. */
export function engineViewsOf(catalog: Catalog, asked: SummaryRules | null = null): ReportEngineView[] {
  const row = ({ total, active, size, reclaimable }: EngineRow) => ({ total, active, size, reclaimable })
  return catalog.model.roots.flatMap(({ path }) => {
    const view = engineView(catalog, path, asked)
    if (view === null) return []
    return [
      {
        root: view.root,
        engine: view.engine,
        command: `${view.engine} system df`,
        rule: view.rule,
        images: row(view.images),
        containers: row(view.containers),
        volumes: row(view.volumes),
        buildCache: row(view.buildCache),
      },
    ]
  })
}

function ledgerOf(catalog: Catalog, withheld: readonly Withheld[]): ReportLedger {
  const { measured, total, entries } = createLedger(catalog, withheld)
  const figures = (tally: Tally) => ({
    content: tally.contentBytes,
    disk: tally.diskBytes,
    files: tally.files,
  })
  return {
    measured,
    total: figures(total),
    entries: entries.map(({ category, root, tally }) => ({ category, root, ...figures(tally) })),
    unexplained: figures(emptyTally()),
  }
}

function findingsOf(catalog: Catalog): ReportFinding[] {
  const sortKey = (finding: ReportFinding): string =>
    [finding.root, finding.code, finding.path ?? '', finding.subject?.id ?? '', finding.message].join('\0')
  return [...catalog.model.findings, ...derivedFindings(catalog)]
    .map((finding) => ({ ...finding, severity: severityOf(finding) }))
    .sort((a, b) => (sortKey(a) < sortKey(b) ? -1 : 1))
}
