import type { LayerStyle } from '../../layouts/layer-data.ts'
import type { LayerEntry, LayerListing } from '../../model/layer-files.ts'
import type { DirectoryReader } from '../directory-reader.ts'
import type { Inode } from '../reader.ts'
import { whiteoutOf } from './whiteout.ts'

/**
 * The files of a layer whose directory holds its changes only. A directory of overlay that hides those below says so in
 * an extended attribute, which Node cannot read: then it stays open which of them do.
 */
export function listDirectory(directory: DirectoryReader, style: Exclude<LayerStyle, 'whole'>): LayerListing {
  const entries: LayerEntry[] = []
  const whiteouts: string[] = []
  const opaque: string[] = []
  for (const { path, stats } of directory.walk()) {
    if (style === 'overlay' && isOverlayWhiteout(stats)) {
      whiteouts.push(path)
      continue
    }
    // Below overlay, a file of such a name is a file like others; fuse-overlayfs marks only with `.wh..wh..opq`.
    const mark = style === 'aufs' || path.endsWith('.wh..wh..opq') ? whiteoutOf(path) : null
    if (mark === null) entries.push(directory.entry(path, stats))
    else if (mark.kind === 'removes') whiteouts.push(mark.path)
    else if (mark.kind === 'opaque') opaque.push(mark.path)
  }
  return {
    source: 'directory',
    path: directory.path,
    entries,
    whiteouts,
    opaque,
    opaqueKnown: style === 'aufs',
    problems: [],
  }
}

/** Overlay leaves a device 0/0 where an entry of the layers below was removed. */
const isOverlayWhiteout = (stats: Inode): boolean => stats.isCharacterDevice() && stats.rdev === 0
