import { whyPath } from '../../analysis/why/why.ts'
import { DirectoryReader } from '../../scan/directory-reader.ts'
import { readerOf } from '../../scan/reader.ts'
import { kindOf } from '../../tree/local.ts'
import type { EntryFacts, Question } from '../questions.ts'
import type { Scanned } from './scanned.ts'

/** What `lstat` says of a path, and to whom it belongs. */
export function answerEntry(scanned: Scanned, { root, path }: Question<'entry'>): EntryFacts {
  const tree = scanned.treeOf(root)
  if (tree === null) throw new Error(`${root} cannot be read any more`)
  const stats = new DirectoryReader(tree, '').at(path)
  if (stats === null) throw new Error('nothing lies there any more')
  const why = whyPath(scanned.catalog, root, path)
  return {
    kind: kindOf(stats),
    contentBytes: stats.size,
    diskBytes: stats.blocks * 512,
    isEstimated: !readerOf(tree).reader.exact,
    mode: stats.mode & 0o7777,
    uid: stats.uid,
    gid: stats.gid,
    modifiedMs: stats.mtimeMs,
    changedMs: stats.ctimeMs,
    links: stats.nlink,
    inode: stats.ino,
    what: why?.what ?? '',
    owners: why?.owners ?? [],
  }
}
