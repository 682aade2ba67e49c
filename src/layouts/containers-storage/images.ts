import {
  isObject,
  type JsonObject,
  list,
  record,
  text,
  textMap,
  textOrNull,
  texts,
} from '../../formats/fields.ts'
import { SameTexts } from '../../formats/same-texts.ts'
import { sha256Hex } from '../../formats/sha256.ts'
import { isHex64, isPlainName } from '../../model/ids.ts'
import type { Image } from '../../model/model.ts'
import { readConfigFacts, readHistorySteps } from '../oci-config.ts'
import { parseObject, type Source } from '../source.ts'
import type { ReadLayers } from './layers.ts'
import { withParents } from './parents.ts'
import { bigDataFile, type StorePlaces } from './places.ts'
import { readRecordFile } from './records.ts'

/** The images of a store, and the name of each that stands last in its record. */
export interface ReadImages {
  readonly images: readonly Image[]
  readonly lastNames: ReadonlyMap<string, string>
}

/** Reads `images.json` with the configs beside it; lists of images (manifest lists) have no config and no layer. */
export function readImages(
  source: Source,
  places: StorePlaces,
  at: { store: string; read: ReadLayers; listsHold: boolean },
): ReadImages {
  const path = `${places.images}/images.json`
  const records = readRecordFile(source, { path, code: 'image-record-damaged', what: 'images' })
  const listed = at.listsHold ? digestsInLists(source, places, records) : new Set<string>()
  const same = new SameTexts()
  const isListed = (json: JsonObject): boolean => manifestsOf(json).some((digest) => listed.has(digest))
  return {
    images: withParents(
      records.map((json) => ({
        ...decodeImage(source, places, { ...at, same }, json),
        isListed: isListed(json),
      })),
      (layer) => at.read.layers.get(layer)?.parent ?? null,
    ),
    lastNames: new Map(records.map((json) => [text(json, 'id'), texts(json, 'names').at(-1) ?? ''])),
  }
}

/** The manifests that lists of images name: such an image has a `manifest` of its own, and no layer. */
function digestsInLists(source: Source, places: StorePlaces, records: readonly JsonObject[]): Set<string> {
  const digests = new Set<string>()
  for (const json of records) {
    const id = text(json, 'id')
    if (textOrNull(json, 'layer') !== null || !texts(json, 'big-data-names').includes('manifest')) continue
    const manifest = isPlainName(id) ? source.json(`${places.images}/${id}/manifest`) : null
    if (manifest?.ok === true)
      for (const member of list(manifest.value, 'manifests').filter(isObject))
        digests.add(text(member, 'digest'))
  }
  return digests
}

/** The digests that the manifests of an image have or had. */
function manifestsOf(json: JsonObject): string[] {
  const main = text(json, 'digest')
  const others = [...textMap(json, 'big-data-digests')].filter(([key]) => key.startsWith('manifest'))
  return [...(main === '' ? [] : [main]), ...others.map(([, digest]) => digest)]
}

function decodeImage(
  source: Source,
  places: StorePlaces,
  at: { store: string; read: ReadLayers; same: SameTexts },
  json: JsonObject,
): Image {
  const id = text(json, 'id')
  const top = textOrNull(json, 'layer')
  const loaded = top === null || at.read.usable.has(top)
  if (!loaded) reportMissingLayer(source, places, id, top)
  const layers = top === null ? [] : chainTo(at.read, top)
  const mapped = texts(json, 'mapped-layers').flatMap((layer) => chainTo(at.read, layer))
  const otherLayers = [...new Set(mapped)].filter((layer) => !layers.includes(layer))
  const names = texts(json, 'names')
  const config = readConfig(source, places, id, json)
  const facts = readConfigFacts(config)
  return {
    ...facts,
    store: at.store,
    id,
    tags: [...names].filter((name) => !name.includes('@')).sort(),
    digests: digestsOf(json, names),
    created: facts.created ?? textOrNull(json, 'created'),
    layers,
    parent: null,
    lastUpdated: null,
    history: readHistorySteps(config, layers, at.same),
    loaded,
    engineBytes: sizeOf(at.read, [...layers, ...otherLayers], json),
    otherLayers,
  }
}

/** Base first; it ends early where a parent is missing. */
function chainTo({ layers }: ReadLayers, top: string): string[] {
  const chain = new Set<string>()
  let layer = layers.get(top)
  while (layer !== undefined && !chain.has(layer.id)) {
    chain.add(layer.id)
    layer = layer.parent === null ? undefined : layers.get(layer.parent)
  }
  return [...chain].reverse()
}

/** Layers once, and the image's own files: configs, manifests, signatures. */
function sizeOf({ layers }: ReadLayers, chain: readonly string[], json: JsonObject): number {
  const sizes = Object.values(record(json, 'big-data-sizes'))
  const ownBytes = sizes.reduce<number>((sum, size) => sum + (typeof size === 'number' ? size : 0), 0)
  return chain.reduce((sum, layer) => sum + (layers.get(layer)?.tarBytes ?? 0), ownBytes)
}

/** Every repository that names the image, with each digest that one of its manifests has or had. */
function digestsOf(json: JsonObject, names: readonly string[]): string[] {
  const digests = new Set(manifestsOf(json))
  const repositories = names.map((name) => name.replace(/@.*$/, '').replace(/:[^:/]*$/, ''))
  return [
    ...new Set(repositories.flatMap((name) => [...digests].map((digest) => `${name}@${digest}`))),
  ].sort()
}

function reportMissingLayer(source: Source, places: StorePlaces, id: string, top: string | null): void {
  source.report({
    code: 'image-layer-missing',
    subject: { kind: 'image', id },
    path: `${places.images}/images.json`,
    message: `Image ${id} needs layer ${top}, which is missing, incomplete or stands on one that is. The engine cannot use this image, and fails for whole lists that hold it.`,
    hint: 'Remove the image by force and pull or build it again.',
  })
}

/** The config is big data under its own digest, which is the image's id unless the id was chosen by hand. */
function readConfig(source: Source, places: StorePlaces, id: string, json: JsonObject): JsonObject {
  const keys = texts(json, 'big-data-names')
  const key = keys.find((name) => name === `sha256:${id}`) ?? keys.find(isConfigKey)
  const file = key === undefined ? null : bigDataFile(key)
  if (key === undefined || file === null || !isPlainName(id)) return {}
  const path = `${places.images}/${id}/${file}`
  const damaged = (problem: string): JsonObject => {
    source.report({
      code: 'image-config-damaged',
      subject: { kind: 'image', id },
      path,
      message: `The config of image ${id} ${problem}: its history, platform and labels are unknown. The engine lists the image and cannot run it.`,
      hint: 'Pull or build the image again. Its layers are still there and are not orphans.',
    })
    return {}
  }
  const content = source.bytes(path)
  if (!content.ok) return damaged(content.problem)
  const actual = sha256Hex(content.value)
  if (key.startsWith('sha256:') && actual !== key.slice(7))
    return damaged(`was altered: its bytes have sha256 ${actual}`)
  const parsed = parseObject(content.value.toString('utf8'))
  return parsed.ok && isObject(parsed.value) ? parsed.value : damaged(parsed.ok ? '' : parsed.problem)
}

const isConfigKey = (key: string): boolean => key.startsWith('sha256:') && isHex64(key.slice(7))
