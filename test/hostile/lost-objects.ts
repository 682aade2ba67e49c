import type { Report } from '../../src/report/schema.ts'
import { isAbove } from './damages.ts'

/** What an object of a report is by itself, whatever becomes of others. */
interface Known {
  readonly key: string
  readonly store: string
  readonly evidence: readonly string[]
  readonly refersTo: readonly string[]
  readonly says: unknown
}

/**
 * The objects of a healthy report whose own files were not touched, that refer to nothing touched, and that are gone from
 * the damaged report or say something else there of themselves.
 */
export function lostObjects(healthy: Report, damaged: Report, touched: readonly string[]): string[] {
  const before = objectsOf(healthy)
  const after = new Map(objectsOf(damaged).map((object) => [object.key, JSON.stringify(object.says)]))
  const isHit = (object: Known): boolean =>
    object.evidence.some((path) => touched.some((hit) => isAbove(hit, path) || isAbove(path, hit)))
  // Where the directory of a whole store is gone, what belonged to it belongs to none.
  const gone = new Set(
    healthy.stores.filter(({ path }) => touched.some((hit) => isAbove(hit, path))).map(({ id }) => id),
  )
  const hit = new Set(
    before.filter((object) => isHit(object) || gone.has(object.store)).map(({ key }) => key),
  )
  for (let size = -1; size !== hit.size; ) {
    size = hit.size
    for (const { key, refersTo } of before) if (refersTo.some((other) => hit.has(other))) hit.add(key)
  }
  for (const key of containersOwn(damaged, touched)) hit.add(key)
  return before
    .filter(({ key }) => !hit.has(key))
    .filter(({ key, says }) => after.get(key) !== JSON.stringify(says))
    .map(({ key, says }) => `${key}: ${JSON.stringify(says)} became ${after.get(key)}`)
}

/**
 * Layers that a damaged `containers.json` calls a container's own, such as one that changed places with `images.json`:
 * nothing else tells which they are.
 */
const containersOwn = ({ containers }: Report, touched: readonly string[]): string[] =>
  containers
    .filter(({ evidence }) =>
      evidence.some((path) => /-containers\/containers\.json$/.test(path) && touched.includes(path)),
    )
    .flatMap(({ store, mountId }) => [`layer ${store} ${mountId}`])

function objectsOf(report: Report): Known[] {
  const containerd = new Set(
    report.stores.filter(({ layout }) => layout === 'containerd').map(({ id }) => id),
  )
  // What an image and its layers are is told there by several blobs that all images may share.
  const blobs = (store: string): string[] =>
    containerd.has(store)
      ? ['io.containerd.content.v1.content', 'containerd/daemon/io.containerd.content.v1.content']
      : []
  const layer = (store: string, id: string | null): string[] => (id === null ? [] : [`layer ${store} ${id}`])
  return [
    ...report.layers.map(({ id, store, parent, diffId, cacheId, path, depth, size, evidence }) => ({
      key: `layer ${store} ${id}`,
      store,
      // The parent of a legacy layer has a file of its own since 1.8.
      evidence: [...evidence, ...(path === null ? [] : [path]), `graph/${id}`],
      refersTo: layer(store, parent),
      says: {
        parent,
        diffId: containerd.has(store) ? null : diffId,
        cacheId,
        path,
        depth,
        content: size.content,
      },
    })),
    ...report.images.map(({ id, store, created, os, architecture, layers, history, labels, evidence }) => ({
      key: `image ${store} ${id}`,
      store,
      evidence: [...evidence, ...blobs(store)],
      refersTo: layers.flatMap((each) => layer(store, each)),
      says: { created, os, architecture, layers, labels, history: history.length },
    })),
    ...report.containers.map(({ id, store, name, image, state, created, baseLayer, volumes, evidence }) => ({
      key: `container ${store} ${id}`,
      store: store ?? '',
      evidence,
      refersTo:
        store === null
          ? []
          : [...layer(store, baseLayer), ...(image === null ? [] : [`image ${store} ${image}`])],
      says: { name, image, state, created, baseLayer, volumes },
    })),
    ...report.volumes.map(({ root, name, path, driver, size, evidence }) => ({
      key: `volume ${root} ${name}`,
      store: '',
      evidence: path === null ? evidence : [...evidence, path],
      refersTo: [],
      says: { driver, path, content: size.content },
    })),
    ...report.cacheRecords.map(({ id, store, type, description, parents, evidence }) => ({
      key: `cache ${store} ${id}`,
      store,
      evidence,
      refersTo: parents.map((parent) => `cache ${store} ${parent}`),
      says: { type, description, parents },
    })),
  ]
}
