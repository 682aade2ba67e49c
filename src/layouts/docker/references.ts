import { isObject } from '../../formats/fields.ts'
import type { Source } from '../source.ts'

/** The names of an image, as the engine prints them. */
export interface References {
  readonly tags: string[]
  readonly digests: string[]
}

export interface RepositoryFile {
  /** By image id as the file writes it. Null where the file could not be read: every image's names are unknown. */
  readonly byImage: ReadonlyMap<string, References> | null
}

/**
 * Reads `repositories.json` or `repositories-<driver>`.
 * Content-addressed stores write the whole reference as the inner key; the legacy file writes the tag or digest only.
 */
export function readRepositories(source: Source, path: string, shape: 'references' | 'tags'): RepositoryFile {
  const content = source.json(path)
  if (!content.ok) {
    const missing = content.code === 'missing'
    source.reportFailure(content, {
      code: missing ? 'repositories-missing' : 'repositories-damaged',
      path,
      message: missing
        ? `${path}, which holds all tags, is missing. An engine that starts here writes an empty one, and every image becomes <none>. Tags are unknown in this report.`
        : `${path}, which holds all tags, ${content.problem}. The tags of all images are unknown in this report: an image without a tag here is not known to be dangling.`,
      ...(missing ? {} : { engine: 'An engine refuses to start on it.' }),
      hint: 'Put back a copy of the file from a backup, or move it away and tag the images again; run no image prune before that.',
    })
    return { byImage: null }
  }
  const repositories = content.value['Repositories']
  const byImage = new Map<string, References>()
  if (!isObject(repositories)) {
    source.report({
      code: 'repositories-damaged',
      path,
      message: `${path} is JSON but holds no "Repositories" object; the tags of all images are unknown.`,
    })
    return { byImage: null }
  }
  for (const [repository, entries] of Object.entries(repositories)) {
    if (!isObject(entries)) continue
    for (const [key, image] of Object.entries(entries)) {
      if (typeof image !== 'string') continue
      addReference(byImage, image, shape === 'references' ? key : joinReference(repository, key))
    }
  }
  for (const references of byImage.values()) {
    references.tags.sort()
    references.digests.sort()
  }
  return { byImage }
}

// A key with a colon is a digest; tags hold none.
const joinReference = (repository: string, key: string): string =>
  key.includes(':') ? `${repository}@${key}` : `${repository}:${key}`

function addReference(byImage: Map<string, References>, image: string, reference: string): void {
  let references = byImage.get(image)
  if (references === undefined) {
    references = { tags: [], digests: [] }
    byImage.set(image, references)
  }
  if (reference.includes('@')) references.digests.push(reference)
  else references.tags.push(reference)
}

/** Reports the names that lead to an image that is not there. */
export function reportDanglingReferences(
  source: Source,
  path: string,
  file: RepositoryFile,
  images: ReadonlySet<string>,
): void {
  for (const [image, { tags, digests }] of file.byImage ?? []) {
    if (images.has(image)) continue
    for (const reference of [...tags, ...digests])
      source.report({
        code: 'reference-dangling',
        subject: { kind: 'reference', id: reference },
        path,
        message: `The name ${reference} leads to image ${image}, which is not in this store or cannot be loaded. The engine does not show it.`,
        hint: 'The name becomes free again when an image of that name is pulled, built or tagged.',
      })
  }
}
