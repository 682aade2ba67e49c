import { isEngineRecord } from '../../analysis/why/engine-records.ts'
import type { Assembly } from '../../model/assembly.ts'
import { explain } from '../../scan/explain/explain.ts'
import { openTree } from '../../scan/open-tree.ts'
import { viewFile } from '../../scan/view-file.ts'
import type { FileInRoot, Question } from '../questions.ts'
import type { Scanned } from './scanned.ts'

/** How an object is put together, read from the disk as it is now. */
export function answerExplain({ catalog }: Scanned, { object }: Question<'explain'>): Assembly {
  const { kind, home, id } = object
  const store = catalog.store(home)?.store
  const tree = store === undefined ? null : openTree(store.root, isSample(store.root))
  const assembly =
    tree === null ? null : explain(tree, catalog.model, { subject: { kind, id }, name: id, store: home })
  if (assembly === null) throw new Error('its image store is not there any more')
  return assembly
}

/** What stands in a file of a root. */
export function answerFile({ catalog }: Scanned, { root, path }: Question<'file'>): FileInRoot {
  const tree = openTree(root, isSample(root))
  if (tree === null) throw new Error(`${root} is not there any more`)
  const claim = catalog.claimAt(root, path)
  return { ...viewFile(tree, path), isRecord: claim !== null && isEngineRecord(claim.place) }
}

const isSample = (root: string): boolean => root.startsWith('sample:')
