import type { Catalog } from '../../analysis/catalog.ts'
import { writableBytes } from '../../analysis/engine-view.ts'
import { stateFileOf } from '../../analysis/state-database.ts'
import type { Container } from '../../model/model.ts'
import { containerFiles, evidenceOf } from '../evidence.ts'
import type { ReportContainer, ReportSize } from '../schema.ts'
import { byId, labelsOf, sizeOf, sumOfSizes } from './fields.ts'

/** The containers of all roots. */
export function containersOf(catalog: Catalog): ReportContainer[] {
  const { sizes, model } = catalog
  return [...model.containers].sort(byId).map((container) => {
    const { root } = container
    const at = catalog.store(container.store)
    const store = at?.store ?? null
    const home = store?.root ?? root
    const isAllThere = at?.holdsAll(container.layerPath) !== false && !isUnknown(container)
    const content = writableBytes(catalog, container)
    const writableAt = (paths: readonly (string | null)[]): ReportSize =>
      sizes.isMeasured(home) ? sizeOf(isAllThere ? sizes.sum(home, paths) : null, content) : UNMEASURED
    const logs = container.logs.map(({ path }) => {
      const tally = sizes.total(root, path)
      return { path, content: tally?.contentBytes ?? null, disk: tally?.diskBytes ?? null }
    })
    const size = {
      writable: writableAt([container.layerPath, container.initPath]),
      layer: writableAt([container.layerPath]),
      init: container.initPath === null ? null : sizeOf(sizes.sum(home, [container.initPath])),
      logs: sizeOf(
        sizes.sum(
          root,
          container.logs.map(({ path }) => path),
        ),
      ),
      other: sizeOf(sizes.sum(root, containerFiles(container, store))),
    }
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
      size: { ...size, total: sumOfSizes([size.writable, size.logs, size.other]) },
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

/** Without the record of its writable layer, or the snapshotter's database, nobody knows which directory is the container's. */
const isUnknown = ({ mountId, layerPath }: Container): boolean => mountId === null && layerPath === null

const UNMEASURED: ReportSize = { content: null, disk: null, files: null }
