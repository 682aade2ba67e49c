/** What the name of a mark says: `bookkeeping` is of aufs itself and no content. */
export type Mark =
  | { readonly kind: 'removes' | 'opaque'; readonly path: string }
  | { readonly kind: 'bookkeeping' }

/**
 * Reads the marks that aufs writes and that stand in every layer's tar: `.wh.<name>` removes an entry of the layers
 * below, `.wh..wh..opq` hides all that lies in its directory below. Null for any other name.
 */
export function whiteoutOf(path: string): Mark | null {
  const slash = path.lastIndexOf('/')
  const name = path.slice(slash + 1)
  const directory = slash === -1 ? '' : path.slice(0, slash)
  if (directory.split('/').some((part) => part.startsWith('.wh..wh.'))) return { kind: 'bookkeeping' }
  if (name === '.wh..wh..opq') return { kind: 'opaque', path: directory }
  if (name.startsWith('.wh..wh.')) return { kind: 'bookkeeping' }
  if (!name.startsWith('.wh.')) return null
  const removed = name.slice('.wh.'.length)
  return { kind: 'removes', path: directory === '' ? removed : `${directory}/${removed}` }
}
