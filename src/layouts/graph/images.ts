import { foldCase, integer, type JsonObject, record, text, textOrNull } from '../../formats/fields.ts'
import { isGraphId, isPlainName } from '../../model/ids.ts'
import type { Image } from '../../model/model.ts'
import {
  readContainerConfigCommand,
  readCreated,
  readImageConfig,
  readLabels,
} from '../docker/image-config.ts'
import type { Driver } from '../drivers/driver.ts'
import type { Source } from '../source.ts'

/** One directory of `graph/`: an image and its own layer in one. */
export interface GraphRecord
  extends Pick<
    Image,
    'id' | 'created' | 'os' | 'architecture' | 'author' | 'dockerVersion' | 'labels' | 'config' | 'parent'
  > {
  readonly createdBy: string
  readonly comment: string
  /** `layersize`, or `Size` of the json where that file never existed (before 0.6); null where neither is there. */
  readonly recordedBytes: number | null
  /** The driver has a directory for it: the engine leaves out images without one. */
  readonly hasLayer: boolean
  readonly idMatches: boolean
  readonly layerPath: string | null
}

// Images that came by `docker load` in 1.0 have capitalised keys; Go reads them without regard to case.
const IMAGE_KEYS = [
  'id',
  'parent',
  'parent_id',
  'created',
  'container',
  'container_config',
  'docker_version',
  'author',
  'config',
  'architecture',
  'os',
  'comment',
  'Size',
]

/** Reads every image directory of `graph/`. `driver` is null for layouts up to 0.6, whose files lie in `layer/`. */
export function readGraphRecords(source: Source, driver: Driver | null): GraphRecord[] {
  const present = driver === null ? null : driverIds(source, driver)
  const records: GraphRecord[] = []
  for (const entry of source.list('graph')) {
    if (!isGraphId(entry.name) || entry.kind !== 'directory') continue
    const graphRecord = readGraphRecord(source, entry.name, driver, present)
    if (graphRecord !== null) records.push(graphRecord)
  }
  return records
}

/** The ids that the driver has; null where that cannot be seen offline (zfs, thin devices never activated). */
function driverIds(source: Source, driver: Driver): ReadonlySet<string> | null {
  const [home = ''] = driver.homes
  if (driver.name === 'zfs' || source.stat(home) === null) return null
  return new Set(source.list(home).map((entry) => entry.name))
}

function readGraphRecord(
  source: Source,
  id: string,
  driver: Driver | null,
  present: ReadonlySet<string> | null,
): GraphRecord | null {
  const directory = `graph/${id}`
  const subject = { kind: 'image', id } as const
  const content = source.json(`${directory}/json`)
  if (!content.ok) {
    source.reportFailure(content, {
      code: 'image-config-damaged',
      subject,
      path: `${directory}/json`,
      message: `The json of image ${id} ${content.problem}.`,
      engine: 'The engine leaves this image out, and every image above it has a broken chain.',
    })
    return null
  }
  const json = foldCase(content.value, IMAGE_KEYS)
  const recordedId = text(json, 'id')
  const idMatches = recordedId === '' || recordedId === id
  if (!idMatches)
    source.report({
      code: 'image-config-damaged',
      subject,
      path: `${directory}/json`,
      message: `The json in ${directory} says that its id is ${JSON.stringify(recordedId)}. The engine refuses this image.`,
    })
  const layerPath =
    driver === null ? `${directory}/layer` : driver.files(id) === null ? null : driver.directory(id)
  const hasLayer =
    driver === null ? source.stat(`${directory}/layer`) !== null : present === null || present.has(id)
  if (!hasLayer)
    source.report({
      code: 'layer-data-missing',
      subject,
      path: layerPath ?? directory,
      message: `Image ${id} has metadata, but ${driver?.name ?? 'the graph'} has no layer for it. The engine leaves it out without a word.`,
    })
  const config = record(json, 'config')
  return {
    id,
    parent: effectiveParent(source, directory, json, id),
    created: readCreated(json),
    os: textOrNull(json, 'os'),
    architecture: textOrNull(json, 'architecture'),
    author: text(json, 'author'),
    dockerVersion: text(json, 'docker_version'),
    createdBy: readContainerConfigCommand(json),
    comment: text(json, 'comment'),
    recordedBytes: readLayerSize(source, directory, id, json),
    labels: readLabels(config),
    config: readImageConfig(config),
    hasLayer,
    idMatches,
    layerPath: hasLayer ? layerPath : null,
  }
}

/** The file `parent` wins over the json's `parent`, and that over `parent_id`, which need not exist locally. */
function effectiveParent(source: Source, directory: string, json: JsonObject, id: string): string | null {
  const file = source.text(`${directory}/parent`)
  if (!file.ok && file.code !== 'missing')
    source.reportFailure(file, {
      code: 'image-metadata-damaged',
      subject: { kind: 'image', id },
      path: `${directory}/parent`,
      message: `The file parent of image ${id} ${file.problem}; the parent that its json names is used.`,
    })
  const candidates = [file.ok ? file.value.trim() : '', text(json, 'parent'), text(json, 'parent_id')]
  const parent = candidates.find((candidate) => candidate !== '')?.replace(/^sha256:/, '')
  if (parent === undefined) return null
  if (isPlainName(parent)) return parent
  source.report({
    code: 'unsafe-name',
    subject: { kind: 'image', id },
    path: `${directory}/json`,
    message: `Image ${id} names its parent ${JSON.stringify(parent)}, which is not an id. It is not followed here.`,
  })
  return null
}

/** `layersize` is decimal text; engines before 0.6 wrote `Size` into the json instead. */
function readLayerSize(source: Source, directory: string, id: string, json: JsonObject): number | null {
  const path = `${directory}/layersize`
  const content = source.text(path)
  if (content.ok && /^\d{1,15}$/.test(content.value.trim())) return Number(content.value.trim())
  if (!content.ok && content.code === 'missing') {
    const size = integer(json, 'Size')
    if (size !== null && size > 0) return size
    source.report({
      code: 'layer-size-unknown',
      subject: { kind: 'layer', id },
      path,
      message: `Layer ${id} has no recorded size. The engine would measure it and write the file when it next needs it; here it is unknown, and sums over it are too small.`,
    })
    return null
  }
  const problem = content.ok
    ? content.value === ''
      ? 'is empty'
      : `does not hold a number: ${JSON.stringify(content.value.slice(0, 80))}`
    : content.problem
  const finding = {
    code: 'layer-damaged',
    subject: { kind: 'layer', id },
    path,
    message: `The layersize of layer ${id} ${problem}; its size is unknown.`,
  } as const
  if (content.ok) source.report(finding)
  else source.reportFailure(content, finding)
  return null
}
