import type { Collector } from '../collector.ts'
import type { Source } from '../source.ts'

/** What the engine puts into `tmp/` while it works, by the beginning of the name. */
const KINDS: readonly [prefix: string, reason: string][] = [
  ['GetImageBlob', 'a layer that was being pulled'],
  ['docker-import-', 'an image that was being loaded or imported'],
  ['docker-export-', 'an image that was being saved'],
  ['docker-builder', 'a build context'],
  ['docker-', 'a temporary file of the engine'],
  ['buildkit-mount', 'a mount point of a build'],
]

/** Lists what `tmp/` still holds; an engine that starts removes it. */
export function readTemporaryFiles(source: Source, collector: Collector): void {
  for (const entry of source.list('tmp')) {
    const path = `tmp/${entry.name}`
    const reason = KINDS.find(([prefix]) => entry.name.startsWith(prefix))?.[1] ?? 'a temporary file'
    collector.leftovers.push({
      root: source.root,
      store: null,
      kind: 'leftover',
      path,
      reason,
      dataPaths: [],
    })
    source.report({
      code: 'leftover-temporary',
      path,
      message: `${path} is ${reason}; if no engine runs it is left over, and the engine removes it when it starts.`,
    })
  }
}
