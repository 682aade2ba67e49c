import type { FileSystem } from '../../model/model.ts'
import type { Collector } from '../collector.ts'
import { reportFullFileSystem } from '../docker/file-system.ts'
import type { Source } from '../source.ts'
import { containerdPlaces } from './places.ts'
import { type NamespaceStore, readContainerd } from './read-containerd.ts'

/** Reads the root of a containerd that runs by itself: the system's, or that of a Kubernetes node. */
export function readContainerdRoot(
  source: Source,
  collector: Collector,
  fileSystem: FileSystem | null,
  neighbours: NamespaceStore[],
): void {
  collector.roots.push({
    path: source.root,
    kind: 'containerd',
    fileSystem,
    engine: { rule: 'containerd', why: 'the layout is that of containerd' },
    engineRunning: source.isAnyLocked([containerdPlaces('').meta]),
  })
  reportFullFileSystem(source, fileSystem)
  neighbours.push(...readContainerd(source, collector, '').stores)
}
