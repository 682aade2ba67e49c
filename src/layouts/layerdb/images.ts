import { type JsonObject, textOrNull } from '../../formats/fields.ts'
import { parseRfc3339 } from '../../formats/go-time.ts'
import { SameTexts } from '../../formats/same-texts.ts'
import { sha256Hex } from '../../formats/sha256.ts'
import { type Digest, digestFromHex, hexOf, parseDigest } from '../../model/ids.ts'
import type { HistoryStep, Image } from '../../model/model.ts'
import type { RecordFiles } from '../../tree/read-batch.ts'
import type { Entry } from '../../tree/tree.ts'
import { readConfigFacts, readDiffIds, readHistorySteps } from '../oci-config.ts'
import { parseObject, type Source } from '../source.ts'
import type { ChainArithmetic } from './chains.ts'
import { describeContent } from './records.ts'

/** An image config that verified, before names are joined to it. */
export type UnnamedImage = Omit<Image, 'tags' | 'digests'>

interface ReadImages {
  readonly images: UnnamedImage[]
  /** Ids whose config is there but damaged: their layers have an owner that cannot be read. */
  readonly damaged: string[]
}

const METADATA_FILES = ['parent', 'lastUpdated'] as const

/** The small files of `imagedb/metadata/sha256/<image>`. */
export const metadataFiles = (imagedb: string, entries: readonly Entry[]): RecordFiles => ({
  home: `${imagedb}/metadata/sha256`,
  names: entries.filter(({ kind }) => kind === 'directory').map(({ name }) => name),
  texts: METADATA_FILES,
  lengths: [],
})

/** Reads `imagedb`: every config whose bytes hash to its name, with its chain and its place in the parent tree. */
export function readImages(
  source: Source,
  at: {
    imagedb: string
    store: string
    /** The system of the host, as images name it. */
    system: 'linux' | 'windows'
    isLoadable: (layer: string) => boolean
    arithmetic: ChainArithmetic
  },
): ReadImages {
  const images: UnnamedImage[] = []
  const damaged: string[] = []
  const same = new SameTexts()
  for (const entry of source.list(`${at.imagedb}/content/sha256`)) {
    const id = digestFromHex(entry.name)
    if (id === null) continue
    const config = readVerifiedConfig(source, `${at.imagedb}/content/sha256/${entry.name}`, id)
    if (config === null) damaged.push(id)
    else images.push(decodeImage(source, { ...at, id, config, same }))
  }
  const ids = new Set<string>(images.map((image) => image.id))
  return { images: images.map((image) => withKnownParent(image, ids)), damaged }
}

/** A parent that no longer exists is ignored, as the engine does. */
const withKnownParent = (image: UnnamedImage, ids: ReadonlySet<string>): UnnamedImage =>
  image.parent === null || ids.has(image.parent) ? image : { ...image, parent: null }

/** The image ID is the sha256 of these very bytes; dockerd checks it at every read. */
function readVerifiedConfig(source: Source, path: string, id: Digest): JsonObject | null {
  const subject = { kind: 'image', id } as const
  const consequence = 'The engine does not list this image, and its tags lead nowhere.'
  const content = source.bytes(path)
  if (!content.ok) {
    source.reportFailure(content, {
      code: 'image-config-damaged',
      subject,
      path,
      message: `The config of image ${id} ${content.problem}.`,
      engine: consequence,
    })
    return null
  }
  const actual = sha256Hex(content.value)
  if (actual !== hexOf(id)) {
    const blank = content.value.every((byte) => byte === 0)
    const what = blank
      ? describeContent(content.value.toString('latin1').slice(0, 80), '')
      : `was altered: its bytes have sha256 ${actual}`
    source.report({
      code: 'image-config-damaged',
      subject,
      path,
      message: `The config of image ${id} ${what}. ${consequence}`,
      hint: 'Pull or build the image again. Its layers are still there and are not orphans.',
    })
    return null
  }
  const parsed = parseObject(content.value.toString('utf8'))
  if (parsed.ok) return parsed.value
  source.report({
    code: 'image-config-damaged',
    subject,
    path,
    message: `The config of image ${id} ${parsed.problem}. ${consequence}`,
  })
  return null
}

