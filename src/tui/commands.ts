import { type Effect, only, type Update } from './events.ts'
import { openExport } from './export/prompt.ts'
import type { CommandId } from './keys.ts'
import { isForest } from './lists/arrange.ts'
import { sortKeys, startsDescending } from './lists/columns.ts'
import { choose, moveTo, moveToParent, selectedRow } from './lists/move.ts'
import { clearMarks, toggleMark } from './marks/marks.ts'
import { objectCommand } from './object-command.ts'
import { objectDirectory } from './objects.ts'
import { withoutPending } from './pages/ask.ts'
import { type Movement, movePage } from './pages/move-page.ts'
import {
  browsablePlace,
  objectToMark,
  openDirectory,
  openSubject,
  openTarget,
  selectedCommand,
  selectedObject,
  selectedTarget,
} from './pages/open-page.ts'
import { dataOf, rearranged } from './pages/page-data.ts'
import { toChainEnd } from './pages/to-chain-end.ts'
import { withFilter } from './pages/type-filter.ts'
import { openPalette } from './palette/palette.ts'
import {
  contextOf,
  currentPage,
  isScanning,
  type ListPage,
  type Sort,
  STARTING,
  type State,
  VIEWS,
  type ViewId,
  withPage,
} from './state.ts'
import { atStop } from './tour/go.ts'
import { viewText } from './view-text.ts'

/** What a command, asked for by a key, does to the state, and what the program is to do beside. */
export function runCommand(state: State, command: CommandId, key: string): Update {
  switch (command) {
    case 'down':
    case 'up':
    case 'half-down':
    case 'half-up':
    case 'page-down':
    case 'page-up':
    case 'top':
    case 'bottom':
      return only(moved(state, command))
    case 'open':
      return only(openSelected(state))
    case 'back':
      return back(state)
    case 'filter':
      return only({ ...state, typing: true })
    case 'palette':
      return only({ ...state, palette: openPalette(contextOf(state), state.report) })
    case 'sort':
      return only(changed(state, nextSort))
    case 'reverse':
      return only(changed(state, ({ sort }) => ({ sort: { ...sort, descending: !sort.descending } })))
    case 'toggle-all':
      return only(changed(state, ({ all }) => ({ all: !all })))
    case 'fold':
      return only(fold(state))
    case 'unfold':
      return only(unfold(state))
    case 'fold-all':
      return only(foldAll(state))
    case 'unfold-all':
      return only(changed(state, () => ({ folded: new Set<string>() })))
    case 'chain-base':
      return only(toChainEnd(state, 'base'))
    case 'chain-top':
      return only(toChainEnd(state, 'top'))
    case 'findings':
      return only(contextOf(state) === 'findings' ? state : openSubject(state, { kind: 'findings' }))
    case 'browse':
      return only(browseSelected(state))
    case 'ways':
      return only(isOnWays(state) ? state : openSubject(state, { kind: 'ways' }))
    case 'explain':
      return only(explained(state))
    case 'tour-next':
      return only(atStop(state, (state.tour?.stop ?? 0) + 1))
    case 'tour-previous':
      return only(atStop(state, (state.tour?.stop ?? 0) - 1))
    case 'tour-leave':
      return only(state.tour === null ? state : { ...state, tour: { ...state.tour, isFree: true } })
    case 'tour-back':
      return only(
        state.tour === null
          ? { ...state, message: 'No tour is under way: layerscope tour begins one.' }
          : atStop(state, state.tour.stop),
      )
    case 'help':
      return only(openSubject(state, { kind: 'help', context: contextOf(state) }))
    case 'view':
      return only(toView(state, VIEWS[Number(key) - 1] ?? state.view))
    case 'next-view':
      return only(toView(state, neighbour(state.view, 1)))
    case 'previous-view':
      return only(toView(state, neighbour(state.view, -1)))
    case 'units':
      return only(nextUnits(state))
    case 'mark':
      return only(toggleMark(state, objectToMark(state)))
    case 'clear-marks':
      return only(clearMarks(state))
    case 'copy-name':
      return copyText(state)
    case 'copy-path':
      return copyPath(state)
    case 'copy-command':
      return copyCommand(state)
    case 'export':
      return only(openExport(state))
    case 'keep':
      return only(keep(state))
    case 'rescan':
      return only(
        { ...withoutPending(state), scan: { ...STARTING, exact: state.scan.exact } },
        { kind: 'scan' },
      )
    case 'interrupt':
      return isScanning(state) && !state.scan.isStopping ? stopScan(state) : only(state, { kind: 'quit' })
    case 'suspend':
    case 'redraw':
    case 'quit':
      return only(state, { kind: command })
  }
}

