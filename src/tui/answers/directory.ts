import { bookedPaths } from '../../analysis/ledger.ts'
import { findOrphans } from '../../analysis/orphans/find-orphans.ts'
import { type DirectoryListing, SizedDirectory, type SizesPart } from '../../scan/browse/sized-directory.ts'
import { SizedPaths } from '../../scan/browse/sized-paths.ts'
import { mountPoints } from '../../scan/mounts.ts'
import type { Tree } from '../../tree/tree.ts'
import type { At, Question } from '../questions.ts'
import type { Scanned } from './scanned.ts'

const PART_MS = 250

/** What can be looked into: a directory, or the paths that a category is made of. */
export type Sized = SizedDirectory | SizedPaths

/** The entries of a directory, without what lies deeper. */
export const answerDirectory = (scanned: Scanned, question: Question<'directory'>): DirectoryListing =>
  sized(scanned, question).listing

/**
 * The next part of the sizes of what lies deeper. Between two parts the thread can answer others, and whoever leaves
 * the page asks for no more. A part that was given is not kept: each is asked for once.
 */
export const answerSizes = (scanned: Scanned, question: Question<'sizes'>): SizesPart =>
  sized(scanned, question).next(PART_MS)

function sized(scanned: Scanned, at: At): Sized {
  const { root, path, category } = at
  const key = `${root}\0${path}\0${category ?? ''}`
  const known = scanned.directories.get(key)
  if (known !== undefined) return known
  const tree = scanned.treeOf(root)
  if (tree === null) throw new Error(`${root} cannot be read any more`)
  const apart = notEntered(scanned, root)
  const made =
    category === undefined
      ? new SizedDirectory(tree, path, apart)
      : pathsOf(scanned, tree, root, category, apart)
  scanned.directories.set(key, made)
  return made
}

/** Mount points, and roots inside others, which are measured by themselves; null where the kernel tells no mounts. */
function notEntered({ catalog }: Scanned, root: string): ReadonlySet<string> | null {
  const points = mountPoints()
  const others = catalog.model.roots.map((each) => each.path).filter((each) => each !== root)
  return points === null ? null : new Set([...points, ...others])
}

function pathsOf(
  { catalog }: Scanned,
  tree: Tree,
  root: string,
  category: string,
  apart: ReadonlySet<string> | null,
): SizedPaths {
  const paths = bookedPaths(catalog, findOrphans(catalog).withheld, root, category)
  const claims = catalog.surveys.find((survey) => survey.root === root)?.claims ?? []
  const claimed = new Set([...claims].map(({ path }) => path).filter((path) => path !== ''))
  return new SizedPaths(tree, paths, claimed, apart ?? new Set())
}
