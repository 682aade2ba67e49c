import { shortId } from '../model/ids.ts'
import type { Report, ReportImage, ReportLayer, ReportSize } from './schema.ts'

/** One line of the layer forest. */
export interface ForestLine {
  readonly layer: ReportLayer
  /** How far below its root the line stands; a chain without branches keeps its indent. */
  readonly depth: number
  /** For each level above, whether more siblings follow there. */
  readonly guides: readonly boolean[]
  /** Whether no sibling follows; a layer straight above its parent takes over from it. */
  readonly isLast: boolean
  /** True for the only layer above its parent: drawn straight below it. */
  readonly continuesChain: boolean
  readonly hasChildren: boolean
  /** The images that end here, by name or short id. */
  readonly topOf: readonly string[]
  /** What the layer takes with all above it; unknown as soon as one of them is. */
  readonly withAbove: ReportSize
}

/**
 * The layers of a store as a forest in depth-first order: shared chains stand once, with the layers above below them.
 * Heaviest branches first. Never recurses, and shows layers of a parent cycle as roots.
 */
export function layerForest(report: Report, store: string, image?: ReportImage): ForestLine[] {
  const wanted = image === undefined ? null : new Set(image.layers)
  const layers = report.layers.filter(
    (layer) => layer.store === store && (wanted === null || wanted.has(layer.id)),
  )
  const byId = new Map(layers.map((layer) => [layer.id, layer]))
  const children = childrenOf(layers, byId)
  const weights = weigh(layers, byId, ({ disk, content }) => disk ?? content ?? 0)
  const withAbove = sizesWithAbove(layers, byId)
  const heaviestFirst = (ids: readonly ReportLayer[]): ReportLayer[] =>
    ids.toSorted((a, b) => (weights(b) ?? 0) - (weights(a) ?? 0) || (a.id < b.id ? -1 : 1))
  const tops = topNames(report, store)

  const lines: ForestLine[] = []
  const seen = new Set<string>()
  const roots = layers.filter((layer) => layer.parent === null || !byId.has(layer.parent))
  const pending: Pick<ForestLine, 'layer' | 'guides' | 'isLast' | 'continuesChain'>[] = []
  const push = (group: readonly ReportLayer[], guides: readonly boolean[]): void => {
    const ordered = heaviestFirst(group)
    for (let index = ordered.length - 1; index >= 0; index--) {
      const layer = ordered[index]
      if (layer !== undefined)
        pending.push({ layer, guides, isLast: index === ordered.length - 1, continuesChain: false })
    }
  }
  const walk = (): void => {
    for (let next = pending.pop(); next !== undefined; next = pending.pop()) {
      const { layer, guides, isLast, continuesChain } = next
      if (seen.has(layer.id)) continue
      seen.add(layer.id)
      const above = children.get(layer.id) ?? []
      lines.push({
        layer,
        depth: guides.length,
        guides,
        isLast,
        continuesChain,
        hasChildren: above.length > 0,
        topOf: tops.get(layer.id) ?? [],
        withAbove: withAbove(layer),
      })
      // A chain is drawn straight down: only a branch moves to the right.
      const [only] = above
      if (above.length === 1 && only !== undefined)
        pending.push({ layer: only, guides, isLast, continuesChain: true })
      else push(above, [...guides, !isLast])
    }
  }
  push(roots, [])
  walk()
  for (const layer of layers)
    if (!seen.has(layer.id)) {
      push([layer], [])
      walk()
    }
  return lines
}

function childrenOf(
  layers: readonly ReportLayer[],
  byId: ReadonlyMap<string, ReportLayer>,
): Map<string, ReportLayer[]> {
  const children = new Map<string, ReportLayer[]>()
  for (const layer of layers) {
    if (layer.parent === null || !byId.has(layer.parent)) continue
    const group = children.get(layer.parent)
    if (group === undefined) children.set(layer.parent, [layer])
    else group.push(layer)
  }
  return children
}

/** A figure of each layer with everything above it. */
function weigh(
  layers: readonly ReportLayer[],
  byId: ReadonlyMap<string, ReportLayer>,
  figureOf: (size: ReportSize) => number | null,
): (layer: ReportLayer) => number | null {
  const weights = new Map<string, number | null>()
  const plus = (a: number | null | undefined, b: number | null): number | null =>
    a === null || b === null ? null : (a ?? 0) + b
  for (const layer of layers.toSorted((a, b) => b.depth - a.depth)) {
    const own = plus(weights.get(layer.id), figureOf(layer.size))
    weights.set(layer.id, own)
    if (layer.parent !== null && byId.has(layer.parent))
      weights.set(layer.parent, plus(weights.get(layer.parent), own))
  }
  return ({ id }) => weights.get(id) ?? null
}

function sizesWithAbove(
  layers: readonly ReportLayer[],
  byId: ReadonlyMap<string, ReportLayer>,
): (layer: ReportLayer) => ReportSize {
  const content = weigh(layers, byId, (size) => size.content)
  const disk = weigh(layers, byId, (size) => size.disk)
  const files = weigh(layers, byId, (size) => size.files)
  return (layer) => ({ content: content(layer), disk: disk(layer), files: files(layer) })
}

function topNames(report: Report, store: string): Map<string, string[]> {
  const tops = new Map<string, string[]>()
  for (const image of report.images) {
    const top = image.layers.at(-1)
    if (image.store !== store || top === undefined || image.intermediate) continue
    const names = image.tags.length > 0 ? image.tags : [imageLabel(image)]
    tops.set(top, [...(tops.get(top) ?? []), ...names])
  }
  return tops
}

/** A name for an image: its first tag or digest, else its short id. */
export const imageLabel = (image: ReportImage): string =>
  image.tags[0] ??
  image.digests[0]?.replace(/@sha256:([0-9a-f]{12})[0-9a-f]*$/, '@sha256:$1') ??
  `<none> ${shortId(image.id)}`
