import type { Image, Labels } from '../../model/model.ts'
import { type Filters, isYounger, matchLabels, untilOf } from './filters.ts'
import { BadReference, completed, parseReference, type Reference, referenceKey } from './references.ts'
import type { State } from './state.ts'

/** One name of an image in containerd; null stands for the name that docker gives to an image without one. */
interface Row {
  readonly image: Image
  readonly reference: Reference | null
}

/**
 * Removes names as `docker image prune` does where containerd holds the images, and with the last name the image; gives
 * the bytes that docker says: the blobs that are gone then, snapshots left out (daemon/containerd/image_prune.go).
 */
export function pruneRows(state: State, onlyDangling: boolean, filters: Filters): number {
  const until = untilOf(filters, state)
  const rows = state
    .images()
    .flatMap((image) => rowsOf(state, image))
    .filter(({ reference }) => !onlyDangling || reference === null)
    .filter((row) => !isYounger(createdAt(row), until) && passes(filters, row.image))
  const { names, dangling, byId, byFullId } = usedByContainers(state)
  const taken = rows.filter(({ image, reference }) =>
    reference === null ? !dangling.has(image.id) : !names.has(referenceKey(reference)),
  )
  const before = state.collect().nodes
  for (const { image, reference } of taken) {
    const isKept =
      state.rules.keepsNameUsedById && byFullId.has(image.id) && rowsOf(state, image).length === 1
    if (isKept) continue
    if (reference === null) state.dropDangling(image.id)
    else state.untag(image.id, reference)
    if (rowsOf(state, image).length > 0) continue
    if (byId.has(image.id)) state.addDangling(image.id)
    else state.removeImage(image.id)
  }
  return bytesOfBlobs(state, before)
}

export const rowsOf = (state: State, image: Image): Row[] => [
  ...state.referencesOf(image.id).map((reference) => ({ image, reference })),
  ...(state.isDangling(image.id) ? [{ image, reference: null }] : []),
]

/** When the name came here: by pulling, loading, tagging or building. */
function createdAt({ image, reference }: Row): string | null {
  const key = reference === null ? `moby-dangling@${image.id}` : referenceKey(reference)
  return image.rows?.find(({ name }) => name === key)?.createdAt ?? null
}

/** Any config of the image will do, and that of an attestation has no labels. */
function passes(filters: Filters, { manifests = [] }: Image): boolean {
  if (!filters.has('label') && !filters.has('label!')) return true
  const wanted: Filters = new Map([['label', filters.get('label') ?? new Set()]])
  const unwanted = [...(filters.get('label!') ?? [])]
  return manifests.some(
    ({ labels }) =>
      labels !== null && matchLabels(wanted, labels) && unwanted.every((each) => isOtherwise(each, labels)),
  )
}

/**
 * A negated key is not there; a negated `key=value` is there with another value, so that what lacks the key stays
 * (daemon/containerd/image_list.go, setupLabelFilter; seen of 28.5.2).
 */
function isOtherwise(unwanted: string, labels: Labels): boolean {
  const equals = unwanted.indexOf('=')
  if (equals === -1) return !labels.has(unwanted)
  const value = labels.get(unwanted.slice(0, equals))
  return value !== undefined && value !== unwanted.slice(equals + 1)
}

/** Names that containers were made from, images without a name that they use, and images that they name by id. */
function usedByContainers(state: State): {
  names: Set<string>
  dangling: Set<string>
  byId: Set<string>
  byFullId: Set<string>
} {
  const names = new Set<string>()
  const dangling = new Set<string>()
  const byId = new Set<string>()
  const byFullId = new Set<string>()
  for (const { image, imageName } of state.containers()) {
    if (image === null) continue
    dangling.add(image)
    if (image === `sha256:${imageName.replace(/^sha256:/, '')}`) byFullId.add(image)
    if (image.startsWith(`sha256:${imageName.replace(/^sha256:/, '')}`)) byId.add(image)
    else
      try {
        names.add(referenceKey(completed(parseReference(imageName))))
      } catch (error) {
        if (!(error instanceof BadReference)) throw error
      }
  }
  return { names, dangling, byId, byFullId }
}

/** The recorded bytes of what docker's own namespace lost, each blob as often as its image names it. */
function bytesOfBlobs(state: State, before: ReadonlySet<string>): number {
  const { ground } = state
  const { nodes } = state.collect()
  const lengths = new Map(
    ground.catalog.model.blobs
      .filter(({ root }) => root === ground.at.store.root)
      .map(({ digest, recordedBytes }) => [digest, recordedBytes ?? 0]),
  )
  const times = new Map<string, number>()
  for (const id of state.removedImages)
    for (const [digest, count] of visits(ground.images.get(id)))
      times.set(digest, Math.max(count, times.get(digest) ?? 0))
  let sum = 0
  for (const [digest, count] of times)
    if (nodes.has(`content/${digest}`) && !before.has(`content/${digest}`))
      sum += count * (lengths.get(digest) ?? 0)
  return sum
}

/** How often docker meets each blob on its way through an image: once for every manifest that names it. */
function visits(image: Image | undefined): Map<string, number> {
  const counts = new Map<string, number>()
  for (const { blobs } of image?.manifests ?? [])
    for (const digest of blobs) counts.set(digest, (counts.get(digest) ?? 0) + 1)
  for (const digest of image?.blobs ?? []) if (!counts.has(digest)) counts.set(digest, 1)
  return counts
}
