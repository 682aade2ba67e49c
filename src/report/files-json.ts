import type { FileSum, LayerSummary } from '../analysis/files/layer-summaries.ts'
import type { RolledChange } from '../analysis/files/roll-up.ts'
import type { WastedFile } from '../analysis/files/stack-layers.ts'
import type { ReportSize } from './schema.ts'

/** The answer of `files`: what the layers of a chain add, change and remove, and what of it is hidden again. */
export interface FilesAnswer {
  readonly subject: { readonly kind: string; readonly id: string; readonly name: string }
  readonly root: string
  readonly store: string
  readonly layers: readonly LayerSummary[]
  readonly changes: readonly RolledChange[]
  readonly wasted: readonly WastedFile[]
  readonly wastedSum: FileSum
  /** True where disk bytes are estimated, since an archive records lengths only. */
  readonly estimated: boolean
}

/** Byte figures are integers; null is unknown, never 0. Names whose bytes are no UTF-8 hold lone surrogates for them. */
export const filesJson = (answer: FilesAnswer): object => ({
  subject: answer.subject,
  root: answer.root,
  store: answer.store,
  estimated: answer.estimated,
  layers: answer.layers.map(layerJson),
  files: answer.changes.map(changeJson),
  wasted: {
    ...size(answer.wastedSum),
    largest: answer.wasted.map(wastedJson),
  },
})

export const changeJson = (change: RolledChange): object => ({
  layer: change.layer,
  what: change.what,
  kind: change.kind,
  path: change.path,
  content: change.contentBytes,
  disk: change.diskBytes,
  entries: change.entries,
  hides: { entries: change.hidesEntries, content: change.hidesBytes },
})

const layerJson = (layer: LayerSummary): object => ({
  layer: layer.number,
  id: layer.id,
  part: layer.part,
  source: layer.source,
  path: layer.path,
  size: layer.size === null ? { content: null, disk: null, files: null } : size(layer.size),
  added: layer.added,
  changed: layer.changed,
  removed: layer.removed,
  wasted: size(layer.wasted),
  unclear: layer.unclear,
  problems: layer.problems,
})

const wastedJson = (file: WastedFile): object => ({
  layer: file.layer,
  hiddenBy: file.hiddenBy,
  how: file.how,
  path: file.path,
  content: file.contentBytes,
  disk: file.diskBytes,
})

const size = ({ contentBytes, diskBytes, files }: FileSum): ReportSize => ({
  content: contentBytes,
  disk: diskBytes,
  files,
})
