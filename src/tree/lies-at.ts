import { type EntryKind, type Tree, TreeError } from './tree.ts'

/** Whether a thing of that kind lies at a path, and no link on the way to it. */
export function liesAt(tree: Tree, path: string, kind: EntryKind): boolean {
  try {
    return tree.stat(path)?.kind === kind
  } catch (error) {
    if (error instanceof TreeError) return false
    throw error
  }
}
