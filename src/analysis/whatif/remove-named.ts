import type { Container } from '../../model/model.ts'
import { Conflict, NotThere } from './conflict.ts'
import { remarkUncounted } from './prune-volumes.ts'
import { deleteImage } from './remove-image.ts'
import type { State } from './state.ts'

/** What docker refuses of a list of names: the one it is about, and its words. */
export interface Refusal {
  readonly object: string
  readonly message: string
}

type Named<T extends string> = { readonly names: readonly string[]; readonly force: boolean } & Readonly<
  Record<T, boolean>
>

/** `docker rmi`: the names one after the other; what is refused does not stop the rest. */
export const removeImages = (state: State, { names, force, noPrune }: Named<'noPrune'>): Refusal[] =>
  eachName(state, { names, force }, (typed) =>
    deleteImage(state, imageAskedFor(state, typed), { force, pruneParents: !noPrune }),
  )

/** `docker rm`; with `volumes` also those of its volumes that nobody named and nobody else uses. */
export const removeContainers = (state: State, { names, force, volumes }: Named<'volumes'>): Refusal[] =>
  eachName(state, { names, force }, (typed) => {
    const container = containerCalled(state, typed)
    if (state.runs(container) && !force)
      throw new Conflict(
        state.rules.words.containerRuns({
          typed: withoutSlashes(typed),
          id: container.id,
          name: container.name,
          state:
            container.state === 'paused'
              ? 'paused'
              : container.state === 'restarting'
                ? 'restarting'
                : 'running',
        }),
      )
    state.removeContainer(container)
    if (volumes) removeAnonymousVolumes(state, container)
  })

/** `docker volume rm`. */
export const removeVolumes = (
  state: State,
  { names, force }: { names: readonly string[]; force: boolean },
): Refusal[] =>
  eachName(state, { names, force }, (name) => {
    if (!state.ground.volumes.has(name) || state.removedVolumes.has(name)) {
      if (force) return
      throw new NotThere(state.rules.words.noSuchVolume(name))
    }
    const users = state.usersOfVolume(name)
    const volume = state.ground.volumes.get(name)
    if (volume !== undefined) remarkUncounted(state, volume, users)
    if (users.length > 0)
      throw new Conflict(
        `Error response from daemon: remove ${name}: volume is in use - [${users.map(({ id }) => id).join(', ')}]`,
      )
    state.removedVolumes.add(name)
  })

function eachName(
  state: State,
  { names, force }: { names: readonly string[]; force: boolean },
  remove: (name: string) => void,
): Refusal[] {
  const refusals: Refusal[] = []
  let isFailure = false
  for (const name of names)
    try {
      remove(name)
    } catch (error) {
      if (!(error instanceof Conflict)) throw error
      isFailure ||= !(force && error instanceof NotThere)
      refusals.push({ object: name, message: error.message })
    }
  if (refusals.length > 0 && !isFailure)
    state.remark('Docker ends with success here: with -f it is no failure that something is not there.')
  return refusals
}

/**
 * A name of an image is a part of the address that is asked for, and an address has no two slashes in a row: those go, or
 * lead nowhere (seen of 20.10, 26.1 and 28.5). Throws NotThere.
 */
function imageAskedFor({ rules }: State, typed: string): string {
  const name = typed.split('/').filter(Boolean).join('/')
  if (name === '' && rules.cleansImageNames) throw new NotThere('Error response from daemon: page not found')
  if (rules.cleansImageNames || (name === typed && name !== '')) return name
  throw new NotThere(rules.words.noSuchImage(typed, typed))
}

/** The command line takes the slashes off both ends before it asks. Throws Conflict (cli container/rm.go). */
function containerCalled(state: State, typed: string): Container {
  const { words } = state.rules
  const name = withoutSlashes(typed)
  if (name === '') throw new Conflict(words.noContainerName)
  const containers = state.containers()
  const container = findContainer(containers, name)
  if (container !== null) return container
  if (containers.filter(({ id }) => id.startsWith(name)).length > 1)
    throw new Conflict(words.severalContainers(name))
  if (name.includes('/'))
    state.remark('Names with a slash are those of links between containers, which are not looked at here.')
  throw new NotThere(words.noSuchContainer(name))
}

const withoutSlashes = (typed: string): string => typed.replace(/^\/+|\/+$/g, '')

/** A whole id, else a name, else an id prefix that fits only one (daemon/container.go, GetContainer). */
export function findContainer(containers: readonly Container[], typed: string): Container | null {
  const name = typed.replace(/^\//, '')
  const exact = containers.find(({ id }) => id === typed) ?? containers.find((each) => each.name === name)
  if (exact !== undefined) return exact
  const found = typed === '' ? [] : containers.filter(({ id }) => id.startsWith(typed))
  return found.length === 1 ? (found[0] ?? null) : null
}

function removeAnonymousVolumes(state: State, container: Container): void {
  for (const { type, volume, named } of container.mounts) {
    if (type !== 'volume' || volume === null || named) continue
    if (state.ground.volumes.has(volume) && state.usersOfVolume(volume).length === 0)
      state.removedVolumes.add(volume)
  }
}
