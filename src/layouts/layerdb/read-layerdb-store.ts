import type { Layer, Store } from '../../model/model.ts'
import type { RecordFiles } from '../../tree/read-batch.ts'
import type { Entry } from '../../tree/tree.ts'
import type { Collector } from '../collector.ts'
import { type References, readRepositories, reportDanglingReferences } from '../docker/references.ts'
import type { Driver } from '../drivers/driver.ts'
import type { Source } from '../source.ts'
import { ChainArithmetic, checkChains } from './chains.ts'
import { metadataFiles, readImages } from './images.ts'
import { type MountRecord, readMounts } from './mounts.ts'
import { type LayerRecord, layerFiles, type RemovingRecord, readLayerRecords, TAR_SPLIT } from './records.ts'

const NO_NAMES: References = { tags: [], digests: [] }

/** What the rest of a Docker root needs to know of a content-addressed store. */
export interface LayerdbStore {
  readonly store: Store
  readonly driver: Driver
  /** What lies in the driver's own directory, by name. */
  readonly present: ReadonlyMap<string, Entry>
  /** False where the driver's own directory cannot be listed: nothing is known to be missing from it. */
  readonly presentKnown: boolean
  readonly layers: ReadonlyMap<string, Layer>
  readonly mounts: ReadonlyMap<string, MountRecord>
  /** The chain IDs that were computed already, until the images are read. */
  readonly arithmetic: ChainArithmetic
}

/** Reads the layers and mounts of `image/<driver>`: the things that records own, before the records that own them. */
export function readLayers(source: Source, collector: Collector, store: Store, driver: Driver): LayerdbStore {
  const layerdb = `${store.path}/layerdb`
  const [home = driver.name] = driver.homes
  const entries = source.listIfSeen(home)
  const present = new Map(entries?.map((entry) => [entry.name, entry]))
  const presentKnown = entries !== null
  const recorded = source.list(`${layerdb}/sha256`)
  source.tree.expect?.([layerFiles(layerdb, recorded)])
  const { layers: records, removing } = readLayerRecords(source, layerdb, home, recorded)
  const byId = new Map(records.map((record) => [record.id, record]))
  const arithmetic = new ChainArithmetic()
  const loadable = checkChains(source, layerdb, byId, arithmetic)
  const layers = new Map<string, Layer>()
  for (const record of records) {
    const layer = layerOf(record, store, driver, presentKnown ? present : null, loadable)
    layers.set(layer.id, layer)
    collector.layers.push(layer)
    if (layer.cacheId !== null && layer.path === null && driver.files(layer.cacheId) !== null)
      reportMissingData(source, layer, driver)
    checkTarSplit(source, layerdb, layer, record.tarSplitBytes, driver)
  }
  reportSharedData(source, layerdb, layers.values(), driver)
  for (const record of removing) noteRemoving(source, collector, store, driver, layerdb, record)
  readTransactions(source, collector, store, layerdb)
  const mounts = readMounts(source, layerdb, home)
  return { store, driver, present, presentKnown, layers, mounts, arithmetic }
}

/** The files of images that will be read. */
export const imageFiles = (source: Source, { store }: LayerdbStore): RecordFiles =>
  metadataFiles(`${store.path}/imagedb`, source.list(`${store.path}/imagedb/metadata/sha256`))

/** Reads the images of `image/<driver>` and their names. */
export function readImageStore(
  source: Source,
  collector: Collector,
  { store, driver, layers, arithmetic }: LayerdbStore,
): void {
  const { images } = readImages(source, {
    imagedb: `${store.path}/imagedb`,
    store: store.id,
    system: driver.name === 'windowsfilter' ? 'windows' : 'linux',
    isLoadable: (layer) => layers.get(layer)?.loaded === true,
    arithmetic,
  })
  arithmetic.forget()
  const path = `${store.path}/repositories.json`
  const repositories = readRepositories(source, path, 'references')
  if (repositories.byImage === null) collector.storesWithoutNames.push(store.id)
  const listed = new Set(images.filter((image) => image.loaded).map((image) => image.id))
  reportDanglingReferences(source, path, repositories, listed)
  for (const image of images)
    collector.images.push({ ...image, ...(repositories.byImage?.get(image.id) ?? NO_NAMES) })
}

const layerOf = (
  record: LayerRecord,
  store: Store,
  driver: Driver,
  present: ReadonlyMap<string, Entry> | null,
  loadable: ReadonlySet<string>,
): Layer => {
  const { id, parent, diffId, recordedBytes } = record
  const found = record.cacheId === null ? undefined : present?.get(record.cacheId)
  const cacheId = found?.name ?? record.cacheId
  return {
    store: store.id,
    id,
    parent,
    diffId,
    cacheId,
    path: cacheId !== null && (present === null || found !== undefined) ? driver.directory(cacheId) : null,
    recordedBytes,
    loaded: loadable.has(id),
  }
}

