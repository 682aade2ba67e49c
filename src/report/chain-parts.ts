import type { ReportImage, ReportLayer } from './schema.ts'

/** Consecutive layers of an image that the same images use: what is shared with whom. */
export interface ChainPart {
  /** The place of its first and its last layer in the chain, the base being 1. */
  readonly first: number
  readonly last: number
  /** The last of its layers, which exactly the images of this part have; those of the parts above have it too. */
  readonly top: string
  readonly disk: number | null
  readonly content: number | null
  /** The other images that have these layers, steps of builds left out. */
  readonly others: readonly string[]
  /** Containers that stand on the topmost of its layers, or on a layer of this image above that. */
  readonly containers: readonly string[]
  /** Whether steps of builds have them, or records of the build cache. */
  readonly inSteps: boolean
  readonly inCache: boolean
}

/** An image's chain from its base up, divided where other images leave it. Sizes are null where one of them is unknown. */
export function chainParts(
  image: ReportImage,
  find: {
    readonly layer: (id: string) => ReportLayer | undefined
    readonly image: (id: string) => ReportImage | undefined
  },
): ChainPart[] {
  const parts: ChainPart[] = []
  const standing = containersAbove(image, find.layer)
  for (const [index, id] of image.layers.entries()) {
    const layer = find.layer(id)
    const users = (layer?.images ?? []).filter((user) => user !== image.id)
    const others = users.filter((user) => find.image(user)?.intermediate === false)
    const place = index + 1
    const own: ChainPart = {
      first: place,
      last: place,
      top: id,
      disk: layer?.size.disk ?? null,
      content: layer?.size.content ?? null,
      others,
      containers: standing[index] ?? [],
      inSteps: users.length > others.length,
      inCache: (layer?.cacheRecords.length ?? 0) > 0,
    }
    const before = parts.at(-1)
    if (before !== undefined && isAlike(before, own)) parts[parts.length - 1] = joined(before, own)
    else parts.push(own)
  }
  return parts
}

/** For each layer of a chain the containers that hold it: those that stand on it or further up. */
function containersAbove(
  { layers }: ReportImage,
  find: (id: string) => ReportLayer | undefined,
): (readonly string[])[] {
  const above = new Set<string>()
  return layers
    .toReversed()
    .map((id) => {
      for (const container of find(id)?.containers ?? []) above.add(container)
      return [...above]
    })
    .reverse()
}

/** Fewer images have a layer than have the one below it: as many are the same ones. */
const isAlike = (below: ChainPart, above: ChainPart): boolean => below.others.length === above.others.length

const joined = (below: ChainPart, above: ChainPart): ChainPart => ({
  ...above,
  first: below.first,
  inSteps: below.inSteps || above.inSteps,
  inCache: below.inCache || above.inCache,
  disk: sum(below.disk, above.disk),
  content: sum(below.content, above.content),
})

const sum = (a: number | null, b: number | null): number | null => (a === null || b === null ? null : a + b)
