import { groupBy } from '../../model/group-by.ts'
import type { HistoryStep, Image } from '../../model/model.ts'

/**
 * Finds for each image the one it was built on, as podman does: no record says so. The parent has the same top layer
 * or the one below it, and its history is the child's without the last step.
 */
export function withParents(
  images: readonly Image[],
  parentLayer: (layer: string) => string | null,
): Image[] {
  const byTop = groupBy(images, (image) => image.layers.at(-1))
  return images.map((image) => {
    const top = image.layers.at(-1)
    if (top === undefined) return image
    const below = parentLayer(top)
    const candidates = [...(byTop.get(top) ?? []), ...(below === null ? [] : (byTop.get(below) ?? []))]
    const parent = candidates.find((candidate) => candidate !== image && isParent(candidate, image))
    return parent === undefined ? image : { ...image, parent: parent.id }
  })
}

const isParent = (parent: Image, child: Image): boolean =>
  parent.history.length + 1 === child.history.length &&
  parent.history.every((step, index) => isSame(step, child.history[index]))

const isSame = (a: HistoryStep, b: HistoryStep | undefined): boolean =>
  a.created === b?.created &&
  a.createdBy === b.createdBy &&
  a.comment === b.comment &&
  a.emptyLayer === b.emptyLayer
