import type { ReportParts } from '../report/report.ts'
import type { Report, ReportImage, ReportLayer } from '../report/schema.ts'
import type { ScanEvent } from './events.ts'
import type { Reply } from './questions.ts'

/** What the scan thread is started with. */
export interface ScanRequest {
  readonly roots: readonly string[]
  readonly sample: boolean
  readonly measure: boolean
  readonly version: string
  /** One 32-bit integer: anything but 0 asks the scan to stop. */
  readonly stop: SharedArrayBuffer
}

/** What it tells, one message after the other: the scan up to `done` or `failed`, then what it was asked. */
export type ScanMessage = ScanEvent | Reply

/** Some of the images or layers of the report that comes with a later message. */
export interface PartOfReport {
  readonly kind: 'part-of-report'
  readonly images: readonly ReportImage[]
  readonly layers: readonly ReportLayer[]
}

/** What crosses the threads: the long lists of a report come before it, a part at a time, and are empty in it. */
export type PostedMessage = ScanMessage | PartOfReport

type MessageWithParts = ScanMessage extends infer M
  ? M extends { readonly report: Report }
    ? Omit<M, 'report'> & { readonly report: ReportParts }
    : never
  : never

const IN_PART = 500

/**
 * The messages that one with a report is posted as. A whole report of a large host takes hundreds of megabytes, as it is
 * made, as it crosses, and as it arrives; and no key is heard while it does.
 */
export function* inParts(message: MessageWithParts): Generator<PostedMessage> {
  const { images, layers } = message.report
  for (const part of inChunks(images)) yield { kind: 'part-of-report', images: part, layers: [] }
  for (const part of inChunks(layers)) yield { kind: 'part-of-report', images: [], layers: part }
  yield { ...message, report: { ...message.report, images: [], layers: [] } }
}

function* inChunks<T>(items: Iterable<T>): Generator<T[]> {
  let chunk: T[] = []
  for (const item of items) {
    chunk.push(item)
    if (chunk.length < IN_PART) continue
    yield chunk
    chunk = []
  }
  if (chunk.length > 0) yield chunk
}

/** Puts messages together again on the other side. */
export class ReportAssembly {
  #images: ReportImage[] = []
  #layers: ReportLayer[] = []

  /** The message, with its report whole; null where this was only a part of one that is still to come. */
  take(posted: PostedMessage): ScanMessage | null {
    if (posted.kind === 'part-of-report') {
      for (const image of posted.images) this.#images.push(image)
      for (const layer of posted.layers) this.#layers.push(layer)
      return null
    }
    if (!('report' in posted)) return posted
    const report: Report = { ...posted.report, images: this.#images, layers: this.#layers }
    this.#images = []
    this.#layers = []
    return { ...posted, report }
  }
}