const moved = (state: State, movement: Movement): State =>
  withPage(state, movePage(state, currentPage(state), movement))

/** Changes the list on screen and puts its rows into order anew; any other page stays as it is. */
function changed(state: State, change: (page: ListPage) => Partial<ListPage>): State {
  const page = currentPage(state)
  return page.kind === 'list' ? withPage(state, rearranged(state, { ...page, ...change(page) })) : state
}

function browseSelected(state: State): State {
  const place = browsablePlace(state)
  if (place === null) return { ...state, message: 'What is selected has no directory on this disk.' }
  return openDirectory(withChosenRow(state), place)
}

/** The absolute path of the entry that is selected, or that the page is about. */
function selectedPath(state: State): string | null {
  const page = currentPage(state)
  const target = selectedTarget(state)
  const place =
    page.kind === 'document' && page.subject.kind === 'entry'
      ? page.subject.place
      : target?.kind === 'directory' || target?.kind === 'entry'
        ? target.place
        : null
  return place === null ? null : `${place.root}/${place.path}`
}

function openSelected(state: State): State {
  const target = selectedTarget(state)
  if (target !== null) return openTarget(withChosenRow(state), target)
  // A heading has nothing to open: it folds.
  return ['forest', 'kinds'].includes(contextOf(state)) ? toggleFold(state) : state
}

/** Opens the explanation of what is selected, or of what the page is about. */
function explained(state: State): State {
  const page = currentPage(state)
  if (page.kind === 'document' && page.subject.kind === 'explain') return state
  // On the page of an object it is meant itself until one of its lines was chosen.
  const isItself = page.kind === 'document' && page.subject.kind === 'object' && page.item === null
  const ref = isItself ? page.subject.ref : selectedObject(state)
  if (ref === null) return { ...state, message: 'Nothing that is put together of parts is selected.' }
  if (ref.kind === 'volume')
    return { ...state, message: 'A volume is one plain directory: nothing has to be put together.' }
  return openSubject(withChosenRow(state), { kind: 'explain', ref })
}

/** What was opened or found with a filter is still selected when one comes back. */
function withChosenRow(state: State): State {
  const page = currentPage(state)
  const data = page.kind === 'list' ? dataOf(state, page) : null
  return page.kind === 'list' && data !== null ? withPage(state, choose(page, data)) : state
}

/** Esc: leaves what was entered last; at the bottom it stops a scan, and never quits. */
function back(state: State): Update {
  if (state.opened.length > 0) return only({ ...state, opened: state.opened.slice(0, -1) })
  const page = currentPage(state)
  if (page.kind === 'list' && page.filter !== '') return only(withoutFilter(withChosenRow(state)))
  return isScanning(state) && !state.scan.isStopping ? stopScan(state) : only(state)
}

function withoutFilter(state: State): State {
  const page = currentPage(state)
  return page.kind === 'list' ? withFilter(state, page, '') : state
}

const stopScan = (state: State): Update =>
  only({ ...state, scan: { ...state.scan, isStopping: true } }, { kind: 'stop-scan' })

/** The next column, the largest or newest first, names from A to Z. */
function nextSort({ view, sort }: ListPage): { sort: Sort; top: number } {
  const keys = sortKeys(view)
  const key = keys[(keys.indexOf(sort.key) + 1) % keys.length] ?? sort.key
  return { sort: { key, descending: startsDescending(view, key) }, top: 0 }
}

function toView(state: State, view: ViewId): State {
  return { ...state, view, opened: [], typing: false }
}

const neighbour = (view: ViewId, step: number): ViewId =>
  VIEWS[(VIEWS.indexOf(view) + step + VIEWS.length) % VIEWS.length] ?? view

function nextUnits(state: State): State {
  const units = state.units === 'decimal' ? 'binary' : state.units === 'binary' ? 'bytes' : 'decimal'
  const names = {
    decimal: 'decimal units, like docker (kB, MB)',
    binary: 'binary units (KiB, MiB)',
    bytes: 'exact bytes',
  }
  return { ...state, units, message: `Sizes in ${names[units]}.` }
}

