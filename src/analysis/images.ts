import type { EngineRule, Image, OtherEngine } from '../model/model.ts'
import type { StoreCatalog } from './catalog.ts'
import { less, sumOf } from './sums.ts'

/** Whether the image has a name of any kind. */
export const hasReference = (image: Image): boolean => image.tags.length > 0 || image.digests.length > 0

const hasChildren = (at: StoreCatalog, image: Image): boolean => (at.children.get(image.id)?.length ?? 0) > 0

/**
 * An image that nothing is built on and that no tag leads to. In a content-addressed store a digest alone does not
 * save it; in the legacy graph any reference does. Unknown names make no image dangling.
 */
export function isDangling(at: StoreCatalog, image: Image): boolean {
  if (!image.loaded || !at.namesKnown || image.isListed === true || hasChildren(at, image)) return false
  return at.store.layout === 'graph' ? !hasReference(image) : image.tags.length === 0
}

/** A step of a build: no name, and another image stands on it. The engine lists it only when asked for all. */
export const isIntermediate = (at: StoreCatalog, image: Image): boolean =>
  image.loaded && at.namesKnown && !hasReference(image) && hasChildren(at, image)

/** The images that `docker images` lists: those with a name, and those that no other stands on. */
export const listedImages = (at: StoreCatalog): Image[] =>
  [...at.images.values()].filter((image) => image.loaded && (hasReference(image) || !hasChildren(at, image)))

/** The recorded sizes of a chain, summed; null where one of them is unknown. */
export function chainBytes(at: StoreCatalog, layers: readonly string[]): number | null {
  let sum = 0
  for (const id of layers) {
    const bytes = at.layers.get(id)?.recordedBytes
    if (bytes === undefined || bytes === null) return null
    sum += bytes
  }
  return sum
}

/** What the engine would sum: unknown layers count nothing. */
export const engineChainBytes = (at: StoreCatalog, layers: readonly string[]): number =>
  layers.reduce((sum, id) => sum + (at.layers.get(id)?.recordedBytes ?? 0), 0)

/**
 * What the engine's own list prints for an image; whether that counts attestations, and a manifest as often as it is
 * named, its version decides. Null where records of it cannot be read.
 */
export const engineImageBytes = (
  at: StoreCatalog,
  image: Image,
  { countsAttestations = true, countsRepeats = true }: ManifestRules = {},
): number | null =>
  image.engineBytes === undefined
    ? engineChainBytes(at, image.layers)
    : less(
        image.engineBytes,
        sumOf([
          countsAttestations ? 0 : (image.attestationBytes ?? 0),
          countsRepeats ? 0 : (image.repeatedBytes ?? 0),
        ]),
      )

/** Which of an image's manifests count, and how often: both unless said otherwise. */
export interface ManifestRules {
  readonly countsAttestations?: boolean
  /** True where a manifest that an index names twice counts twice. */
  readonly countsRepeats?: boolean
}

/** Every layer that an image holds, those of other platforms included. */
export const heldLayers = (image: Image): ReadonlySet<string> =>
  new Set([...image.layers, ...(image.otherLayers ?? [])])

/**
 * How many images use each layer, as the engine counts them for SHARED SIZE: up to 20.10 only the listed images
 * (images.go 20.10.24), from 23 on every image in the store, intermediates included (images.go 23.0.6).
 */
export function layerUseCounts(
  at: StoreCatalog,
  rule: EngineRule | OtherEngine,
  by: ManifestRules = {},
): Map<string, number> {
  const isSnapshots = at.store.layout === 'containerd'
  const counted =
    rule === 'legacy' || rule === '20.10' || isSnapshots
      ? listedImages(at)
      : [...at.images.values()].filter((image) => image.loaded)
  const counts = new Map<string, number>()
  for (const image of counted)
    for (const layers of isSnapshots ? platformsOf(image, by) : [new Set(image.layers)])
      for (const layer of layers) counts.set(layer, (counts.get(layer) ?? 0) + 1)
  return counts
}

/** How many images use each layer; up to podman 5.5 an image shares with its parent and children instead. */
export type LayerSharing = ReadonlyMap<string, number> | 'with-relatives'

/** What an engine goes by when it says how much of an image is shared. */
export const layerSharing = (
  at: StoreCatalog,
  rule: EngineRule | OtherEngine,
  by: ManifestRules = {},
): LayerSharing =>
  rule === 'podman' || rule === 'podman-4.8' ? 'with-relatives' : layerUseCounts(at, rule, by)

/** The bytes of an image that the engine calls shared; null where records of the store cannot be read. */
export function sharedBytes(
  at: StoreCatalog,
  image: Image,
  counts: LayerSharing,
  by: ManifestRules = {},
): number | null {
  if (counts === 'with-relatives') return sharedWithRelatives(at, image)
  if (!at.rowsKnown) return null
  const isShared = (id: string): boolean => (counts.get(id) ?? 0) > 1
  // With containerd every platform counts by itself, so that a layer of two of them is shared twice.
  return at.store.layout === 'containerd'
    ? chainBytes(
        at,
        platformsOf(image, by)
          .flat()
          .filter((id) => isShared(id) && at.layers.has(id)),
      )
    : engineChainBytes(at, image.layers.filter(isShared))
}

const platformsOf = (image: Image, { countsRepeats = true }: ManifestRules): readonly (readonly string[])[] =>
  image.manifests
    ?.filter(({ isAttestation }) => !isAttestation)
    .flatMap(({ layers, times = 1 }) => Array.from({ length: countsRepeats ? times : 1 }, () => layers)) ?? [
    image.layers,
  ]

/** Podman asks no layer: an image with children is shared as a whole, any other shares what its parent has. */
function sharedWithRelatives(at: StoreCatalog, image: Image): number | null {
  if (hasChildren(at, image)) return engineImageBytes(at, image)
  const parent = image.parent === null ? undefined : at.images.get(image.parent)
  return parent === undefined ? 0 : engineImageBytes(at, parent)
}
