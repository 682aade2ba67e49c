import type { Image } from '../../model/model.ts'
import { Conflict } from './conflict.ts'
import { checkFilters, danglingOnly, type Filters, isYounger, matchLabels, untilOf } from './filters.ts'
import { pruneRows } from './prune-rows.ts'
import { referenceKey } from './references.ts'
import { deleteImage } from './remove-image.ts'
import type { State } from './state.ts'

/**
 * Removes images as `docker image prune` does, one name after the other; gives the bytes that docker says: the recorded
 * sizes of the layers that went. Throws Refused (daemon/images/image_prune.go).
 */
export function pruneImages(state: State, { all, filters }: { all: boolean; filters: Filters }): number {
  const asked = withDangling(filters, all)
  checkFilters(asked, ['dangling', 'label', 'label!', 'until'], state.rules)
  const onlyDangling = danglingOnly(asked, state.rules)
  if (state.ground.collection !== null) return pruneRows(state, onlyDangling, asked)
  const before = state.removedLayers.size
  for (const image of candidates(state, asked, onlyDangling)) {
    const references = state.referencesOf(image.id)
    if (references.length === 0) tryToDelete(state, image.id.replace(/^sha256:/, ''))
    else if (!onlyDangling || references.every(({ tag }) => tag === null))
      for (const reference of references) tryToDelete(state, referenceKey(reference))
  }
  const { layers } = state.ground.at
  return [...state.removedLayers]
    .slice(before)
    .reduce((sum, id) => sum + (layers.get(id)?.recordedBytes ?? 0), 0)
}

/** The command line says it by a filter of its own: without `-a` it asks for dangling ones. */
function withDangling(filters: Filters, all: boolean): Filters {
  const dangling = new Set([...(filters.get('dangling') ?? []), String(!all)])
  return new Map([...filters, ['dangling', dangling]])
}

/** What the prune looks at, settled before the first image goes. */
function candidates(state: State, filters: Filters, onlyDangling: boolean): Image[] {
  const until = untilOf(filters, state)
  return state.images().filter((image) => {
    if (onlyDangling && state.hasChildren(image.id)) return false
    if (until !== null && image.created === null && state.rules.untilSkipsUndated) return false
    return !isYounger(image.created, until) && matchLabels(filters, image.labels)
  })
}

/** A prune passes over what cannot be removed. */
function tryToDelete(state: State, typed: string): void {
  try {
    deleteImage(state, typed, { force: false, pruneParents: true })
  } catch (error) {
    if (!(error instanceof Conflict)) throw error
  }
}
