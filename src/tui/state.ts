import type { Report } from '../report/schema.ts'
import type { Display } from '../report/table.ts'
import type { Units } from '../report/units.ts'
import type { ScanProgress } from '../scan/scan-events.ts'
import type { RootFileSystem } from './events.ts'
import type { ExportPrompt } from './export/prompt.ts'
import type { Marks } from './marks/marks.ts'
import type { ObjectRef } from './objects.ts'
import type { Palette } from './palette/palette.ts'
import type { Replies } from './questions.ts'
import type { Look } from './text/look.ts'
import { type Tour, tourLines } from './tour/box.ts'

export const VIEWS = ['overview', 'images', 'layers', 'containers', 'volumes', 'cache'] as const
export type ViewId = (typeof VIEWS)[number]
/** What is shown as a list: the views of objects, and the entries of a directory. */
export type ListViewId = Exclude<ViewId, 'overview'> | 'files'

/** A path of a root; of the root itself a category of the ledger can be told alone. */
export interface Place {
  readonly root: string
  readonly path: string
  readonly category?: string
}

/** The order of a list. The forest of the layers is an order too. */
export interface Sort {
  readonly key: string
  readonly descending: boolean
}

/** A list of objects, and where one stands in it. */
export interface ListPage {
  readonly kind: 'list'
  readonly view: ListViewId
  /** The directory that is looked into; null for lists of objects. */
  readonly place: Place | null
  /** The category of the ledger whose objects these are; null where the list was not opened for one. */
  readonly category: string | null
  readonly filter: string
  readonly sort: Sort
  /** Whether what the engine itself does not list is shown too: the steps of builds. */
  readonly all: boolean
  /** Keys of the layers whose children are hidden. */
  readonly folded: ReadonlySet<string>
  /** The data that the order is of; null while the list was not on screen. */
  readonly arrangedFor: object | null
  /** The rows shown, as indices into the list's data, in the order shown. */
  readonly order: readonly number[]
  /** Why the filter could not be used as it was meant; null where it could. */
  readonly problem: string | null
  /** The key of the selected row; null while nobody has chosen one, then the first row counts. */
  readonly selected: string | null
  /** Where the selected row stands in `order`. */
  readonly cursor: number
  /** The first row on screen. */
  readonly top: number
}

type SubjectKind = Subject['kind']

/** What a page of text is about. */
export type Subject =
  | { readonly kind: 'overview' }
  | { readonly kind: 'object'; readonly ref: ObjectRef }
  | { readonly kind: 'findings'; readonly code?: string }
  | { readonly kind: 'ways' }
  | { readonly kind: 'engine-views' }
  | { readonly kind: 'largest' }
  | { readonly kind: 'explain'; readonly ref: ObjectRef }
  | { readonly kind: 'file'; readonly root: string; readonly path: string }
  | { readonly kind: 'command-plan'; readonly root: string; readonly command: string }
  | { readonly kind: 'category'; readonly category: string }
  | { readonly kind: 'entry'; readonly place: Place }
  /** The keys of where one stands, on a page about a subject or in a list. */
  | { readonly kind: 'help'; readonly context: Context; readonly about: SubjectKind | null }

/** A page of text, and where one stands in it. */
export interface DocumentPage {
  readonly kind: 'document'
  readonly subject: Subject
  /** The key of the selected line; null while none was chosen, then the first on screen counts. */
  readonly item: string | null
  /** The first line on screen. */
  readonly top: number
}

export type Page = ListPage | DocumentPage

/** Where one stands, as far as it decides what the keys do. */
export type Context =
  | 'overview'
  | 'list'
  | 'images'
  | 'forest'
  | 'kinds'
  | 'files'
  | 'detail'
  | 'findings'
  | 'help'
  | 'filter'
  | 'palette'
  | 'path'
  | 'failed'
  | 'waiting'
  | 'tour'

