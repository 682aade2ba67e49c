import type { LayerData } from '../../layouts/layer-data.ts'
import type { LayerListing } from '../../model/layer-files.ts'
import type { Tree } from '../../tree/tree.ts'
import { DirectoryReader } from '../directory-reader.ts'
import { compareTrees } from './comparison.ts'
import { listDirectory } from './directory.ts'
import { listTarSplit } from './tar-split-list.ts'

/**
 * The files of one layer: from the list that was written when it was made, else from its directory. `below` are the
 * directories of the layers under it, nearest first, for drivers that keep whole trees. Null where nothing can be seen.
 */
export function readLayer(tree: Tree, data: LayerData, below: readonly LayerData[]): LayerListing | null {
  const directory = data.files === null ? null : new DirectoryReader(tree, data.files)
  const problems: string[] = []
  if (data.list !== null) {
    const listing = listTarSplit(tree, data.list, directory, problems)
    if (listing !== null) return listing
  }
  if (directory?.exists() !== true) return null
  const listing =
    data.style === 'whole'
      ? compareTrees(
          directory,
          below.flatMap(({ files }) => (files === null ? [] : [new DirectoryReader(tree, files)])),
        )
      : listDirectory(directory, data.style)
  return { ...listing, problems: [...problems, ...listing.problems, ...directory.problems] }
}
