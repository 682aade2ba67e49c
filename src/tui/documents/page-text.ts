import type { Report } from '../../report/schema.ts'
import type { Marks } from '../marks/marks.ts'
import { KIND_NAMES, type ObjectRef, objectName } from '../objects.ts'
import { displayOf, isScanning, pageHeight, type State, type Subject } from '../state.ts'
import { writeCachePage } from './cache-page.ts'
import { categoryText } from './categories.ts'
import { ALL_CATEGORIES, writeCategoryPage } from './category-page.ts'
import { writeCommandPlanPage } from './command-plan-page.ts'
import { writeContainerPage } from './container-page.ts'
import { type PageContext, pageContext } from './context.ts'
import { type PageText, PageWriter } from './document.ts'
import { writeEntryPage } from './entry-page.ts'
import { writeExplainPage } from './explain-page.ts'
import { writeFilePage } from './file-page.ts'
import { writeFindingsPage } from './findings-page.ts'
import { writeHelpPage } from './help-page.ts'
import { writeImagePage } from './image-page.ts'
import { writeLargestPage } from './largest-page.ts'
import { writeLayerPage } from './layer-page.ts'
import { writeEnginePage } from './overview/engine-part.ts'
import type { MeasureNote } from './overview/ledger-part.ts'
import { writeOverview } from './overview/overview-page.ts'
import { writeVolumePage } from './volume-page.ts'
import { writeWaysPage } from './ways-page.ts'

interface Written {
  readonly made: readonly unknown[]
  readonly text: PageText
}

const NO_MARKS: Marks = new Map()

/** The last text of each page: moving about in a page writes nothing anew. */
const written = new WeakMap<Subject, Written>()

/** The text of a page at a width, without the column of the selection mark. */
export function pageText(state: State, subject: Subject, width: number): PageText {
  const { report, units, look } = state
  const pending = subject.kind === 'overview' ? pendingText(state) : ''
  const height = subject.kind === 'overview' ? pageHeight(state, state.views.overview) : 0
  const isScanned = !isScanning(state)
  // Only the plan is written from the marks: they stand beside the text of the others.
  const marks = subject.kind === 'ways' ? state.marks : NO_MARKS
  const nowMs = report === null ? 0 : displayOf(state, report).nowMs
  const made = [report, nowMs, units, look, width, height, pending, state.replies, marks, isScanned]
  const known = written.get(subject)
  if (known?.made.every((part, index) => part === made[index])) return known.text
  const out = new PageWriter(width)
  if (subject.kind === 'help') writeHelpPage(out, subject.context, subject.about)
  else if (report !== null)
    write(
      out,
      pageContext({
        report,
        display: displayOf(state, report),
        look,
        height,
        replies: state.replies,
        marks,
        isScanned,
        isReadWhole: state.isReadWhole,
      }),
      subject,
      { pending, exact: state.scan.exact },
    )
  const text = out.text
  written.set(subject, { made, text })
  return text
}

function write(
  out: PageWriter,
  page: PageContext,
  subject: Exclude<Subject, { kind: 'help' }>,
  note: MeasureNote,
): void {
  switch (subject.kind) {
    case 'overview':
      writeOverview(out, page, note)
      break
    case 'findings':
      writeFindingsPage(out, page, subject.code ?? null)
      break
    case 'ways':
      writeWaysPage(out, page)
      break
    case 'engine-views':
      writeEnginePage(out, page)
      break
    case 'largest':
      writeLargestPage(out, page)
      break
    case 'explain':
      writeExplainPage(out, page, subject.ref)
      break
    case 'file':
      writeFilePage(out, page, subject.root, subject.path)
      break
    case 'command-plan':
      writeCommandPlanPage(out, page, subject)
      break
    case 'entry':
      writeEntryPage(out, page, subject.place)
      break
    case 'category':
      writeCategoryPage(out, page, subject.category)
      break
    case 'object':
      if (!writeObject(out, page, subject.ref))
        out.sentence(`This ${KIND_NAMES[subject.ref.kind]} is not here any more; Esc goes back.`, 'warning')
  }
}

/** Writes the page of an object; false where the report does not have it. */
function writeObject(out: PageWriter, page: PageContext, ref: ObjectRef): boolean {
  const { index } = page
  const image = index.image(ref)
  const layer = index.layer(ref)
  const container = index.container(ref)
  const volume = index.volume(ref)
  const record = index.cacheRecord(ref)
  if (image !== undefined) writeImagePage(out, page, image)
  else if (layer !== undefined) writeLayerPage(out, page, layer)
  else if (container !== undefined) writeContainerPage(out, page, container)
  else if (volume !== undefined) writeVolumePage(out, page, volume)
  else if (record !== undefined) writeCachePage(out, page, record)
  else return false
  return true
}

/** What the overview says in the place of the ledger. */
function pendingText({ scan, measure }: State): string {
  if (!measure) return 'Not measured, as --no-measure asked: sizes are those that the engine recorded.'
  if (scan.phase === 'stopped')
    return 'Measuring was stopped: sizes are those that the engine recorded. r measures again.'
  return 'Being measured now: every file is looked at once. The line below says how far it is.'
}

/** How a page is called in the trail at the top. */
export function subjectTitle(subject: Subject, report: Report | null): string {
  switch (subject.kind) {
    case 'overview':
      return 'Overview'
    case 'findings':
      return subject.code ?? 'Findings'
    case 'ways':
      return 'What frees space'
    case 'engine-views':
      return "The engine's own summary"
    case 'largest':
      return 'Largest'
    case 'explain':
      return report === null ? 'put together' : `how ${objectName(report, subject.ref)} is put together`
    case 'file':
      return subject.path.slice(subject.path.lastIndexOf('/') + 1).replace(/^(.{12}).{20,}$/, '$1')
    case 'command-plan':
      return subject.command
    case 'help':
      return 'Help'
    case 'entry':
      return subject.place.path.slice(subject.place.path.lastIndexOf('/') + 1)
    case 'category':
      return subject.category === ALL_CATEGORIES ? 'Where the space is' : categoryText(subject.category).name
    case 'object':
      return `${KIND_NAMES[subject.ref.kind]} ${report === null ? '' : objectName(report, subject.ref)}`
  }
}
