import type { TourView } from '../../report/tour.ts'
import { moveTo } from '../lists/move.ts'
import { refKey } from '../objects.ts'
import { dataOf, rearranged } from '../pages/page-data.ts'
import { documentPage, initialViews, type ListPage, listPage, type State } from '../state.ts'
import { stopsOf } from './box.ts'

/** Brings the UI to a stop: the views are as at the start, but for what the stop shows. */
export function atStop(state: State, stop: number): State {
  if (state.tour === null || state.report === null) return state
  const stops = stopsOf(state.report, state.units)
  const place = Math.max(0, Math.min(stop, stops.length - 1))
  const view = stops[place]?.view
  if (view === undefined) return state
  return shown(
    { ...state, tour: { stop: place, isFree: false }, views: initialViews(), opened: [], typing: false },
    view,
  )
}

function shown(state: State, view: TourView): State {
  switch (view.kind) {
    case 'overview':
      return { ...state, view: 'overview' }
    case 'list':
      return {
        ...state,
        view: view.view,
        views: {
          ...state.views,
          [view.view]: listAt(state, { ...listPage(view.view), all: view.all }, refKey(view.at)),
        },
      }
    case 'explain':
      return { ...state, view: 'images', opened: [documentPage({ kind: 'explain', ref: view.ref })] }
    case 'object': {
      const from =
        view.ref.kind === 'layer' ? 'layers' : view.ref.kind === 'container' ? 'containers' : 'images'
      return { ...state, view: from, opened: [documentPage({ kind: 'object', ref: view.ref })] }
    }
  }
}

/** A list with an object selected, where it is there. */
function listAt(state: State, page: ListPage, key: string): ListPage {
  const data = dataOf(state, page)
  if (data === null) return page
  const arranged = rearranged(state, page)
  const place = arranged.order.findIndex((row) => {
    const ref = data.ref(row)
    return ref !== null && refKey(ref) === key
  })
  return place === -1 ? arranged : moveTo(arranged, data, place)
}