export interface ScanState {
  readonly phase: ScanProgress['phase'] | 'done' | 'stopped' | 'failed'
  readonly root: string
  readonly files: number
  readonly diskBytes: number
  readonly filesPerSecond: number
  /** True from the wish to stop until the scan has stopped. */
  readonly isStopping: boolean
  /** Whether disk bytes come from a file system; those of an archive are estimated. */
  readonly exact: boolean
  readonly failure: { readonly message: string; readonly hint: string | null } | null
}

/** Everything that decides what is on the screen. */
export interface State {
  readonly columns: number
  readonly rows: number
  readonly look: Look
  readonly units: Units
  /** Whether what is printed after leaving shortens ids as the screen does. */
  readonly truncate: boolean
  /** Whether the roots are measured at all (`--no-measure`). */
  readonly measure: boolean
  /** What is read, for the header while nothing is known yet. */
  readonly roots: readonly string[]
  readonly scan: ScanState
  /** The file systems of the roots, for as long as nothing else is known. */
  readonly fileSystems: readonly RootFileSystem[]
  /** The newest report; null until the recorded facts are read. */
  readonly report: Report | null
  /** False where reading was stopped: what the report does not have is not known. */
  readonly isReadWhole: boolean
  /** The moment to which ages count, where that of the report is long past; 0 before. */
  readonly nowMs: number
  /** What the scan thread was asked about this report, and what it answered. */
  readonly replies: Replies
  /** What is marked to be removed; it stays marked whatever is on screen. */
  readonly marks: Marks
  readonly view: ViewId
  /** The six views as they were left. */
  readonly views: Readonly<Record<ViewId, Page>>
  /** The pages opened from the view, the one on screen last. */
  readonly opened: readonly Page[]
  /** True while the filter of the list on screen is typed. */
  readonly typing: boolean
  /** The palette while it is open. */
  readonly palette: Palette | null
  /** The question where to write the report, while it is open. */
  readonly exporting: ExportPrompt | null
  /** The views to print once the terminal is given back. */
  readonly kept: readonly string[]
  /** The tour while it is under way. */
  readonly tour: Tour | null
  /** What the last key did, or what is to be known; gone with the next key. */
  readonly message: string
  /** What was on screen before the last key, where that was Esc. */
  readonly beforeEsc: OnScreen | null
}

/** What keys change, and no scan. */
export type OnScreen = Pick<
  State,
  'view' | 'views' | 'opened' | 'typing' | 'palette' | 'exporting' | 'kept' | 'tour' | 'message'
>

export interface Settings {
  readonly columns: number
  readonly rows: number
  readonly look: Look
  readonly units: Units
  readonly measure: boolean
  readonly roots: readonly string[]
  readonly notice: string
  readonly tour: boolean
  readonly truncate?: boolean
}

const DEFAULT_SORTS: Readonly<Record<ListViewId, Sort>> = {
  images: { key: 'disk', descending: true },
  layers: { key: 'forest', descending: false },
  containers: { key: 'total', descending: true },
  volumes: { key: 'disk', descending: true },
  cache: { key: 'forest', descending: false },
  files: { key: 'disk', descending: true },
}

export function listPage(view: ListViewId, sort: Sort = DEFAULT_SORTS[view]): ListPage {
  return {
    kind: 'list',
    view,
    place: null,
    category: null,
    filter: '',
    sort,
    all: false,
    folded: new Set(),
    arrangedFor: null,
    order: [],
    problem: null,
    selected: null,
    cursor: 0,
    top: 0,
  }
}

export const documentPage = (subject: Subject): DocumentPage => ({
  kind: 'document',
  subject,
  item: null,
  top: 0,
})

export const STARTING: ScanState = {
  phase: 'reading',
  root: '',
  files: 0,
  diskBytes: 0,
  filesPerSecond: 0,
  isStopping: false,
  exact: true,
  failure: null,
}

/** The six views as nobody has touched them yet. */
export const initialViews = (): State['views'] => ({
  overview: documentPage({ kind: 'overview' }),
  images: listPage('images'),
  layers: listPage('layers'),
  containers: listPage('containers'),
  volumes: listPage('volumes'),
  cache: listPage('cache'),
})

