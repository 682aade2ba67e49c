import type { Labels } from '../../model/model.ts'
import type { Tally } from '../../model/places.ts'
import type { ReportSize } from '../schema.ts'

/** The order of lists: by id, by code units. */
export const byId = (a: { id: string }, b: { id: string }): number => (a.id < b.id ? -1 : a.id > b.id ? 1 : 0)

/** Labels by name. */
export const labelsOf = (labels: Labels): Record<string, string> =>
  Object.fromEntries([...labels].sort(([a], [b]) => (a < b ? -1 : 1)))

/** Several sizes as one: unknown as soon as one of them is. */
export const sumOfSizes = (sizes: readonly ReportSize[]): ReportSize => {
  const sum = (figure: keyof ReportSize): number | null =>
    sizes.reduce<number | null>((total, size) => {
      const part = size[figure]
      return total === null || part === null ? null : total + part
    }, 0)
  return { content: sum('content'), disk: sum('disk'), files: sum('files') }
}

/** What was measured, and the content that is recorded where the engine counts it. */
export const sizeOf = (
  tally: Tally | null,
  content: number | null = tally?.contentBytes ?? null,
): ReportSize => ({
  content,
  disk: tally?.diskBytes ?? null,
  files: tally?.files ?? null,
})
