import type { ListedLayer, ListingSource } from '../../model/layer-files.ts'
import type { StackedLayers, WastedFile } from './stack-layers.ts'

/** Byte figures of some files; disk is null where one of them cannot be seen. */
export interface FileSum {
  readonly contentBytes: number
  readonly diskBytes: number | null
  readonly files: number
}

/** One layer of a chain in figures. */
export interface LayerSummary {
  /** Its place in the chain; the base has 1. */
  readonly number: number
  readonly id: string
  readonly part: ListedLayer['part']
  /** Null where its files cannot be seen. */
  readonly source: ListingSource | null
  readonly path: string | null
  readonly size: FileSum | null
  readonly added: number
  readonly changed: number
  readonly removed: number
  /** What of it later layers of the chain hide. */
  readonly wasted: FileSum
  /** How many of its directories may hide those below them, which cannot be told. */
  readonly unclear: number
  readonly problems: readonly string[]
}

/** The layers of a chain in figures, base first. */
export function summariseLayers(
  layers: readonly ListedLayer[],
  { changes, wasted, unclear }: StackedLayers,
): LayerSummary[] {
  const counts = layers.map(() => ({ added: 0, changed: 0, removed: 0, kept: 0 }))
  for (const { layer, what } of changes) {
    const count = counts[layer - 1]
    if (count !== undefined) count[what]++
  }
  return layers.map(({ id, part, listing }, index) => {
    const { added, changed, removed } = counts[index] ?? { added: 0, changed: 0, removed: 0 }
    return {
      number: index + 1,
      id,
      part,
      source: listing?.source ?? null,
      path: listing?.path ?? null,
      size: listing === null ? null : sumOf(listing.entries),
      added,
      changed,
      removed,
      wasted: sumOf(wasted.filter((file) => file.layer === index + 1)),
      unclear: unclear.get(index + 1)?.length ?? 0,
      problems: listing?.problems ?? ['its files cannot be seen'],
    }
  })
}

/** Adds files up; what is unknown of one is unknown of all. */
export function sumOf(files: readonly Pick<WastedFile, 'contentBytes' | 'diskBytes'>[]): FileSum {
  let contentBytes = 0
  let diskBytes: number | null = 0
  for (const file of files) {
    contentBytes += file.contentBytes
    diskBytes = diskBytes === null || file.diskBytes === null ? null : diskBytes + file.diskBytes
  }
  return { contentBytes, diskBytes, files: files.length }
}
