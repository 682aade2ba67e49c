import type { HistoryStep, Image, Layer, Store } from '../../model/model.ts'
import type { Collector } from '../collector.ts'
import { type References, readRepositories, reportDanglingReferences } from '../docker/references.ts'
import type { Driver } from '../drivers/driver.ts'
import { visitParentsFirst } from '../parents-first.ts'
import type { Source } from '../source.ts'
import { type GraphRecord, readGraphRecords } from './images.ts'

const NO_NAMES: References = { tags: [], digests: [] }

/**
 * Reads the image store of Docker 0.1 to 1.9: every directory of `graph/` is an image and its own layer.
 * `driver` is null up to 0.6, where the files lie in the graph itself.
 */
export function readGraphStore(
  source: Source,
  collector: Collector,
  store: Store,
  at: { repositories: string; driver: Driver | null },
): void {
  const records = readGraphRecords(source, at.driver)
  const byId = new Map(records.map((record) => [record.id, record]))
  const chains = followParents(source, byId)
  for (const record of records) collector.layers.push(layerOf(record, store))
  readTemporary(source, collector, store, at.driver)

  // Names are read last: a tag that a running engine adds meanwhile leads to an image that was seen.
  const repositories = readRepositories(source, at.repositories, 'tags')
  if (repositories.byImage === null) collector.storesWithoutNames.push(store.id)
  const listed = records.filter((record) => record.hasLayer && record.idMatches)
  reportDanglingReferences(source, at.repositories, repositories, new Set(listed.map((record) => record.id)))
  // Every image has the steps of those below it: thousands of images would make millions of copies.
  const steps = new Map(records.map((record) => [record.id, stepOf(record)]))
  for (const record of records) {
    const layers = (chains.get(record.id) ?? [record]).map(({ id }) => id)
    const history = layers.flatMap((id) => steps.get(id) ?? [])
    const names = repositories.byImage?.get(record.id) ?? NO_NAMES
    collector.images.push({ ...imageOf(record, store, names), layers, history })
  }
}

/** The chain of each image, base first; it ends where a parent cannot be loaded, as the engine's own sums do. */
function followParents(source: Source, byId: ReadonlyMap<string, GraphRecord>): Map<string, GraphRecord[]> {
  const chains = new Map<string, GraphRecord[]>()
  visitParentsFirst(
    byId,
    (record) => {
      const parent = byId.get(record.parent ?? '')
      if (record.parent !== null && parent === undefined) reportMissingParent(source, record)
      // An ancestor that the engine cannot load ends its sum (graph.go, walkHistory and getParentsSize).
      const below = parent?.hasLayer === true && parent.idMatches ? chains.get(parent.id) : undefined
      chains.set(record.id, [...(below ?? []), record])
    },
    ([first]) => reportCycle(source, first?.id ?? ''),
  )
  return chains
}

function reportCycle(source: Source, id: string): void {
  source.report({
    code: 'layer-cycle',
    subject: { kind: 'image', id },
    path: `graph/${id}/json`,
    message: `The parents of image ${id} run in a circle. The engine never ends when it follows them.`,
  })
}

function reportMissingParent(source: Source, record: GraphRecord): void {
  source.report({
    code: 'layer-parent-missing',
    subject: { kind: 'image', id: record.id },
    path: `graph/${record.id}`,
    message: `Image ${record.id} stands on ${record.parent}, which is not in the graph. The chain is broken here: the size that the engine shows stops at this layer, and docker history and docker run fail.`,
  })
}

const layerOf = (record: GraphRecord, store: Store): Layer => ({
  store: store.id,
  id: record.id,
  parent: record.parent,
  diffId: null,
  cacheId: record.id,
  path: record.layerPath,
  recordedBytes: record.recordedBytes,
  loaded: record.hasLayer && record.idMatches,
})

const stepOf = ({ created, createdBy, comment, id }: GraphRecord): HistoryStep => ({
  created,
  createdBy,
  comment,
  emptyLayer: false,
  layer: id,
})

function imageOf(record: GraphRecord, store: Store, names: References): Omit<Image, 'layers' | 'history'> {
  return {
    store: store.id,
    id: record.id,
    tags: names.tags,
    digests: names.digests,
    created: record.created,
    os: record.os,
    architecture: record.architecture,
    variant: null,
    author: record.author,
    dockerVersion: record.dockerVersion,
    parent: record.parent,
    lastUpdated: null,
    labels: record.labels,
    config: record.config,
    loaded: record.hasLayer && record.idMatches,
  }
}

/** `_tmp` (before 0.6 `:tmp:`) holds half-done pulls and deletes; empty directories in it are normal. */
function readTemporary(source: Source, collector: Collector, store: Store, driver: Driver | null): void {
  for (const name of ['_tmp', ':tmp:'])
    for (const entry of source.list(`graph/${name}`)) {
      const path = `graph/${name}/${entry.name}`
      if (entry.name === '_dockerinit' || entry.kind !== 'directory' || source.list(path).length === 0)
        continue
      collector.leftovers.push({
        root: source.root,
        store: store.id,
        kind: 'leftover',
        path,
        reason: 'a pull, a build or a delete that did not end left it behind',
        dataPaths: driver === null ? [] : [driver.directory(entry.name)],
      })
      source.report({
        code: 'leftover-temporary',
        path,
        message: `${path} is what a pull, a build or a delete left behind that did not end; no image uses it.`,
      })
    }
}
