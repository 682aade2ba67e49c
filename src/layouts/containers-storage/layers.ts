import { integer, type JsonObject, record, text, textOrNull } from '../../formats/fields.ts'
import { isPlainName } from '../../model/ids.ts'
import type { Driver } from '../drivers/driver.ts'
import { visitParentsFirst } from '../parents-first.ts'
import type { Source } from '../source.ts'
import { type StorePlaces, tarSplitPath } from './places.ts'
import { readRecordFile } from './records.ts'

/** One layer of `layers.json`, image layers and writable layers alike. */
export interface LayerRecord {
  readonly id: string
  readonly parent: string | null
  readonly diffId: string | null
  /** Bytes of the uncompressed tar; null where unknown, as for writable layers. */
  readonly tarBytes: number | null
  readonly incomplete: boolean
  /** The driver's directory of it, where it is there. */
  readonly path: string | null
}

/** The layers of a store by id, and which of them the engine can use: complete down to the base. */
export interface ReadLayers {
  readonly layers: ReadonlyMap<string, LayerRecord>
  readonly usable: ReadonlySet<string>
  /** Parents that this store does not hold and may not: those of images in an additional store. */
  readonly elsewhere: ReadonlySet<string>
}

/** Reads the layers of a store and checks their chains and that their files are there. */
export function readLayers(source: Source, places: StorePlaces, driver: Driver): ReadLayers {
  const [home = driver.name] = driver.homes
  const present = new Set(source.list(home).map((entry) => entry.name))
  const layers = new Map<string, LayerRecord>()
  for (const file of ['layers.json', 'volatile-layers.json']) {
    const path = `${places.layers}/${file}`
    for (const json of readRecordFile(source, { path, code: 'layer-damaged', what: 'layers' })) {
      const layer = decodeLayer(json, driver, present)
      layers.set(layer.id, layer)
    }
  }
  const elsewhere = findElsewhere(source, places, layers, present)
  const usable = checkChains(source, places, layers, elsewhere)
  for (const layer of layers.values()) checkData(source, places, driver, layer)
  return { layers, usable, elsewhere }
}

function decodeLayer(json: JsonObject, driver: Driver, present: ReadonlySet<string>): LayerRecord {
  const id = text(json, 'id')
  const size = integer(json, 'diff-size')
  const diffId = textOrNull(json, 'diff-digest')
  const parent = text(json, 'parent')
  return {
    id,
    parent: isPlainName(parent) ? parent : null,
    diffId,
    // An empty tar is left out, as Go leaves out zeros.
    tarBytes: size === null ? (diffId === null ? null : 0) : size < 0 ? null : size,
    incomplete: record(json, 'flags')['incomplete'] === true,
    path: present.has(id) ? driver.directory(id) : null,
  }
}

/**
 * Finds the parents that lie in another store, as images of additional, read-only stores do: here is neither a record nor
 * a directory of them, and the link by which overlay calls them is none of this store.
 */
function findElsewhere(
  source: Source,
  places: StorePlaces,
  layers: ReadonlyMap<string, LayerRecord>,
  present: ReadonlySet<string>,
): Set<string> {
  const elsewhere = new Set<string>()
  if (places.driver !== 'overlay') return elsewhere
  for (const layer of layers.values()) {
    const { parent, path } = layer
    if (parent === null || path === null || layers.has(parent) || present.has(parent)) continue
    const lower = source.text(`${path}/lower`)
    const link = lower.ok ? /^l\/([A-Z0-9]{26})(?::|$)/.exec(lower.value.trim())?.[1] : undefined
    if (link === undefined || !source.isMissing(`overlay/l/${link}`)) continue
    if (!elsewhere.has(parent)) reportElsewhere(source, places, layer)
    elsewhere.add(parent)
  }
  return elsewhere
}

const reportElsewhere = (source: Source, places: StorePlaces, layer: LayerRecord): void =>
  source.report({
    code: 'layer-parent-elsewhere',
    subject: { kind: 'layer', id: layer.id },
    path: `${places.layers}/layers.json`,
    message: `Layer ${layer.id} stands on ${layer.parent}, of which nothing is in this store: it lies in an additional image store, or it is lost. Sizes here leave out what lies below.`,
    hint: 'The additional stores are named by additionalimagestores in storage.conf; layerscope reads each as a root of its own.',
  })

/** Follows every layer to its base without recursion; reports missing parents and circles. */
function checkChains(
  source: Source,
  places: StorePlaces,
  layers: ReadonlyMap<string, LayerRecord>,
  elsewhere: ReadonlySet<string>,
): Set<string> {
  const usable = new Set<string>()
  visitParentsFirst(
    layers,
    (layer) => {
      const { parent } = layer
      const isLost = parent !== null && !layers.has(parent) && !elsewhere.has(parent)
      if (isLost) reportMissingParent(source, places, layer)
      else if (!layer.incomplete && (parent === null || usable.has(parent) || elsewhere.has(parent)))
        usable.add(layer.id)
    },
    ([first]) => reportCircle(source, places, first?.id ?? ''),
  )
  return usable
}

const reportCircle = (source: Source, places: StorePlaces, id: string): void =>
  source.report({
    code: 'layer-cycle',
    subject: { kind: 'layer', id },
    path: `${places.layers}/layers.json`,
    message: `The parents of layer ${id} run in a circle: no container on it can be mounted.`,
  })

const reportMissingParent = (source: Source, places: StorePlaces, layer: LayerRecord): void =>
  source.report({
    code: 'layer-parent-missing',
    subject: { kind: 'layer', id: layer.id },
    path: `${places.layers}/layers.json`,
    message: `Layer ${layer.id} stands on ${layer.parent}, which ${places.layers}/layers.json does not list. The chain is broken here; podman fails for every image list that meets it ("layer not known").`,
  })

function checkData(source: Source, places: StorePlaces, driver: Driver, layer: LayerRecord): void {
  const subject = { kind: 'layer', id: layer.id } as const
  const path = driver.directory(layer.id)
  if (layer.incomplete)
    source.report({
      code: 'layer-incomplete',
      subject,
      path,
      message: `Layer ${layer.id} is marked incomplete: its unpacking or its removal began and did not end. The engine removes it when it next opens the store for writing.`,
    })
  if (layer.path === null && driver.files(layer.id) !== null)
    source.report({
      code: 'layer-data-missing',
      subject,
      path,
      message: `The files of layer ${layer.id} are gone: ${path} does not exist. Images on it are still listed with their full size; running or saving them fails.`,
      hint: 'Remove the images that use this layer and pull or build them again.',
    })
  else if (layer.diffId !== null && !layer.incomplete) checkTarSplit(source, places, layer)
}

/** Layers that came as a tar have the list of its entries; those pulled in parts have none. */
function checkTarSplit(source: Source, places: StorePlaces, layer: LayerRecord): void {
  const path = tarSplitPath(places, layer.id)
  const stat = source.stat(path)
  if (stat === null || (stat.kind === 'file' && stat.sizeBytes > 0)) return
  source.report({
    code: 'tar-split-damaged',
    subject: { kind: 'layer', id: layer.id },
    path,
    message: `The file list of layer ${layer.id} is ${stat.kind === 'file' ? 'empty' : `a ${stat.kind}`}. Containers run, but podman save and push of images on this layer fail.`,
  })
}
