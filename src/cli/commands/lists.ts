import { cacheTable } from '../../report/tables/cache.ts'
import { containerTable } from '../../report/tables/containers.ts'
import { type ImageRow, imageRows, imageTable } from '../../report/tables/images.ts'
import { layerTable } from '../../report/tables/layers.ts'
import { volumeTable } from '../../report/tables/volumes.ts'
import type { CommonOptions } from '../options.ts'
import { renderList } from '../render.ts'
import type { Session } from '../session.ts'

/** `images`: those that the engine lists, or with `all` the steps of builds as well. */
export function images(
  { report, nowMs }: Session,
  options: CommonOptions,
  { all }: { all: boolean },
): string {
  const listed = report.images.filter((image) => all || (!image.intermediate && image.loaded))
  const once = (rows: readonly ImageRow[]) => [...new Set(rows.map((row) => row.image))]
  return renderList(imageTable, imageRows(listed), options, nowMs, once)
}

export const layers = ({ report, nowMs }: Session, options: CommonOptions): string =>
  renderList(layerTable(report), report.layers, options, nowMs)

export const containers = ({ report, nowMs }: Session, options: CommonOptions): string =>
  renderList(containerTable, report.containers, options, nowMs)

export const volumes = ({ report, nowMs }: Session, options: CommonOptions): string =>
  renderList(volumeTable(report), report.volumes, options, nowMs)

export const cache = ({ report, nowMs }: Session, options: CommonOptions): string =>
  renderList(cacheTable, report.cacheRecords, options, nowMs)
