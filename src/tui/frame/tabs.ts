import { isHex64, shortId } from '../../model/ids.ts'
import { categoryText } from '../documents/categories.ts'
import { subjectTitle } from '../documents/page-text.ts'
import { refKey } from '../objects.ts'
import { currentPage, type Page, type Place, type State, VIEWS, type ViewId } from '../state.ts'
import { type Line, line, lineWidth, type Span, span } from '../text/line.ts'
import { glyphsOf } from '../text/look.ts'

const NAMES: Readonly<Record<ViewId, string>> = {
  overview: 'Overview',
  images: 'Images',
  layers: 'Layers',
  containers: 'Containers',
  volumes: 'Volumes',
  cache: 'Cache',
}

/** Fewer columns than that have no room for all names with their keys. */
const ALL_NAMES = 58

/** The first line: the views with their keys, the one on screen marked. */
export function tabsLine(state: State, width: number): Line {
  // A narrow screen names the view that one is on; the others keep their keys.
  const isShort = width < ALL_NAMES
  const gap = width >= 64 + 12 ? '  ' : ' '
  const tabs = VIEWS.flatMap((view, index): Span[] => {
    const text = isShort && view !== state.view ? String(index + 1) : `${index + 1} ${NAMES[view]}`
    return [span(index === 0 ? '' : gap), span(text, view === state.view ? 'active' : 'plain')]
  })
  const name = line('layerscope', 'strong')
  const room = width - lineWidth(tabs) - lineWidth(name)
  return room < 2 ? tabs : [...tabs, span(' '.repeat(room)), ...name]
}

/** From where to where one went: the view, and each page that was opened from there. */
export function trailLine(state: State): Line {
  const { leads, marked } = glyphsOf(state.look)
  const names = [NAMES[state.view], ...state.opened.map((page) => pageName(page, state))]
  const trail = names.flatMap((name, index) => [
    ...(index === 0 ? [] : [span(` ${leads} `, 'faint')]),
    span(name, index === names.length - 1 ? 'strong' : 'faint'),
  ])
  return isAboutMarked(state) ? [...trail, span(`  ${marked} marked`, 'strong')] : trail
}

function isAboutMarked(state: State): boolean {
  const page = currentPage(state)
  return (
    page.kind === 'document' && page.subject.kind === 'object' && state.marks.has(refKey(page.subject.ref))
  )
}

function pageName(page: Page, state: State): string {
  if (page.kind === 'document') return subjectTitle(page.subject, state.report)
  return page.view === 'files' ? lastName(page.place) : NAMES[page.view]
}

/** A category by its name, a directory by its own, the hex of ids shortened; a root by its path. */
function lastName(place: Place | null): string {
  if (place === null) return ''
  if (place.category !== undefined) return categoryText(place.category).name
  const name = place.path.slice(place.path.lastIndexOf('/') + 1)
  if (name === '') return place.root
  return isHex64(name) ? shortId(name) : name
}
