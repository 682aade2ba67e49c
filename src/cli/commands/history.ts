import { historyRows } from '../../report/history.ts'
import { historyTable } from '../../report/tables/history.ts'
import type { CommonOptions } from '../options.ts'
import { renderList } from '../render.ts'
import type { Session } from '../session.ts'
import { requireImage } from './find.ts'

/** `history`: every step of an image, empty ones included, newest first. */
export function history({ report, nowMs }: Session, options: CommonOptions, query: string): string {
  const rows = historyRows(report, requireImage(report, query))
  return renderList(historyTable, rows, options, nowMs, (items) =>
    items.map(({ layer, ...step }) => ({
      ...step,
      layer: layer?.id ?? null,
      path: layer?.path ?? null,
      size: step.emptyLayer ? 0 : (layer?.size.content ?? null),
    })),
  )
}