function decodeImage(
  source: Source,
  at: {
    imagedb: string
    store: string
    system: string
    id: Digest
    config: JsonObject
    isLoadable: (layer: string) => boolean
    arithmetic: ChainArithmetic
    same: SameTexts
  },
): UnnamedImage {
  const { id, config } = at
  const diffIds = readDiffIds(config)
  const wellFormed = diffIds.every((diffId) => parseDigest(diffId) !== null)
  const layers = wellFormed ? at.arithmetic.chainOf(diffIds) : []
  const top = layers.at(-1)
  const os = textOrNull(config, 'os')
  const isSupported = os === null || os === '' || os === at.system
  const hasLayers = wellFormed && (top === undefined || at.isLoadable(top))
  if (!isSupported)
    source.report({
      code: 'image-system-unsupported',
      subject: { kind: 'image', id },
      path: `${at.imagedb}/content/sha256/${hexOf(id)}`,
      message: `Image ${id} is made for ${JSON.stringify(os)}. The engine does not list it, and its layers stay on the disk.`,
    })
  if (!hasLayers)
    source.report({
      code: 'image-layer-missing',
      subject: { kind: 'image', id },
      path: `${at.imagedb}/content/sha256/${hexOf(id)}`,
      message: wellFormed
        ? `Image ${id} needs layer ${layers.find((layer) => !at.isLoadable(layer)) ?? top}, which is missing or damaged. The engine does not list this image.`
        : `Image ${id} lists diff IDs that are not digests. The engine does not list this image.`,
      hint: 'Pull or build the image again.',
    })
  const history = readHistorySteps(config, layers, at.same)
  checkHistory(source, at, history, layers)
  return {
    ...readConfigFacts(config),
    store: at.store,
    id,
    layers,
    ...readMetadata(source, at.imagedb, id),
    history,
    loaded: hasLayers && isSupported,
  }
}

function readMetadata(
  source: Source,
  imagedb: string,
  id: Digest,
): { parent: string | null; lastUpdated: string | null } {
  const directory = `${imagedb}/metadata/sha256/${hexOf(id)}`
  const contents = source.texts(directory, METADATA_FILES)
  const read = (file: (typeof METADATA_FILES)[number]): string | null => {
    const content = contents[METADATA_FILES.indexOf(file)]
    if (content?.ok) return content.value.trim()
    if (content !== undefined && content.code !== 'missing')
      source.reportFailure(content, {
        code: 'image-metadata-damaged',
        subject: { kind: 'image', id },
        path: `${directory}/${file}`,
        message: `The file ${file} of image ${id} ${content.problem}.`,
      })
    return null
  }
  const parent = read('parent')
  if (parent !== null && parseDigest(parent) === null)
    source.report({
      code: 'image-metadata-damaged',
      subject: { kind: 'image', id },
      path: `${imagedb}/metadata/sha256/${hexOf(id)}/parent`,
      message: `The file parent of image ${id} ${describeContent(parent, 'a sha256 digest')}. It is unknown which image this one was built on.`,
    })
  const lastUpdated = read('lastUpdated')
  const isTime = lastUpdated !== null && parseRfc3339(lastUpdated) !== null
  if (lastUpdated !== null && !isTime)
    source.report({
      code: 'image-metadata-damaged',
      subject: { kind: 'image', id },
      path: `${imagedb}/metadata/sha256/${hexOf(id)}/lastUpdated`,
      message: `The file lastUpdated of image ${id} ${describeContent(lastUpdated, 'a time')}. It is unknown when the image was last tagged.`,
    })
  return { parent: parent === null ? null : parseDigest(parent), lastUpdated: isTime ? lastUpdated : null }
}

/** Reports a history that cannot be that of the layers. */
function checkHistory(
  source: Source,
  at: { imagedb: string; id: Digest },
  history: readonly HistoryStep[],
  layers: readonly string[],
): void {
  const filled = history.filter(({ emptyLayer }) => !emptyLayer).length
  if (filled > layers.length)
    source.report({
      code: 'image-history-malformed',
      subject: { kind: 'image', id: at.id },
      path: `${at.imagedb}/content/sha256/${hexOf(at.id)}`,
      message: `Image ${at.id} has ${filled} steps that made a layer, but only ${layers.length} layers; which step made which layer cannot be said.`,
    })
}
