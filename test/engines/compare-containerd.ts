import type { Report } from '../../src/report/schema.ts'
import type { Comparison } from '../conformance/compare.ts'
import type { ContainerdEngine } from './containerd-engine.ts'

/** Holds a report against everything that ctr lists, namespace by namespace and snapshotter by snapshotter. */
export function compareWithContainerd(report: Report, engine: ContainerdEngine): Comparison {
  const differences: string[] = []
  let compared = 0
  const equal: Equal = (what, ours, theirs) => {
    compared++
    const [a, b] = [JSON.stringify(ours), JSON.stringify(theirs)]
    if (a !== b) differences.push(`${what}: layerscope ${a}, ctr ${b}`)
  }
  const namespaces = engine.must(['namespace', 'ls', '-q']).split('\n').filter(Boolean)
  for (const namespace of namespaces) {
    compareImages(equal, report, engine, namespace)
    compareContainers(equal, report, engine, namespace)
    for (const snapshotter of engine.snapshotters)
      compareSnapshots(equal, report, engine, namespace, snapshotter)
  }
  const digests = new Set(
    namespaces.flatMap((namespace) =>
      engine.rows(['-n', namespace, 'content', 'ls']).map(([digest]) => digest),
    ),
  )
  const blobs = report.ledger.entries.find(({ category }) => category === 'image-blobs')
  equal('blobs', blobs?.files, digests.size)
  return { compared, differences }
}

type Equal = (what: string, ours: unknown, theirs: unknown) => void

const storesOf = (report: Report, namespace: string): Map<string, string> =>
  new Map(
    report.stores.filter((store) => store.namespace === namespace).map((store) => [store.id, store.driver]),
  )

/** Sizes as ctr prints them: units of 1024, one digit after the point, a tie to the even one. */
function printed(bytes: number): string {
  if (bytes < 1024) return `${bytes.toFixed(1)} B`
  const [unit, scale] = bytes < 2 ** 20 ? ['KiB', 2 ** 10] : ['MiB', 2 ** 20]
  const tenths = (bytes / Number(scale)) * 10
  const isTie = tenths % 1 === 0.5
  return `${((isTie ? 2 * Math.round(tenths / 2) : Math.round(tenths)) / 10).toFixed(1)} ${unit}`
}

function compareImages(equal: Equal, report: Report, engine: ContainerdEngine, namespace: string): void {
  const stores = storesOf(report, namespace)
  const ours = new Map(
    report.images
      .filter((image) => stores.has(image.store))
      .flatMap((image) => [...image.tags, ...image.digests].map((name) => [name, image] as const)),
  )
  const theirs = engine.rows(['-n', namespace, 'image', 'ls'])
  equal(`${namespace} images`, [...ours.keys()].sort(), theirs.map(([name = '']) => name).sort())
  for (const [name = '', , digest, size, unit] of theirs) {
    equal(`${namespace} ${name} digest`, ours.get(name)?.id, digest)
    equal(`${namespace} ${name} size`, printed(ours.get(name)?.size.engine ?? 0), `${size} ${unit}`)
  }
}

function compareContainers(equal: Equal, report: Report, engine: ContainerdEngine, namespace: string): void {
  const stores = storesOf(report, namespace)
  const ours = report.containers.filter(({ store }) => store !== null && stores.has(store))
  const theirs = engine.rows(['-n', namespace, 'container', 'ls'])
  equal(
    `${namespace} containers`,
    ours.map(({ id, imageName }) => [id, imageName]),
    theirs.map(([id, image]) => [id, image]),
  )
}

function compareSnapshots(
  equal: Equal,
  report: Report,
  engine: ContainerdEngine,
  namespace: string,
  snapshotter: string,
): void {
  const snapshot = ['-n', namespace, 'snapshot', '--snapshotter', snapshotter]
  const stores = storesOf(report, namespace)
  const layers = new Map(
    report.layers.filter(({ store }) => stores.get(store) === snapshotter).map((layer) => [layer.id, layer]),
  )
  const writable = new Map(
    report.containers
      .filter(({ store }) => store !== null && stores.get(store) === snapshotter)
      .map((container) => [container.id, container]),
  )
  const theirs = engine.rows([...snapshot, 'ls'])
  equal(
    `${namespace} ${snapshotter} snapshots`,
    [...layers.keys(), ...writable.keys()].sort(),
    theirs.map(([key = '']) => key).sort(),
  )
  for (const [key = '', ...columns] of theirs) {
    const parent = columns.length > 1 ? columns[0] : null
    const layer = layers.get(key)
    if (layer !== undefined) equal(`${namespace} ${snapshotter} ${key} parent`, layer.parent, parent)
    const [, bytes] = engine.rows([...snapshot, 'usage', '-b', key])[0] ?? []
    const own = layer?.size.content ?? writable.get(key)?.size.writable.content
    if (own != null || writable.has(key))
      equal(`${namespace} ${snapshotter} ${key} usage`, own, Number(bytes))
  }
}
