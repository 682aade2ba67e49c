import type { Report, ReportImage, ReportLayer } from './schema.ts'

/** A step of an image's making, with the layer that it left. */
export interface HistoryRow {
  /** The image that this step made, where it is still there; null where it is not (`<missing>`). */
  readonly image: string | null
  readonly created: string | null
  readonly createdBy: string
  readonly comment: string
  readonly emptyLayer: boolean
  readonly layer: ReportLayer | null
}

/** The steps newest first, as the engine prints them; each takes the next parent image for as long as there is one. */
export function historyRows(report: Report, image: ReportImage): HistoryRow[] {
  const images = new Map(
    report.images.filter((each) => each.store === image.store).map((each) => [each.id, each]),
  )
  const layers = new Map(
    report.layers.filter((each) => each.store === image.store).map((each) => [each.id, each]),
  )
  let current: ReportImage | undefined = image
  return image.history.toReversed().map((step) => {
    const made: ReportImage | undefined = current
    current = made?.parent ? images.get(made.parent) : undefined
    return {
      image: made?.id ?? null,
      created: step.created,
      createdBy: step.createdBy,
      comment: step.comment,
      emptyLayer: step.emptyLayer,
      layer: step.layer === null ? null : (layers.get(step.layer) ?? null),
    }
  })
}