export function initialState(settings: Settings): State {
  const { columns, rows, look, units, measure, roots, notice, tour } = settings
  return {
    columns,
    rows,
    look,
    units,
    truncate: settings.truncate ?? true,
    measure,
    roots,
    scan: STARTING,
    fileSystems: [],
    report: null,
    isReadWhole: true,
    nowMs: 0,
    replies: new Map(),
    marks: new Map(),
    view: 'overview',
    views: initialViews(),
    opened: [],
    typing: false,
    palette: null,
    exporting: null,
    kept: [],
    tour: tour ? { stop: 0, isFree: false } : null,
    message: notice,
    beforeEsc: null,
  }
}

/** The page on screen. */
export const currentPage = (state: State): Page => state.opened.at(-1) ?? state.views[state.view]

/** The same state with another page on screen in the place of the present one. */
export function withPage(state: State, page: Page): State {
  if (state.opened.length > 0) return { ...state, opened: [...state.opened.slice(0, -1), page] }
  return { ...state, views: { ...state.views, [state.view]: page } }
}

export const isScanning = ({ scan }: State): boolean =>
  scan.phase !== 'done' && scan.phase !== 'stopped' && scan.phase !== 'failed'

const LIST_CONTEXTS: Partial<Record<ListViewId, Context>> = {
  layers: 'forest',
  images: 'images',
  cache: 'kinds',
  files: 'files',
}

export function contextOf(state: State): Context {
  if (state.scan.phase === 'failed') return 'failed'
  if (state.palette !== null) return 'palette'
  if (state.exporting !== null) return 'path'
  if (state.typing) return 'filter'
  const page = currentPage(state)
  if (page.kind === 'document' && page.subject.kind === 'help') return 'help'
  if (state.report === null) return 'waiting'
  if (state.tour !== null && !state.tour.isFree) return 'tour'
  if (page.kind === 'list') return LIST_CONTEXTS[page.view] ?? 'list'
  switch (page.subject.kind) {
    case 'overview':
      return 'overview'
    case 'findings':
      return 'findings'
    default:
      return 'detail'
  }
}

/** How values are shown; ages count to the moment of the report, or to a later one at which somebody pressed a key. */
export const displayOf = (state: State, report: Report): Display => ({
  units: state.units,
  truncate: true,
  nowMs: Math.max(state.nowMs, Date.parse(report.generatedAt)),
})

export const SMALLEST = { columns: 40, rows: 12 } as const
/** From here on a detail pane stands beside a list. */
export const PANE_FROM_COLUMNS = 140

const isOverview = (page: Page): boolean => page.kind === 'document' && page.subject.kind === 'overview'

/** Where one looks into a directory, its path stands above the titles. */
export const isBrowser = (page: Page): boolean => page.kind === 'list' && page.view === 'files'

/** Every page but the overview has a line of titles or a trail above its text. */
export const hasTitles = (page: Page): boolean => !isOverview(page)

/** Rows for the page itself: all but the tabs, the line of titles, a list's total, the path of a directory, the box of a tour, the status line and the keys. */
export const pageHeight = (state: State, page: Page = currentPage(state)): number =>
  Math.max(1, roomFor(state, page) - (hasTotal(state, page) ? 1 : 0))

const roomFor = (state: State, page: Page): number =>
  state.rows - (hasTitles(page) ? 4 : 3) - (isBrowser(page) ? 1 : 0) - tourLines(state).length

/** Too few rows for that; from there on a list of objects has a line below it that sums it up. */
const ROOM_FOR_TOTAL = 6

/** Whether a list is summed up below: that of a directory is above it. */
export const hasTotal = (state: State, page: Page): boolean =>
  page.kind === 'list' && page.view !== 'files' && roomFor(state, page) >= ROOM_FOR_TOTAL

/** Columns for the text of a page, beside the one in which the selection is marked. */
export const textWidth = (state: State): number => Math.max(1, state.columns - 2)
