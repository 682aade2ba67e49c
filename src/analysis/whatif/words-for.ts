import type { Container, Image } from '../../model/model.ts'
import { familiar } from './references.ts'
import type { State } from './state.ts'

/** What a container is called on docker's command line; of several with one name docker finds only one by it. */
export function wordForContainer(state: State, { id, name }: Container): string {
  const isUnique = name !== '' && state.containers().every((each) => each.name !== name || each.id === id)
  return isUnique ? name : id.slice(0, 12)
}

/** The words that take an image away as a whole: all of its names, else its id. */
export function wordsForImage(state: State, { id }: Image): string[] {
  const references = state.referencesOf(id)
  if (references.length === 0) return [id.replace(/^sha256:/, '').slice(0, 12)]
  // Digests go with the last tag of their repository and need no word of their own.
  const tagged = new Set(
    references.filter(({ digest }) => digest === null).map(({ repository }) => repository),
  )
  return references
    .filter(({ digest, repository }) => digest === null || !tagged.has(repository))
    .map(familiar)
}
