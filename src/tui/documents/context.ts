import type { Report } from '../../report/schema.ts'
import type { Display } from '../../report/table.ts'
import { formatAge, formatBytes } from '../../report/units.ts'
import { padStart } from '../../report/width.ts'
import { indexOf, type ReportIndex } from '../objects.ts'
import { type Glyphs, glyphsOf, type Look } from '../text/look.ts'

/** What every page of text is written from. */
export interface PageContext {
  readonly report: Report
  readonly index: ReportIndex
  readonly display: Display
  readonly look: Look
  readonly glyphs: Glyphs
  /** Lines on screen, for pages that fill it. */
  readonly height: number
  bytes(value: number | null): string
  /** Bytes at the right of a column of them. */
  bytesColumn(value: number | null): string
  age(time: string | null): string
}

export function pageContext(report: Report, display: Display, look: Look, height: number): PageContext {
  const column = display.units === 'bytes' ? 13 : 9
  const bytes = (value: number | null): string => formatBytes(value, display.units)
  return {
    report,
    index: indexOf(report),
    display,
    look,
    glyphs: glyphsOf(look),
    height,
    bytes,
    bytesColumn: (value) => padStart(bytes(value), column),
    age: (time) => formatAge(time, display.nowMs),
  }
}

/** `1 image`, `3 images`. */
export const counted = (count: number, one: string, several = `${one}s`): string =>
  `${count} ${count === 1 ? one : several}`
