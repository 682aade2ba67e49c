import type { Report } from '../../report/schema.ts'
import { ALL_CATEGORIES } from '../documents/category-page.ts'
import type { Target } from '../documents/document.ts'
import { moveToItem, selectedItem } from '../documents/move.ts'
import { selectedRow } from '../lists/move.ts'
import { whyNotRemovable } from '../marks/why-not.ts'
import { logPlaces, type ObjectRef, objectPlace } from '../objects.ts'
import {
  currentPage,
  documentPage,
  type ListPage,
  listPage,
  type Page,
  type Place,
  pageHeight,
  type Sort,
  type State,
  type Subject,
  withPage,
} from '../state.ts'
import { browsedOf, dataOf, textOf } from './page-data.ts'

/** Where Enter leads from what is selected on screen; null where nothing leads anywhere. */
export function selectedTarget(state: State): Target | null {
  const page = currentPage(state)
  if (page.kind === 'document')
    return selectedItem(page, textOf(state, page), pageHeight(state, page))?.target ?? null
  if (page.view === 'files') return selectedEntry(state, page)
  const row = selectedRow(page)
  const ref = row === null ? null : (dataOf(state, page)?.ref(row) ?? null)
  return ref === null ? null : { kind: 'object', ref }
}

/** The command that the selected line is about; null where it is about none. */
export function selectedCommand(state: State): string | null {
  const page = currentPage(state)
  if (page.kind !== 'document') return null
  return selectedItem(page, textOf(state, page), pageHeight(state, page))?.command ?? null
}

/** What a mark goes to: the selected object where docker can remove it, else the one that the page is about. */
export function objectToMark(state: State): ObjectRef | null {
  const selected = selectedObject(state)
  const page = currentPage(state)
  const subject = page.kind === 'document' && page.subject.kind === 'object' ? page.subject.ref : null
  if (state.report === null || selected === null || subject === null) return selected
  return whyNotRemovable(state.report, selected) === null ? selected : subject
}

/** A directory opens, anything else shows what is known of it. */
function selectedEntry(state: State, page: ListPage): Target | null {
  const browsed = browsedOf(state, page)
  const row = selectedRow(page)
  if (browsed === null || row === null || page.place === null) return null
  const { data, listing } = browsed
  const { root } = page.place
  const name = data.key(row)
  // Among the paths of a category the root itself is one.
  const path = name === '.' ? '' : listing.path === '' ? name : `${listing.path}/${name}`
  const isDirectory = data.cell(row, 'kind').value === 'directory'
  return { kind: isDirectory ? 'directory' : 'entry', place: { root, path } }
}

/** What is looked into from what is selected: its directory, or its log where logs are listed; null where there is none. */
export function browsableTarget(state: State): Target | null {
  const page = currentPage(state)
  if (page.kind === 'list' && page.category === 'container-logs') return selectedLog(state)
  const place = browsablePlace(state)
  return place === null ? null : { kind: 'directory', place }
}

/** The log of the selected container; where it is in several files, the directory that has them. */
function selectedLog(state: State): Target | null {
  const ref = selectedObject(state)
  if (ref === null || state.report === null) return null
  const { root, paths } = logPlaces(state.report, ref)
  const [path] = paths
  if (path === undefined) return null
  return paths.length === 1
    ? { kind: 'entry', place: { root, path } }
    : { kind: 'directory', place: { root, path: path.slice(0, path.lastIndexOf('/')) } }
}

/** The directory that is made of what is selected, or that the page is about; null where it has none. */
function browsablePlace(state: State): Place | null {
  const target = selectedTarget(state)
  if (target?.kind === 'directory') return target.place
  const { report } = state
  const page = currentPage(state)
  const ref = selectedObject(state)
  if (report === null) return null
  if (ref !== null) return objectPlace(report, ref)
  const subject = page.kind === 'document' ? page.subject : null
  const category = categoryOf(target) ?? (subject?.kind === 'category' ? subject.category : null)
  if (category !== null && category !== ALL_CATEGORIES) return categoryPlace(report, category)
  const [root] = report.roots
  const isWhole = subject?.kind === 'overview' || category === ALL_CATEGORIES
  return isWhole && root !== undefined ? { root: root.path, path: '' } : null
}

const categoryOf = (target: Target | null): string | null =>
  target?.kind === 'category' || target?.kind === 'list' ? (target.category ?? null) : null

/** The paths of a category in the root that has most of it: one directory is looked into at a time. */
function categoryPlace({ ledger }: Report, category: string): Place | null {
  const [entry] = ledger.entries
    .filter((each) => each.category === category)
    .toSorted((a, b) => b.disk - a.disk)
  return entry === undefined ? null : { root: entry.root, path: '', category }
}

/** The object that the keys for copying mean: the one selected, else the one that the page is about. */
export function selectedObject(state: State): ObjectRef | null {
  const target = selectedTarget(state)
  if (target?.kind === 'object') return target.ref
  const page = currentPage(state)
  if (page.kind !== 'document') return null
  const { subject } = page
  return subject.kind === 'object' || subject.kind === 'explain' ? subject.ref : null
}

/** Opens a page on top of the one on screen, which is there again after Esc. */
export function openTarget(state: State, target: Target): State {
  if (target.kind === 'list') {
    const { view, sort, filter = '', all = false, category = null } = target
    return opened(state, { ...listPage(view, sort), filter, all, category })
  }
  if (target.kind === 'directory') return openDirectory(state, target.place)
  const next = opened(state, documentPage(subjectOf(target)))
  const item = target.kind === 'object' || target.kind === 'category' ? target.item : undefined
  return item === undefined ? next : atItem(next, item)
}

/** The same with one of its lines selected. */
export function openTargetAt(state: State, target: Target, item: string | null): State {
  const next = openTarget(state, target)
  return item === null ? next : atItem(next, item)
}

function atItem(state: State, item: string): State {
  const page = currentPage(state)
  if (page.kind !== 'document') return state
  return withPage(state, moveToItem(page, item, textOf(state, page), pageHeight(state, page)))
}

const openDirectory = (state: State, place: Place): State =>
  opened(state, { ...listPage('files'), sort: lastSort(state), place })

/** A directory below another is shown in the same order. */
function lastSort(state: State): Sort {
  const page = currentPage(state)
  return page.kind === 'list' && page.view === 'files' ? page.sort : listPage('files').sort
}

export const openSubject = (state: State, subject: Subject): State => opened(state, documentPage(subject))

const opened = (state: State, page: Page): State => ({ ...state, opened: [...state.opened, page] })

function subjectOf(target: Exclude<Target, { kind: 'list' | 'directory' }>): Subject {
  switch (target.kind) {
    case 'object':
      return { kind: 'object', ref: target.ref }
    case 'entry':
      return { kind: 'entry', place: target.place }
    case 'findings':
      return target
    case 'ways':
    case 'engine-views':
    case 'largest':
      return { kind: target.kind }
    case 'file':
      return { kind: 'file', root: target.root, path: target.path }
    case 'command-plan':
      return { kind: 'command-plan', root: target.root, command: target.command }
    case 'category':
      return { kind: 'category', category: target.category }
  }
}
