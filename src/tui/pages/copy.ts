import { type Effect, only, type Update } from '../events.ts'
import { objectCommand, pathCommand } from '../object-command.ts'
import { objectDirectory } from '../objects.ts'
import { currentPage, type Place, type State } from '../state.ts'
import { selectedCommand, selectedObject, selectedTarget } from './open-page.ts'

/** Commands where they are what is selected, else the id of the object. */
export const copyText = (state: State): Update =>
  copy(
    state,
    selectedPath(state) ?? selectedCommand(state) ?? selectedObject(state)?.id ?? null,
    'Nothing with an id is selected.',
  )

/** The directory of what is selected; of a file, the one that it is in. */
export function copyPath(state: State): Update {
  const selected = selectedPath(state)
  if (selected !== null) {
    const isDirectory = selectedTarget(state)?.kind === 'directory'
    return copy(state, isDirectory ? selected : selected.slice(0, selected.lastIndexOf('/')), '')
  }
  const ref = selectedObject(state)
  const path = ref === null || state.report === null ? null : objectDirectory(state.report, ref)
  return copy(
    state,
    path,
    ref === null ? 'Nothing with a directory is selected.' : 'It has no directory on this disk.',
  )
}

/** The command that frees what is selected, or that tells more of it. */
export function copyCommand(state: State): Update {
  const ref = selectedObject(state)
  const place = ref === null ? selectedPlace(state) : null
  const command =
    selectedCommand(state) ??
    (place === null ? null : pathCommand(place)) ??
    (ref === null || state.report === null ? null : objectCommand(state.report, ref))
  const otherwise =
    ref === null && place === null
      ? 'No command belongs to what is selected.'
      : 'The sample is on no disk: no command reaches it.'
  return copy(state, command, otherwise)
}

/** Its absolute path. */
function selectedPath(state: State): string | null {
  const place = selectedPlace(state)
  return place === null ? null : `${place.root}/${place.path}`
}

/** The entry that is selected, or that the page is about. */
function selectedPlace(state: State): Place | null {
  const page = currentPage(state)
  const target = selectedTarget(state)
  if (page.kind === 'document' && page.subject.kind === 'entry') return page.subject.place
  return target?.kind === 'directory' || target?.kind === 'entry' ? target.place : null
}

function copy(state: State, text: string | null, otherwise: string): Update {
  if (text === null) return only({ ...state, message: otherwise })
  const effects: Effect[] = [{ kind: 'copy', text }]
  return { state: { ...state, message: copiedText(text) }, effects }
}

const copiedText = (text: string): string => {
  const lines = text.split('\n').length
  return lines === 1 ? `Copied ${text}` : `Copied ${lines} commands.`
}
