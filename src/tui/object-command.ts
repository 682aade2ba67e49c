import { shellWord } from '../analysis/shell-word.ts'
import type { Report } from '../report/schema.ts'
import { indexOf, type ObjectKind, type ObjectRef } from './objects.ts'

const COMMANDS: Readonly<Record<ObjectKind, string>> = {
  image: 'history',
  layer: 'why',
  container: 'inspect',
  volume: 'inspect',
  'cache-record': 'why',
}

/** The command that tells more of an object, ready for a shell; null where its root is on no disk, as the sample's. */
export function objectCommand(report: Report, ref: ObjectRef): string | null {
  const index = indexOf(report)
  const root = index.rootOf(ref)
  if (!root.startsWith('/')) return null
  const name = ref.kind === 'image' ? (index.image(ref)?.tags[0] ?? ref.id) : ref.id
  return `layerscope ${COMMANDS[ref.kind]} ${shellWord(name)} --root ${shellWord(root)}`
}

/** The command that tells whose a path is; null where its root is on no disk. */
export function pathCommand({ root, path }: { readonly root: string; readonly path: string }): string | null {
  if (!root.startsWith('/')) return null
  return `layerscope why ${shellWord(path === '' ? root : `${root}/${path}`)} --root ${shellWord(root)}`
}
