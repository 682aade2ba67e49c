import { resolve } from 'node:path'
import type { Collector } from '../layouts/collector.ts'
import type { NamespaceStore } from '../layouts/containerd/read-containerd.ts'
import { layoutOf, UnknownLayout } from '../layouts/layouts.ts'
import { Cancelled, Source } from '../layouts/source.ts'
import type { Finding } from '../model/findings.ts'
import { ArchiveTree } from '../tree/archive.ts'
import { liesAt } from '../tree/lies-at.ts'
import { LocalTree } from '../tree/local.ts'
import { realPath } from '../tree/real-path.ts'
import { type Tree, TreeError } from '../tree/tree.ts'
import { fileSystemOf } from './file-system.ts'
import { LockTable } from './locks.ts'
import { denied, RootError } from './root-error.ts'
import type { RootWalk } from './root-walk.ts'
import type { ScanEvents } from './scan-events.ts'

const REPORT_EVERY_FILES = 128
// A root of so many records is worth a second thread, which walks while the rest of them are read.
const FILES_WORTH_A_HELPER = 256

/** A root to read. */
export interface Job {
  readonly tree: Tree
  readonly path: string
  /** Null where nothing is to be measured, or the tree is an archive. */
  readonly walk: RootWalk | null
}

/** Where something is measured, the second thread walks, and reading ahead gains nothing. */
export function openRoot(root: string, readsAhead = false): Tree {
  const path = resolve(root)
  try {
    // Only the root itself may be reached through a link: its owner named it.
    return new LocalTree(realPath(path), { readsAhead })
  } catch (error) {
    const code = error instanceof Error && 'code' in error ? error.code : ''
    const hint = 'Name a data root with --root DIR.'
    if (code === 'ENOENT' || code === 'ENOTDIR') throw new RootError(`There is no directory ${path}.`, hint)
    if (code === 'EACCES' || code === 'EPERM') throw denied(path)
    throw new RootError(`${path} cannot be read: ${code || String(error)}.`, hint)
  }
}

/** Whether a root can be opened and listed at all, and is one that is known here. */
export function canRead(root: string): boolean {
  try {
    layoutOf(new Source(openRoot(root), root, [], { onFile: () => true }))
    return true
  } catch {
    return false
  }
}

/** Reads the roots into the collector, each after those that it needs; false where the scan was cancelled meanwhile. */
export function readRoots(collector: Collector, jobs: readonly Job[], events: ScanEvents): boolean {
  const neighbours: NamespaceStore[] = []
  return [...jobs]
    .sort((a, b) => Number(isReadLast(a)) - Number(isReadLast(b)))
    .every((job) => readRoot(collector, job, neighbours, events))
}

function isReadLast({ tree, path }: { tree: Tree; path: string }): boolean {
  try {
    return layoutOf(new Source(tree, path, [], { onFile: () => true })).readLast
  } catch {
    // It fails again, and is told of, when it is read.
    return false
  }
}

/** Reads one root into the collector; false where the scan was cancelled meanwhile. */
function readRoot(collector: Collector, job: Job, neighbours: NamespaceStore[], events: ScanEvents): boolean {
  const { tree, path } = job
  const source = openSource(collector.findings, job, events)
  try {
    layoutOf(source).read(source, collector, fileSystemOf(tree), neighbours)
    return true
  } catch (error) {
    if (error instanceof Cancelled) {
      reportCancelled(source)
      return false
    }
    if (error instanceof TreeError && error.path === '') {
      if (error.code === 'denied') throw denied(path)
      throw new RootError(`${path} ${error.message}.`, 'Name a data root with --root DIR.')
    }
    if (error instanceof UnknownLayout)
      throw new RootError(
        error.isEmpty ? `${path} is empty: no engine has written here yet.` : `${path} ${error.message}.`,
        'A Docker data root has directories such as image, containers, volumes and overlay2; name it with --root DIR.',
      )
    throw error
  }
}

export function openSource(findings: Finding[], { tree, path, walk }: Job, events: ScanEvents): Source {
  const locks = tree instanceof ArchiveTree ? new LockTable(null) : LockTable.read()
  return new Source(tree, path, findings, {
    isLocked: (file) => (liesAt(tree, file, 'file') ? locks.isLocked(`${tree.location}/${file}`) : null),
    onFile(count) {
      if (count === FILES_WORTH_A_HELPER) walk?.beginAside()
      return (
        count % REPORT_EVERY_FILES !== 0 ||
        events.onProgress({ phase: 'reading', root: path, files: count, diskBytes: 0 })
      )
    },
  })
}

export const reportCancelled = (source: Source): void =>
  source.report({
    code: 'scan-cancelled',
    message: `The scan of ${source.root} was cancelled; what was read until then is shown.`,
  })
