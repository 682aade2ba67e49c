import { type DirectoryListing, SizedDirectory, type SizesPart } from '../../scan/browse/sized-directory.ts'
import { mountPoints } from '../../scan/mounts.ts'
import type { Question } from '../questions.ts'
import type { Scanned } from './scanned.ts'

const PART_MS = 250

/** The entries of a directory, without what lies deeper. */
export const answerDirectory = (scanned: Scanned, question: Question<'directory'>): DirectoryListing =>
  sizedDirectory(scanned, question).listing

/**
 * The next part of the sizes of what lies deeper. Between two parts the thread can answer others, and whoever leaves
 * the page asks for no more. A part that was given is not kept: each is asked for once.
 */
export const answerSizes = (scanned: Scanned, question: Question<'sizes'>): SizesPart =>
  sizedDirectory(scanned, question).next(PART_MS)

function sizedDirectory(
  scanned: Scanned,
  { root, path }: { readonly root: string; readonly path: string },
): SizedDirectory {
  const key = `${root}\0${path}`
  const known = scanned.directories.get(key)
  if (known !== undefined) return known
  const tree = scanned.treeOf(root)
  if (tree === null) throw new Error(`${root} cannot be read any more`)
  const points = mountPoints()
  // Roots inside others are measured by themselves.
  const others = scanned.catalog.model.roots.map((each) => each.path).filter((each) => each !== root)
  const directory = new SizedDirectory(tree, path, points === null ? null : new Set([...points, ...others]))
  scanned.directories.set(key, directory)
  return directory
}
