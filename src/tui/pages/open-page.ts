import type { Target } from '../documents/document.ts'
import { moveToItem, selectedItem } from '../documents/move.ts'
import { selectedRow } from '../lists/move.ts'
import { whyNotRemovable } from '../marks/why-not.ts'
import type { ObjectRef } from '../objects.ts'
import {
  currentPage,
  documentPage,
  listPage,
  type Page,
  pageHeight,
  type State,
  type Subject,
  withPage,
} from '../state.ts'
import { dataOf, textOf } from './page-data.ts'

/** Where Enter leads from what is selected on screen; null where nothing leads anywhere. */
export function selectedTarget(state: State): Target | null {
  const page = currentPage(state)
  if (page.kind === 'document')
    return selectedItem(page, textOf(state, page), pageHeight(state, page))?.target ?? null
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
    const page = { ...listPage(target.view, target.sort), filter: target.filter ?? '' }
    return opened(state, page)
  }
  return opened(state, documentPage(subjectOf(target)))
}

/** The same with one of its lines selected. */
export function openTargetAt(state: State, target: Target, item: string | null): State {
  const next = openTarget(state, target)
  const page = currentPage(next)
  if (item === null || page.kind !== 'document') return next
  return withPage(next, moveToItem(page, item, textOf(next, page), pageHeight(next, page)))
}

export const openSubject = (state: State, subject: Subject): State => opened(state, documentPage(subject))

const opened = (state: State, page: Page): State => ({ ...state, opened: [...state.opened, page] })

function subjectOf(target: Exclude<Target, { kind: 'list' }>): Subject {
  switch (target.kind) {
    case 'object':
      return { kind: 'object', ref: target.ref }
    case 'findings':
      return { kind: 'findings' }
    case 'ways':
      return { kind: 'ways' }
    case 'file':
      return { kind: 'file', root: target.root, path: target.path }
    case 'command-plan':
      return { kind: 'command-plan', root: target.root, command: target.command }
    case 'category':
      return { kind: 'category', category: target.category }
  }
}
