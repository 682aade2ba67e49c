import type { Catalog } from '../analysis/catalog.ts'
import { findOrphans } from '../analysis/orphans/find-orphans.ts'
import { isComplete } from '../model/findings.ts'
import { cacheRecordsOf } from './parts/cache-records.ts'
import { containersOf } from './parts/containers.ts'
import { engineViewsOf } from './parts/engine-views.ts'
import { findingsOf } from './parts/findings.ts'
import { imagesOfStores } from './parts/images.ts'
import { layersOfStores } from './parts/layers.ts'
import { ledgerOf } from './parts/ledger.ts'
import { orphanOf, unjudgedOf } from './parts/orphans.ts'
import { volumesOf } from './parts/volumes.ts'
import type { Report, ReportImage, ReportLayer } from './schema.ts'

interface ReportAbout {
  readonly version: string
  readonly generatedAt: string
  /** False where reading was stopped: of half of the records no engine's summary is made. */
  readonly isReadWhole?: boolean
}

/** The report with its long lists not made yet: each can be gone through once. */
export type ReportParts = Omit<Report, 'images' | 'layers'> & {
  readonly images: Iterable<ReportImage>
  readonly layers: Iterable<ReportLayer>
}

/** Builds the JSON report: all that was read and derived, in a stable order, ids in full. */
export function createReport(catalog: Catalog, about: ReportAbout): Report {
  const parts = reportParts(catalog, about)
  return { ...parts, images: [...parts.images], layers: [...parts.layers] }
}

/** The same for one that is written and not kept: of a large host it would take hundreds of megabytes. */
export function reportParts(catalog: Catalog, about: ReportAbout): ReportParts {
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
    layers: layersOfStores(catalog),
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
    complete: isWhole(catalog),
  }
}

/** Whether everything could be read and measured that was to be. */
export const isWhole = ({ model, surveys }: Catalog): boolean =>
  isComplete(model.findings) && surveys.every(({ measurement }) => measurement?.complete !== false)
