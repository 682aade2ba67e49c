import type { Catalog } from '../analysis/catalog.ts'
import { findOrphans } from '../analysis/orphans/find-orphans.ts'
import { isComplete } from '../model/findings.ts'
import { cacheRecordsOf } from './parts/cache-records.ts'
import { containersOf } from './parts/containers.ts'
import { engineViewsOf } from './parts/engine-views.ts'
import { findingsOf } from './parts/findings.ts'
import { imagesOfStores } from './parts/images.ts'
import { layersOf } from './parts/layers.ts'
import { ledgerOf } from './parts/ledger.ts'
import { orphanOf, unjudgedOf } from './parts/orphans.ts'
import { volumesOf } from './parts/volumes.ts'
import type { Report } from './schema.ts'

interface ReportAbout {
  readonly version: string
  readonly generatedAt: string
  /** False where reading was stopped: of half of the records no engine's summary is made. */
  readonly isReadWhole?: boolean
}

/** Builds the JSON report: all that was read and derived, in a stable order, ids in full. */
export function createReport(catalog: Catalog, about: ReportAbout): Report {
  const { model } = catalog
  const orphans = findOrphans(catalog)
  const engineViews = about.isReadWhole === false ? [] : engineViewsOf(catalog)
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
    unjudged: orphans.withheld.map((withheld) => unjudgedOf(catalog, withheld)),
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
