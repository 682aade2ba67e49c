import { type SnapshotKind, snapshotterKind } from './snapshotter-kinds.ts'

/** Where one containerd keeps its state; `base` is empty for its own root, `containerd/daemon/` inside a Docker root. */
export interface ContainerdPlaces {
  readonly base: string
  readonly meta: string
  readonly content: string
  readonly ingest: string
  readonly tasks: string
  /** What the plugin for Kubernetes keeps of its containers and sandboxes. */
  readonly cri: string
}

/** The place of the containerd that dockerd starts, inside Docker's root. */
export const DOCKER_BASE = 'containerd/daemon/'

const SNAPSHOTTER = 'io.containerd.snapshotter.v1.'

export const containerdPlaces = (base: string): ContainerdPlaces => ({
  base,
  meta: `${base}io.containerd.metadata.v1.bolt/meta.db`,
  content: `${base}io.containerd.content.v1.content/blobs`,
  ingest: `${base}io.containerd.content.v1.content/ingest`,
  tasks: `${base}io.containerd.runtime.v2.task`,
  cri: `${base}io.containerd.grpc.v1.cri`,
})

export const snapshotterPath = (base: string, name: string): string => `${base}${SNAPSHOTTER}${name}`

/** The snapshotter that a directory of the root belongs to; null for other directories. */
export const snapshotterOf = (name: string): string | null =>
  name.startsWith(SNAPSHOTTER) ? name.slice(SNAPSHOTTER.length) : null

/** The base of the containerd that a store's path lies in. */
export const baseOf = (storePath: string): string =>
  storePath.slice(0, Math.max(0, storePath.lastIndexOf('/') + 1))

/** The directories of a container's own files: that of its task, and what is kept of it for Kubernetes. */
export function containerDirectories(
  store: { path: string; namespace: string | null },
  id: string,
): string[] {
  const { tasks, cri } = containerdPlaces(baseOf(store.path))
  return [`${tasks}/${store.namespace}/${id}`, `${cri}/containers/${id}`, `${cri}/sandboxes/${id}`]
}

/** The directory of one snapshot; `snapshotter` is the path of its snapshotter. */
export function snapshotDirectory(snapshotter: string, id: number, kind: SnapshotKind): string {
  const name = snapshotterOf(snapshotter.slice(baseOf(snapshotter).length)) ?? ''
  return `${snapshotter}/${snapshotterKind(name).home(kind)}/${id}`
}

/** The directories of a snapshotter in which each entry is a snapshot. */
export const snapshotHomes = ({ path, driver }: { path: string; driver: string }): string[] =>
  snapshotterKind(driver).homes.map((home) => `${path}/${home}`)

/** The snapshot's own files; null where they cannot be seen. */
export function snapshotFiles(driver: string, directory: string): string | null {
  const { files } = snapshotterKind(driver)
  return files === null ? null : files === '' ? directory : `${directory}/${files}`
}

/** The file of a blob; null for what is no digest. */
export function blobPath(places: ContainerdPlaces, digest: string): string | null {
  const match = /^([a-z0-9+._-]+):([a-f0-9]{32,128})$/.exec(digest)
  return match === null ? null : `${places.content}/${match[1]}/${match[2]}`
}
