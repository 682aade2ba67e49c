import { moveToItem } from '../documents/move.ts'
import type { ListData } from '../lists/list-data.ts'
import { moveTo, selectedRow } from '../lists/move.ts'
import { listData } from '../lists/sources.ts'
import { type ObjectRef, refKey } from '../objects.ts'
import {
  currentPage,
  type DocumentPage,
  displayOf,
  type ListPage,
  pageHeight,
  type State,
  withPage,
} from '../state.ts'
import { openTarget } from './open-page.ts'
import { dataOf, rearranged, textOf } from './page-data.ts'

export type ChainEnd = 'base' | 'top'

/** To the base of a chain or to its top: in the forest, on the page of a layer, and in the chain of an image. */
export function toChainEnd(state: State, end: ChainEnd): State {
  const page = currentPage(state)
  if (page.kind === 'list') return inForest(state, page, end)
  const { subject } = page
  if (subject.kind === 'object' && subject.ref.kind === 'layer') return fromLayer(state, subject.ref, end)
  if (subject.kind === 'object' && subject.ref.kind === 'image') return inImage(state, page, end)
  return { ...state, message: 'Layers and images have a chain; this has none.' }
}

function inForest(state: State, page: ListPage, end: ChainEnd): State {
  const data = dataOf(state, page)
  const row = selectedRow(page)
  if (data === null || row === null || data.isHeading(row)) return state
  const at = endOfChain(data, row, end)
  if (at === row) return { ...state, message: alreadyThere(end) }
  const shown = rearranged(state, { ...page, folded: withoutFoldsAround(page.folded, data, at) })
  const place = shown.order.indexOf(at)
  if (place === -1) return { ...state, message: 'The filter hides it: Esc clears the filter.' }
  return withPage(state, moveTo(shown, data, place))
}

/** Opens the layer at the end, from which Esc comes back. */
function fromLayer(state: State, ref: ObjectRef, end: ChainEnd): State {
  const { report } = state
  if (report === null) return state
  const data = listData(report, { view: 'layers', all: false }, displayOf(state, report))
  const row = data.find(refKey(ref))
  const at = row === null ? null : endOfChain(data, row, end)
  const target = at === null ? null : data.ref(at)
  if (at === row || target === null) return { ...state, message: alreadyThere(end) }
  return openTarget(state, { kind: 'object', ref: target })
}

/** The first or the last step that left a layer. */
function inImage(state: State, page: DocumentPage, end: ChainEnd): State {
  const text = textOf(state, page)
  const steps = text.items.filter(({ key }) => key.startsWith('step '))
  const step = end === 'base' ? steps[0] : steps.at(-1)
  if (step === undefined) return { ...state, message: 'This image has no layers.' }
  return withPage(state, moveToItem(page, step.key, text, pageHeight(state, page)))
}

/** The layer that everything here stands on, or the last of those that follow on it; at branches the heaviest. */
function endOfChain(data: ListData, row: number, end: ChainEnd): number {
  let at = row
  if (end === 'base') {
    for (let parent = parentOf(data, at); parent !== null; parent = parentOf(data, at)) at = parent
    return at
  }
  // The heaviest of those above follows directly.
  while ((data.tree?.(at).below ?? 0) > 0) at++
  return at
}

/** A heading is no layer. */
function parentOf(data: ListData, row: number): number | null {
  const parent = data.tree?.(row).parent ?? null
  return parent === null || data.isHeading(parent) ? null : parent
}

/** What hides the row is unfolded. */
function withoutFoldsAround(folded: ReadonlySet<string>, data: ListData, row: number): ReadonlySet<string> {
  if (folded.size === 0) return folded
  const open = new Set(folded)
  for (
    let parent = data.tree?.(row).parent ?? null;
    parent !== null;
    parent = data.tree?.(parent).parent ?? null
  )
    open.delete(data.key(parent))
  return open
}

const alreadyThere = (end: ChainEnd): string =>
  end === 'base' ? 'This is the base of its chain.' : 'This is the top of its chain: nothing stands on it.'
