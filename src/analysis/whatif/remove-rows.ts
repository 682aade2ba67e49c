import { shortId } from '../../model/ids.ts'
import type { Image } from '../../model/model.ts'
import { Conflict } from './conflict.ts'
import { rowsOf } from './prune-rows.ts'
import { familiar, type Reference } from './references.ts'
import type { State } from './state.ts'

const DAEMON = 'Error response from daemon: '

/**
 * Removes an image that containerd holds as `docker rmi` does. A name that is not the last goes alone; with the last
 * one the image goes, and its unnamed parents (daemon/containerd/image_delete.go, ImageDelete). Throws Conflict.
 */
export function deleteRows(
  state: State,
  image: Image,
  named: Reference | null,
  { force, pruneParents }: { force: boolean; pruneParents: boolean },
): void {
  const names = state.referencesOf(image.id)
  const same = sameReferences(names, named)
  const isAll = same.length === names.length
  if (named !== null) {
    if (!isAll) {
      for (const reference of same) state.untag(image.id, reference)
      return
    }
    const [user] = state.containersOf(image.id)
    if (user !== undefined) {
      if (!force)
        throw new Conflict(
          `${DAEMON}conflict: unable to delete ${familiar(named)} (must be forced) - container ${shortId(user.id)} is using its referenced image ${shortId(image.id)}`,
        )
      for (const reference of names) state.untag(image.id, reference)
      state.addDangling(image.id)
      return
    }
  }
  // By id a single name is no obstacle, nor are several of one repository and tag.
  const countsNames = !force && (named === null ? !isAll : rowsOf(state, image).length === 1)
  deleteAll(state, image, { force, countsNames })
  if (pruneParents) deleteParents(state, image, rowsOfBefore(names, image, state))
}

/** The names that count as the one that was meant: of the same repository, with the same tag or with none. */
function sameReferences(names: readonly Reference[], named: Reference | null): Reference[] {
  const meant = named ?? names[0]
  if (meant === undefined) return []
  const ofRepository = names.filter(({ repository }) => repository === meant.repository)
  if (meant.tag === null) return ofRepository
  const otherTags = ofRepository.some(({ tag }) => tag !== null && tag !== meant.tag)
  return ofRepository.filter(({ tag }) => (tag === null ? !otherTags : tag === meant.tag))
}

function deleteAll(
  state: State,
  image: Image,
  { force, countsNames }: { force: boolean; countsNames: boolean },
): void {
  const rows = rowsOf(state, image)
  const conflict = conflictOf(state, image, { stopped: !force, names: countsNames ? rows.length : 0 })
  if (conflict !== null) throw new Conflict(DAEMON + conflict)
  const keepsForChildren =
    countsNames && rows.length === 1 && rows[0]?.reference !== null && state.hasChildren(image.id)
  for (const { reference } of rows)
    if (reference === null) state.dropDangling(image.id)
    else state.untag(image.id, reference)
  if (keepsForChildren) state.addDangling(image.id)
  else state.removeImage(image.id)
}

/**
 * Build steps below it, up to the first that has a name or is in use; none where one further down is missing, since the engine
 * collects all of them before it removes any (daemon/containerd/image_children.go, parents; seen of 28.5.2).
 */
function deleteParents(state: State, image: Image, rows: number): void {
  const parents: Image[] = []
  for (let { parent } = image; parent !== null; ) {
    const found = state.ground.images.get(parent)
    if (found === undefined || !state.hasImage(parent) || parents.includes(found)) return
    parents.push(found)
    parent = found.parent
  }
  for (const parent of parents) {
    if (state.referencesOf(parent.id).length > 0) return
    if (conflictOf(state, parent, { stopped: true, names: rows }) !== null) return
    state.dropDangling(parent.id)
    state.removeImage(parent.id)
  }
}

const rowsOfBefore = (names: readonly Reference[], image: Image, state: State): number =>
  names.length + Number(state.isDangling(image.id))

function conflictOf(
  state: State,
  image: Image,
  { stopped, names }: { stopped: boolean; names: number },
): string | null {
  const refuse = (how: string, why: string): string =>
    `conflict: unable to delete ${shortId(image.id)} (${how}) - ${why}`
  const users = state.containersOf(image.id)
  const running = users.find((user) => state.runs(user))
  if (running !== undefined)
    return refuse('cannot be forced', `image is being used by running container ${shortId(running.id)}`)
  const [user] = users
  if (stopped && user !== undefined)
    return refuse('must be forced', `image is being used by stopped container ${shortId(user.id)}`)
  return names > 1 ? refuse('must be forced', 'image is referenced in multiple repositories') : null
}
