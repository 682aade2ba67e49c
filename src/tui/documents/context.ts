import type { Report } from '../../report/schema.ts'
import type { Display } from '../../report/table.ts'
import { formatAge, formatBytes } from '../../report/units.ts'
import { padStart } from '../../report/width.ts'
import type { Marks } from '../marks/marks.ts'
import { indexOf, type ReportIndex } from '../objects.ts'
import type { Replies } from '../questions.ts'
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
  /** What the scan thread answered about this report. */
  readonly replies: Replies
  /** What is marked to be removed. */
  readonly marks: Marks
  /** False while the scan runs: nothing is answered before it is done. */
  readonly isScanned: boolean
  /** False where reading was stopped: what the report does not have is not known. */
  readonly isReadWhole: boolean
  bytes(value: number | null): string
  /** Bytes at the right of a column of them. */
  bytesColumn(value: number | null): string
  age(time: string | null): string
}

type PageSource = Omit<PageContext, 'index' | 'glyphs' | 'bytes' | 'bytesColumn' | 'age'>

export function pageContext(source: PageSource): PageContext {
  const { report, display, look } = source
  const column = display.units === 'bytes' ? 13 : 9
  const bytes = (value: number | null): string => formatBytes(value, display.units)
  return {
    ...source,
    index: indexOf(report),
    glyphs: glyphsOf(look),
    bytes,
    bytesColumn: (value) => padStart(bytes(value), column),
    age: (time) => formatAge(time, display.nowMs),
  }
}

/** `1 image`, `3 images`. */
export const counted = (count: number, one: string, several = `${one}s`): string =>
  `${count} ${count === 1 ? one : several}`