/** Commands where they are what is selected, else the id of the object. */
const copyText = (state: State): Update =>
  copy(
    state,
    selectedPath(state) ?? selectedCommand(state) ?? selectedObject(state)?.id ?? null,
    'Nothing with an id is selected.',
  )

const copiedText = (text: string): string => {
  const lines = text.split('\n').length
  return lines === 1 ? `Copied ${text}` : `Copied ${lines} commands.`
}

function copyPath(state: State): Update {
  const file = selectedPath(state)
  if (file !== null) return copy(state, file.slice(0, file.lastIndexOf('/')), '')
  const ref = selectedObject(state)
  const path = ref === null || state.report === null ? null : objectDirectory(state.report, ref)
  return copy(
    state,
    path,
    ref === null ? 'Nothing with a directory is selected.' : 'It has no directory on this disk.',
  )
}

function copyCommand(state: State): Update {
  const ref = selectedObject(state)
  const command =
    selectedCommand(state) ??
    (ref === null || state.report === null ? null : objectCommand(state.report, ref))
  const otherwise =
    ref === null
      ? 'No command belongs to what is selected.'
      : 'The sample is on no disk: no command reaches it.'
  return copy(state, command, otherwise)
}

/** Keeps the view on screen as text, to be printed once the terminal is given back. */
function keep(state: State): State {
  const text = viewText(state)
  if (text === null) return { ...state, message: 'There is nothing to print yet.' }
  const kept = state.kept.includes(text) ? state.kept : [...state.kept, text]
  const count = kept.length === 1 ? 'one view is' : `${kept.length} views are`
  return { ...state, kept, message: `This view is printed when you leave; ${count} waiting.` }
}

function copy(state: State, text: string | null, otherwise: string): Update {
  if (text === null) return only({ ...state, message: otherwise })
  const effects: Effect[] = [{ kind: 'copy', text }]
  return { state: { ...state, message: copiedText(text) }, effects }
}

function fold(state: State): State {
  const page = currentPage(state)
  if (page.kind !== 'list') return state
  const data = dataOf(state, page)
  const row = selectedRow(page)
  if (data === null || row === null || !isForest(page, data)) return state
  const key = data.key(row)
  const canFold = (data.tree?.(row).below ?? 0) > 0 && !page.folded.has(key)
  if (!canFold) return withPage(state, moveToParent(page, data))
  return changed(state, () => ({ folded: new Set([...page.folded, key]), selected: key }))
}

function unfold(state: State): State {
  const page = currentPage(state)
  if (page.kind !== 'list') return state
  const data = dataOf(state, page)
  const row = selectedRow(page)
  if (data === null || row === null || !isForest(page, data)) return state
  const key = data.key(row)
  if (page.folded.has(key))
    return changed(state, () => ({
      folded: new Set([...page.folded].filter((each) => each !== key)),
      selected: key,
    }))
  const hasAbove = (data.tree?.(row).below ?? 0) > 0
  return hasAbove ? withPage(state, moveTo(page, data, page.cursor + 1)) : state
}

function toggleFold(state: State): State {
  const page = currentPage(state)
  const row = page.kind === 'list' ? selectedRow(page) : null
  if (page.kind !== 'list' || row === null) return state
  const key = dataOf(state, page)?.key(row) ?? ''
  return page.folded.has(key) ? unfold(state) : fold(state)
}

/** Folds every layer that something stands on, or every kind; what was selected is then inside the one that hides it. */
function foldAll(state: State): State {
  const page = currentPage(state)
  const data = page.kind === 'list' ? dataOf(state, page) : null
  if (page.kind !== 'list' || data === null) return state
  const folded = new Set<string>()
  for (let row = 0; row < data.count; row++) {
    const below = data.tree?.(row).below ?? 0
    // The kinds of the build cache are folded, the stores of the layers stay open.
    if (below > 0 && (!data.isHeading(row) || page.view === 'cache')) folded.add(data.key(row))
  }
  let row = selectedRow(page)
  for (let parent = row; parent !== null; parent = data.tree?.(parent).parent ?? null)
    if (!data.isHeading(parent) || page.view === 'cache') row = parent
  const selected = row === null ? null : data.key(row)
  return changed(state, () => ({ folded, selected, top: 0 }))
}

function isOnWays(state: State): boolean {
  const page = currentPage(state)
  return page.kind === 'document' && page.subject.kind === 'ways'
}
