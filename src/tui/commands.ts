import { only, type Update } from './events.ts'
import { openExport } from './export/prompt.ts'
import type { CommandId } from './key-table.ts'
import { clearMarks, toggleMark } from './marks/marks.ts'
import { withoutPending } from './pages/ask.ts'
import { changed, nextSort } from './pages/change-list.ts'
import { copyCommand, copyPath, copyText } from './pages/copy.ts'
import { fold, foldAll, unfold } from './pages/fold.ts'
import { type Movement, movePage } from './pages/move-page.ts'
import { objectToMark, openSubject } from './pages/open-page.ts'
import { browseSelected, explained, openSelected, withChosenRow } from './pages/open-selected.ts'
import { toChainEnd } from './pages/to-chain-end.ts'
import { withFilter } from './pages/type-filter.ts'
import { openPalette } from './palette/palette.ts'
import {
  contextOf,
  currentPage,
  isScanning,
  STARTING,
  type State,
  type Subject,
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
      if (state.tour?.stop === 0)
        return only({ ...state, message: 'This is the first stop. Enter leaves the tour, q quits.' })
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
      return only(openSubject(state, { kind: 'help', context: contextOf(state), about: aboutOf(state) }))
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

/** Keeps the view on screen as text, to be printed once the terminal is given back. */
function keep(state: State): State {
  const text = viewText(state)
  if (text === null) return { ...state, message: 'There is nothing to print yet.' }
  const kept = state.kept.includes(text) ? state.kept : [...state.kept, text]
  const count = kept.length === 1 ? 'one view is' : `${kept.length} views are`
  return { ...state, kept, message: `This view is printed when you leave; ${count} waiting.` }
}

function aboutOf(state: State): Subject['kind'] | null {
  const page = currentPage(state)
  return page.kind === 'document' ? page.subject.kind : null
}

function isOnWays(state: State): boolean {
  const page = currentPage(state)
  return page.kind === 'document' && page.subject.kind === 'ways'
}
