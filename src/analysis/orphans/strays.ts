import { snapshotterOf } from '../../layouts/containerd/places.ts'
import { snapshotterKind } from '../../layouts/containerd/snapshotter-kinds.ts'
import type { Store } from '../../model/model.ts'
import type { Stray } from '../../model/places.ts'
import type { Certainty, Orphan } from './orphan.ts'
import { conceals, concealsVolume, isOfStore, mayBeVolume, placesSearched } from './searched.ts'
import type { SearchedRoot } from './searched-root.ts'

/** A sentence where an owner may stand in something that cannot be read; null where nothing of the kind is so. */
export function whyUnknown(searched: SearchedRoot, { path }: Stray): string | null {
  // One whose config cannot be read is known by its directory's name.
  if (path.startsWith('containers/')) return null
  const stores = searched.stores.filter((store) => isOfStore(store, path))
  const mayHide = (at: string): boolean => {
    if (stores.some((store) => conceals(at, path, store)) || concealsVolume(at, path)) return true
    // A containerd without stores: nothing is in it, or its database cannot be read.
    return stores.length === 0 && isContainerdData(path) && at.endsWith('.bolt/meta.db')
  }
  return searched.concealing.find(({ at }) => mayHide(at))?.message ?? whyVolumeUnknown(searched, path)
}

/** Which volumes of old engines are in use, and where their data lies, only the configs of the containers say. */
function whyVolumeUnknown({ catalog, survey }: SearchedRoot, path: string): string | null {
  const container = catalog.model.unreadableContainers.find(({ root }) => root === survey.root)
  if (container === undefined || !mayBeVolume(path)) return null
  return `The config of container ${container.id} cannot be read: it may name this as the data of a volume.`
}

/** What was found of which no record claims anything. */
export function judgeStray(searched: SearchedRoot, stray: Stray): Orphan {
  const store = storeOf(searched, stray.path)
  return searched.orphan({
    path: stray.path,
    store: store?.id ?? null,
    kind: isContainerdData(stray.path) && isCollected(stray.path) ? 'leftover' : 'orphan',
    reason:
      describeStray(stray, store) +
      (mayBeTransient(searched, stray)
        ? '; podman --transient-store ps -a lists containers whose records are in /run alone'
        : ''),
    searched: placesSearched(stray.path, store),
    modifiedMs: stray.modifiedMs,
    certainty: certaintyOf(searched, stray),
  })
}

/** The store whose driver keeps its data where a path lies. */
const storeOf = ({ stores }: SearchedRoot, path: string): Store | null =>
  stores.find((store) => isOfStore(store, path)) ?? null

function certaintyOf(searched: SearchedRoot, stray: Stray): Certainty {
  if (searched.isMounted(stray.path)) return 'in-flux'
  return stray.inDoubt || mayBeTransient(searched, stray) ? 'likely' : 'proven'
}

/** A container of `podman --transient-store` has its files in the store, and all its records in `/run`. */
const mayBeTransient = ({ mayHaveRecordsInRun }: SearchedRoot, { path }: Stray): boolean =>
  mayHaveRecordsInRun && /\/[0-9a-f]{64}$/.test(path)

const isContainerdData = (path: string): boolean =>
  /(^|\/)io\.containerd\.(content|snapshotter)\.v1\./.test(path)

/** Whether containerd removes by itself what no row names there: blobs, and what most snapshotters keep. */
function isCollected(path: string): boolean {
  const snapshotter = path.split('/').flatMap((name) => snapshotterOf(name) ?? [])[0]
  return snapshotter === undefined || snapshotterKind(snapshotter).collectsStrays
}

function describeStray(stray: Stray, store: Store | null): string {
  const name = stray.path.slice(stray.path.lastIndexOf('/') + 1)
  if (isContainerdData(stray.path)) {
    const what = name.startsWith('new-')
      ? 'an unpacking that did not end'
      : 'data that no record of any namespace names'
    return `${what}: containerd ${isCollected(stray.path) ? 'removes it at its next collection' : 'never removes it'}`
  }
  if (stray.path.startsWith('containers/')) return 'a container directory without a config'
  if (stray.path.startsWith('vfs/dir/') && store?.driver !== 'vfs')
    return 'the data of a volume that no record and no container names'
  const what = `a ${stray.kind === 'other' ? 'special file' : stray.kind}`
  if (/-init$/.test(name))
    return `${what} of the kind that lies below a container's writable layer; no container has it`
  if (/^[a-z0-9]{25}$/.test(name))
    return `${what} named as BuildKit names its snapshots; no cache record has it`
  return `${what} that no layer, container or cache record claims`
}