/** dockerd lists such an image with its full size; only running or saving it fails. */
function reportMissingData(source: Source, layer: Layer, driver: Driver): void {
  const directory = driver.directory(layer.cacheId ?? '')
  source.report({
    code: 'layer-data-missing',
    subject: { kind: 'layer', id: layer.id },
    path: directory,
    message: `The files of layer ${layer.id} are gone: ${directory} does not exist. The engine does not notice; it lists the images on this layer with their full size, and running or saving them fails.`,
    hint: 'Remove the images that use this layer and pull or build them again.',
  })
}

/** Every layer has a directory of its own: of two that name one, at least one record was altered. */
function reportSharedData(source: Source, layerdb: string, layers: Iterable<Layer>, driver: Driver): void {
  const first = new Map<string, Layer>()
  const sharing = new Map<string, Layer[]>()
  for (const layer of layers) {
    if (layer.cacheId === null) continue
    const other = first.get(layer.cacheId)
    if (other === undefined) first.set(layer.cacheId, layer)
    else sharing.set(layer.cacheId, [...(sharing.get(layer.cacheId) ?? [other]), layer])
  }
  for (const [cacheId, [owner, ...others]] of sharing)
    if (owner !== undefined)
      source.report({
        code: 'layer-data-shared',
        subject: { kind: 'layer', id: owner.id },
        path: `${layerdb}/sha256/${owner.id.slice(7)}/cache-id`,
        message: `The layers ${[owner, ...others].map(({ id }) => id).join(' and ')} name the same directory, ${driver.directory(cacheId)}: at most one of them has its own files there. Removing one deletes the files of the other.`,
        hint: 'Remove none of them before the right cache-id is restored; verify --deep tells whose files they are.',
      })
}

/** Without its tar-split a layer works, but cannot be saved, pushed or committed on. */
function checkTarSplit(
  source: Source,
  layerdb: string,
  layer: Layer,
  tarSplitBytes: number | null,
  driver: Driver,
): void {
  if (!layer.loaded || driver.name === 'windowsfilter' || (tarSplitBytes ?? 0) > 0) return
  const path = `${layerdb}/sha256/${layer.id.slice(7)}/${TAR_SPLIT}`
  const stat = source.stat(path)
  source.report({
    code: 'tar-split-damaged',
    subject: { kind: 'layer', id: layer.id },
    path,
    message: `The file list of layer ${layer.id} (tar-split.json.gz) ${stat === null ? 'is missing' : stat.kind === 'file' ? 'is empty' : `is a ${stat.kind}`}. Containers run, but docker save, push and commit of images on this layer fail.`,
  })
}

function noteRemoving(
  source: Source,
  collector: Collector,
  store: Store,
  driver: Driver,
  layerdb: string,
  record: RemovingRecord,
): void {
  const path = `${layerdb}/sha256/${record.name}`
  const data = record.cacheId === null ? [] : [driver.directory(record.cacheId)]
  collector.leftovers.push({
    root: source.root,
    store: store.id,
    kind: 'leftover',
    path,
    reason: 'the removal of this layer began and did not end; the engine tries again when it starts',
    dataPaths: data,
  })
  source.report({
    code: 'layer-removing',
    path,
    message: `The removal of layer sha256:${record.name.slice(0, 64)} began and did not end${data.length > 0 ? ` (its files are in ${data.join()})` : ''}. The engine tries again when it starts.`,
  })
}

/** Transactions that a crash left in `layerdb/tmp`, and temporary files of atomic writes; the engine keeps them. */
function readTransactions(source: Source, collector: Collector, store: Store, layerdb: string): void {
  const leftover = (path: string, reason: string): void => {
    collector.leftovers.push({
      root: source.root,
      store: store.id,
      kind: 'leftover',
      path,
      reason,
      dataPaths: [],
    })
    source.report({
      code: 'leftover-temporary',
      path,
      message: `${path}: ${reason}. The engine never removes it by itself.`,
    })
  }
  for (const entry of source.list(`${layerdb}/tmp`))
    leftover(`${layerdb}/tmp/${entry.name}`, 'a layer that was being registered when the engine stopped')
  for (const directory of [store.path, `${store.path}/imagedb/content/sha256`])
    for (const entry of source.list(directory))
      if (entry.name.startsWith('.tmp-'))
        leftover(`${directory}/${entry.name}`, 'a write that did not end left it behind')
}
