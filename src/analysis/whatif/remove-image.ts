import { shortId } from '../../model/ids.ts'
import type { Container, Image } from '../../model/model.ts'
import { Conflict, NotThere } from './conflict.ts'
import {
  BadReference,
  completed,
  familiar,
  isSingleReference,
  parseReference,
  parseTyped,
  type Reference,
} from './references.ts'
import { deleteRows } from './remove-rows.ts'
import type { State } from './state.ts'

const DAEMON = 'Error response from daemon: '

/**
 * Removes what a name, id or id prefix stands for, as `docker rmi` does: a name first, then the image where nothing
 * holds it, then its unnamed parents. Throws Conflict (daemon/images/image_delete.go, ImageDelete).
 */
export function deleteImage(
  state: State,
  typed: string,
  { force, pruneParents }: { force: boolean; pruneParents: boolean },
): void {
  const image = resolveImage(state, typed)
  const references = state.referencesOf(image)
  const byName = !isIdPrefix(image, typed)
  const held = state.ground.images.get(image)
  if (state.ground.collection !== null && held !== undefined) {
    const named = byName ? completed(parseReference(typed)) : null
    deleteRows(state, held, named, { force, pruneParents })
    return
  }
  if (byName) {
    if (!force && isSingleReference(references)) {
      const [user] = state.containersOf(image)
      if (user !== undefined) throw new Conflict(usedReference(typed, user, image))
    }
    untagWithDigests(state, image, completed(parseReference(typed)))
    if (state.referencesOf(image).length > 0) return
  } else if (isSingleReference(references)) {
    const conflict = findConflict(state, image, { ...SOFT_AND_HARD, stopped: !force, named: false })
    if (conflict !== null) throw new Conflict(conflict)
    for (const reference of references) state.untag(image, reference)
  }
  deleteUnlessHeld(state, image, { force, pruneParents, quiet: byName })
}

/** The image that was meant. Throws Conflict where there is none (daemon/images/image.go, GetImage). */
function resolveImage(state: State, typed: string): string {
  const missing = (): NotThere => {
    let name = /^[a-f0-9]{64}$/.test(typed) ? `sha256:${typed}` : typed
    try {
      name = familiar(completed(parseReference(typed)))
    } catch {
      // It is an id, which the engine prints as it stands.
    }
    return new NotThere(state.rules.words.noSuchImage(typed, name))
  }
  try {
    const meant = parseTyped(typed)
    if ('id' in meant) {
      // Ids of the legacy graph stand without their algorithm.
      const id = state.ground.at.store.layout === 'graph' ? meant.id.slice('sha256:'.length) : meant.id
      if (state.hasImage(id)) return id
      throw missing()
    }
    const named = state.imageOf(completed(meant.name))
    if (named !== null) {
      const isAmbiguous =
        state.ground.collection !== null && imagesByPrefix(state, typed).some(({ id }) => id !== named)
      if (isAmbiguous) throw new Conflict(`${DAEMON}ambiguous reference`)
      return named
    }
    if (state.ground.collection !== null) {
      const { repository, digest } = meant.name
      // Containerd's images are found by their digest as well, under a name that they have.
      const isNamed = state.referencesOf(digest ?? '').some((each) => each.repository === repository)
      if (digest !== null && isNamed && state.hasImage(digest)) return digest
    }
  } catch (error) {
    if (!(error instanceof BadReference)) throw error
    const { upperCasePath, message } = error
    throw new Conflict(
      DAEMON + (upperCasePath === null ? message : state.rules.words.upperCaseName(upperCasePath)),
    )
  }
  const [only, ...more] = imagesByPrefix(state, typed)
  if (only === undefined || more.length > 0) throw missing()
  return only.id
}

/** Containerd's images are found by at least four digits and without the algorithm (daemon/containerd/image.go, 28.5.2). */
function imagesByPrefix(state: State, typed: string): Image[] {
  const isInContainerd = state.ground.collection !== null
  const prefix = isInContainerd ? typed : typed.replace(/^sha256:/, '')
  if (!(isInContainerd ? /^[a-f0-9]{4,64}$/ : /^[a-f0-9]+$/).test(prefix)) return []
  return state.images().filter(({ id }) => id.replace(/^sha256:/, '').startsWith(prefix))
}

const isIdPrefix = (image: string, typed: string): boolean =>
  image.startsWith(typed) || image.slice(image.indexOf(':') + 1).startsWith(typed)

const usedReference = (typed: string, user: Container, image: string): string =>
  `${DAEMON}conflict: unable to remove repository reference ${JSON.stringify(typed)} (must force) - container ${shortId(user.id)} is using its referenced image ${shortId(image)}`

/** With the last tag of a repository its digests go too. */
function untagWithDigests(state: State, image: string, reference: Reference): void {
  state.untag(image, reference)
  if (reference.digest !== null) return
  const sameRepository = state
    .referencesOf(image)
    .filter(({ repository }) => repository === reference.repository)
  if (sameRepository.some(({ digest }) => digest === null)) return
  for (const each of sameRepository) state.untag(image, each)
}

/** Which kinds of conflict count. */
interface Mask {
  readonly children: boolean
  readonly running: boolean
  readonly named: boolean
  readonly stopped: boolean
}

const HARD: Mask = { children: true, running: true, named: false, stopped: false }
const SOFT_AND_HARD: Mask = { children: true, running: true, named: true, stopped: true }

/** Why the image cannot go, in docker's words; null where nothing is in the way. */
function findConflict(state: State, image: string, mask: Mask): string | null {
  const conflict = (how: 'cannot' | 'must', why: string): string =>
    `${DAEMON}conflict: unable to delete ${shortId(image)} (${how} be forced) - ${why}`
  if (mask.children && state.hasChildren(image)) return conflict('cannot', 'image has dependent child images')
  const users = state.containersOf(image)
  const running = users.find((user) => state.runs(user))
  if (mask.running && running !== undefined)
    return conflict('cannot', `image is being used by running container ${shortId(running.id)}`)
  if (mask.named && state.referencesOf(image).length > 0)
    return conflict('must', 'image is referenced in multiple repositories')
  const stopped = users.find((user) => !state.runs(user))
  if (mask.stopped && stopped !== undefined)
    return conflict('must', `image is being used by stopped container ${shortId(stopped.id)}`)
  return null
}

/** Deletes the image and then, where asked, every parent that nothing else needs; a quiet one passes over conflicts. */
function deleteUnlessHeld(
  state: State,
  image: string,
  { force, pruneParents, quiet }: { force: boolean; pruneParents: boolean; quiet: boolean },
): void {
  const conflict = findConflict(state, image, force ? HARD : SOFT_AND_HARD)
  if (conflict !== null) {
    if (quiet) return
    throw new Conflict(conflict)
  }
  remove(state, image)
  if (!pruneParents) return
  for (let parent = parentOf(state, image); parent !== null; parent = parentOf(state, parent)) {
    if (findConflict(state, parent, SOFT_AND_HARD) !== null) return
    remove(state, parent)
  }
}

function remove(state: State, image: string): void {
  for (const reference of state.referencesOf(image)) state.untag(image, reference)
  state.removeImage(image)
}

function parentOf(state: State, image: string): string | null {
  const parent = state.ground.images.get(image)?.parent ?? null
  return parent !== null && state.hasImage(parent) ? parent : null
}
